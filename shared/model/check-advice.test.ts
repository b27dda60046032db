import { describe, expect, it } from 'vitest'
import { adviceOfLink } from './check-advice.ts'
import { type PipelineDocument, parseDocument } from './document.ts'
import { connect } from './edit-dependency.ts'
import { applyPatches } from './patch.ts'
import type { Path } from './source.ts'

const HEAD = 'dagwright: 1\nid: test\n'

/** The text that the problem with this code marks. */
function marked(document: PipelineDocument, code: string): string {
  const range = document.problems.find((problem) => problem.code === code)?.range
  return range ? document.text.slice(range.start.offset, range.end.offset) : `no ${code}`
}

describe('advice', () => {
  const diamond = (rule: string) =>
    parseDocument(`${HEAD}params: {x: {default: b}}
tasks:
  a: {kind: noop, branch: "\${{ params.x }}"}
  b: {kind: noop, needs: [a]}
  c: {kind: noop, needs: [a]}
  d: {kind: noop, needs: [c]}
  join: {kind: noop, needs: [b, d]${rule}}
`)
  it('a join behind a branch that would always be skipped', () => {
    expect(marked(diamond(''), 'JOIN_SKIPPED')).toBe('join')
    expect(diamond(', triggerRule: none_failed_min_one_success').problems).toEqual([])
  })
  it('a join that a condition would skip, and only that', () => {
    const noted = (tasks: string) =>
      parseDocument(`${HEAD}params: {x: {default: true, type: boolean}}\ntasks:\n${tasks}`).problems.map(
        ({ code, severity, task }) => `${severity} ${code} ${task}`,
      )
    const when = 'when: "${{ params.x }}"'
    const chain = `  w: {kind: noop, ${when}}\n  p: {kind: noop, needs: [w]}\n  q: {kind: noop, needs: [w]}\n`
    const other = '  other: {kind: noop}\n'
    // Both ways to it are skipped together: nothing is joined there.
    expect(noted(`${chain}  end: {kind: noop, needs: [p, q]}`)).toEqual([])
    expect(noted(`${chain}${other}  end: {kind: noop, needs: [p, q, other]}`)).toEqual(['info JOIN_MAY_BE_SKIPPED end'])
    for (const rule of ['none_failed_min_one_success', 'all_done', 'one_success'])
      expect(noted(`${chain}${other}  end: {kind: noop, needs: [p, other], triggerRule: ${rule}}`)).toEqual([])
    // On a link of its own: a gate where it is the only one.
    expect(noted(`${other}  end: {kind: noop, needs: [{task: other, ${when}}]}`)).toEqual([])
    expect(noted(`${chain}${other}  end: {kind: noop, needs: [p, {task: other, ${when}}]}`)).toEqual([
      'info JOIN_MAY_BE_SKIPPED end',
    ])
    expect(
      noted(`${other}  gate: {kind: noop, needs: [{task: other, ${when}}]}\n  end: {kind: noop, needs: [gate, other]}`),
    ).toEqual(['info JOIN_MAY_BE_SKIPPED end'])
  })
  it('a join that a link would make is told of before it is drawn, as after it', () => {
    const flow = parseDocument(
      `${HEAD}tasks:
  pick: {kind: noop, branch: "left"}
  left: {kind: noop, needs: [pick]}
  right: {kind: noop, needs: [pick]}
  maybe: {kind: noop, when: "\${{ 1 > 2 }}"}
  join: {kind: noop, needs: [left]}
  after: {kind: noop, needs: [join]}
`,
    )
    const told = ({ code, path }: { readonly code: string; readonly path?: Path }) => `${code} ${path?.[1]}`
    const ids = flow.pipeline!.tasks.map(({ id }) => id)
    let links = 0
    for (const [from, to] of ids.flatMap((one) => ids.map((other) => [one, other] as const))) {
      const patches = connect(flow, from, to)
      if (!patches.ok) continue
      const drawn = parseDocument(applyPatches(flow.text, patches.value)).problems.map(told)
      const before = flow.problems.map(told)
      expect(adviceOfLink(flow.pipeline!, from, to).map(told), `${from} to ${to}`).toEqual(
        drawn.filter((line) => line.startsWith('JOIN') && !before.includes(line)),
      )
      links++
    }
    expect(links).toBeGreaterThan(10)
    expect(adviceOfLink(flow.pipeline!, 'right', 'join').map(told)).toEqual(['JOIN_SKIPPED join'])
  })
  it('two writers of one dataset that may run at once', () => {
    const writers = (needs: string, pool = '') =>
      parseDocument(
        `${HEAD}pools: {p: 1}\ntasks:\n  a: {kind: noop, writes: [t]${pool}}\n  b: {kind: noop, writes: [t], needs: [${needs}]${pool}}`,
      )
    expect(marked(writers(''), 'WRITTEN_AT_ONCE')).toBe('t')
    expect(writers('a').problems.map((found) => found.code)).toEqual(['UNUSED_POOL'])
    expect(writers('', ', pool: p').problems).toEqual([])
  })
  it('unused parameters', () => {
    const document = parseDocument(
      `${HEAD}params: {used: {default: 1, type: integer}, idle: {}}\ntasks: {a: {kind: noop, env: {A: "\${{ params.used }}"}}}`,
    )
    expect(marked(document, 'UNUSED_PARAMETER')).toBe('idle')
  })
})
