import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PipelineDocument, parseDocument } from './document.ts'
import { removeTasks } from './edit-dependency.ts'
import { restoreTask } from './edit-restore.ts'
import { addTask, setTaskField } from './edit-task.ts'
import { applyPatches, type TextPatch } from './patch.ts'
import type { Result } from './problem.ts'
import { randomDocument } from './testing/random-document.testing.ts'

function applied(document: PipelineDocument, edit: Result<readonly TextPatch[]>): PipelineDocument {
  if (!edit.ok) throw new Error(edit.problems[0]!.message)
  return parseDocument(applyPatches(document.text, edit.value))
}

function restored(earlier: PipelineDocument, now: PipelineDocument, id: string): string {
  const result = restoreTask(earlier, now, id)
  if (!result.ok) throw new Error(result.problems[0]!.message)
  return result.value
}

const FLOW = parseDocument(`dagwright: 1
id: flow
tasks:
  a: { kind: noop }
  # what b does
  b:
    kind: shell   # in the shell
    run: echo b
    needs: [a]
  c: { kind: noop, needs: [b] }
groups:
  g: { name: G, tasks: [a, b] }
canvas:
  a: [0, 0]
  b: [400, 0]
`)

describe('restoreTask', () => {
  it('brings back every byte where only the task was removed', () => {
    fc.assert(
      fc.property(randomDocument, fc.nat(), fc.boolean(), ({ text, ids }, pick, heal) => {
        const earlier = parseDocument(text)
        const id = ids[pick % ids.length]!
        const removal = removeTasks(earlier, [id], { heal })
        if (!removal.ok) return
        expect(restored(earlier, applied(earlier, removal), id)).toBe(text)
      }),
      { numRuns: 25 },
    )
  })

  it('leaves alone what was changed since', () => {
    const gone = applied(FLOW, removeTasks(FLOW, ['b'], { heal: false }))
    const changed = applied(gone, setTaskField(gone, 'a', ['owner'], 'me'))
    const grown = applied(changed, addTask(changed, { id: 'd', kind: 'noop', at: [0, 200] }))
    const text = restored(FLOW, grown, 'b')
    expect(text).toContain('  # what b does\n  b:\n    kind: shell   # in the shell\n')
    expect(text).toContain('  a: { kind: noop, owner: me }\n')
    expect(text).toContain('  d: [0, 200]\n')
    const { pipeline, problems } = parseDocument(text)
    expect(pipeline?.tasks.map((task) => task.id)).toEqual(['a', 'b', 'c', 'd'])
    expect(pipeline?.tasks[2]?.needs).toEqual([{ task: 'b', when: null }])
    expect(pipeline?.groups[0]?.tasks).toEqual(['a', 'b'])
    expect(problems).toEqual([])
  })

  it('is not linked to what is gone, too, nor where its neighbour was rewritten', () => {
    const gone = applied(FLOW, removeTasks(FLOW, ['a', 'b'], { heal: false }))
    const changed = applied(gone, setTaskField(gone, 'c', ['owner'], 'me'))
    const { pipeline, problems } = parseDocument(restored(FLOW, changed, 'b'))
    expect(pipeline?.tasks.map(({ id, needs }) => [id, needs])).toEqual([
      ['c', []],
      ['b', []],
    ])
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('is refused where there was no such task', () => {
    expect(restoreTask(FLOW, FLOW, 'nobody')).toMatchObject({ ok: false, problems: [{ code: 'CANNOT_RESTORE' }] })
  })
})
