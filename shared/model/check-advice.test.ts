import { describe, expect, it } from 'vitest'
import { type PipelineDocument, parseDocument } from './document.ts'

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
