import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PipelineDocument, parseDocument } from './document.ts'
import { connect, disconnect, removeTasks, wouldCloseCycle } from './edit-dependency.ts'
import { renameTask } from './edit-rename.ts'
import { addTask, moveTasks, newTaskId, setTaskField } from './edit-task.ts'
import { applyPatches, type TextPatch } from './patch.ts'
import type { Pipeline } from './pipeline.ts'
import { isSameMeaning, type PipelineDifference, pipelineDifference } from './pipeline-difference.ts'
import type { Result } from './problem.ts'
import { randomDocument } from './testing/random-document.testing.ts'
import { unplacedText } from './unplaced-text.ts'

function pipelineOf(text: string): Pipeline {
  return parseDocument(text).pipeline!
}

function read(tasks: string, rest = ''): Pipeline {
  return pipelineOf(`dagwright: 1\nid: p\ntasks:\n${tasks}${rest}`)
}

function after(document: PipelineDocument, result: Result<readonly TextPatch[]>): Pipeline {
  if (!result.ok) throw new Error(result.problems[0]!.message)
  return pipelineOf(applyPatches(document.text, result.value))
}

const names = (difference: PipelineDifference) => difference.tasks.map(({ task, change }) => `${change} ${task}`)

describe('the difference of two versions of a pipeline', () => {
  it('is empty between a version and itself', () => {
    fc.assert(
      fc.property(randomDocument, ({ text }) => {
        const difference = pipelineDifference(pipelineOf(text), pipelineOf(text))
        expect(difference).toEqual({ tasks: [], edges: [], pipeline: [], moved: [] })
      }),
      { numRuns: 60 },
    )
  })

  it('names what one edit did, and the other way round what undoes it', () => {
    fc.assert(
      fc.property(randomDocument, fc.nat(), fc.nat(), fc.nat({ max: 5 }), ({ text, ids }, one, other, which) => {
        const document = parseDocument(text)
        const before = document.pipeline!
        const [id, second] = [ids[one % ids.length]!, ids[other % ids.length]!]
        const compare = (result: Result<readonly TextPatch[]>) => {
          const now = after(document, result)
          return { there: pipelineDifference(before, now), back: pipelineDifference(now, before) }
        }
        if (which === 0) {
          const fresh = newTaskId(before, 'fresh')
          const { there, back } = compare(addTask(document, { id: fresh, kind: 'noop', needs: [id] }))
          expect(there.tasks).toEqual([{ task: fresh, change: 'added', fields: [] }])
          expect(there.edges).toEqual([{ from: id, to: fresh, change: 'added' }])
          expect(back.tasks).toEqual([{ task: fresh, change: 'removed', fields: [] }])
        } else if (which === 1) {
          const { there, back } = compare(removeTasks(document, [id], { heal: false }))
          expect(names(there)).toContain(`removed ${id}`)
          expect(names(back)).toContain(`added ${id}`)
          const touching = before.tasks.flatMap((task) =>
            task.needs.flatMap((need) => (need.task === id || task.id === id ? [`${need.task} ${task.id}`] : [])),
          )
          expect(there.edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(touching.sort())
          expect(there.edges.every(({ change }) => change === 'removed')).toBe(true)
        } else if (which === 2) {
          const fresh = newTaskId(before, 'renamed')
          const { there } = compare(renameTask(document, id, fresh))
          expect(there.edges).toEqual([])
          const own = there.tasks.find(({ task }) => task === fresh)
          expect(own?.change).toBe('changed')
          expect(own?.fields).toContainEqual({ field: 'id', before: id, after: fresh })
          expect(there.tasks.every(({ change }) => change === 'changed')).toBe(true)
        } else if (which === 3) {
          const { there } = compare(setTaskField(document, id, ['docs'], 'quite another text'))
          expect(there.tasks).toHaveLength(1)
          expect(there.tasks[0]).toMatchObject({ task: id, fields: [{ field: 'docs', after: 'quite another text' }] })
          expect(there.edges).toEqual([])
        } else if (which === 4) {
          const { there } = compare(moveTasks(document, new Map([[id, [4321, 1234]]])))
          expect(isSameMeaning(there)).toBe(true)
          expect(there.moved).toEqual([id])
        } else {
          const linked = before.tasks.find((task) => task.id === second)!.needs.some((need) => need.task === id)
          if (!linked && wouldCloseCycle(document, id, second) !== null) return
          const result = linked ? disconnect(document, id, second) : connect(document, id, second)
          const { there } = compare(result)
          expect(there.edges).toEqual([{ from: id, to: second, change: linked ? 'removed' : 'added' }])
          expect(there.tasks.map(({ task, fields }) => [task, fields.map(({ field }) => field)])).toEqual([
            [second, ['needs']],
          ])
        }
      }),
      { numRuns: 120 },
    )
  })

  it('a condition is a change of its edge; what refers to a renamed task has not changed', () => {
    const before = read(
      '  a: { kind: noop }\n  b: { kind: noop, needs: [a], triggerRule: all_done }\n',
      'onFailure: [b]\n',
    )
    const now = read(
      `  start: { kind: noop, aliases: [a] }\n  b: { kind: noop, needs: [{ task: start, when: "\${{ true }}" }], triggerRule: all_done }\n`,
      'onFailure: [b]\n',
    )
    const difference = pipelineDifference(before, now)
    expect(difference.edges).toEqual([{ from: 'start', to: 'b', change: 'changed' }])
    expect(difference.tasks.map(({ task, fields }) => [task, fields.map(({ field }) => field)])).toEqual([
      ['start', ['id']],
      ['b', ['needs']],
    ])
    expect(difference.pipeline).toEqual([])
  })

  it('an alias does not take the task that has come back under the old id', () => {
    const before = read('  a: { kind: noop }\n')
    const now = read('  b: { kind: noop, aliases: [a] }\n  a: { kind: noop }\n')
    expect(names(pipelineDifference(before, now))).toEqual(['added b'])
  })

  it('parameters, groups and notes are told by name; where they stand is not', () => {
    const head = (day: string, text: string, at: string) =>
      `params:\n  day: { type: string, default: ${day} }\ngroups:\n  g: { tasks: [a] }\nnotes:\n  - { id: n, text: ${text}, at: ${at}, size: [200, 100] }\n`
    const before = read('  a: { kind: noop }\n', head('mon', 'one', '[0, 0]'))
    const now = read('  a: { kind: noop }\n', head('tue', 'two', '[9, 9]'))
    expect(pipelineDifference(before, now).pipeline.map(({ field }) => field)).toEqual(['parameter day', 'note n'])
  })

  it('ids that are names of Object properties are ids', () => {
    const before = read('  __proto__: { kind: noop }\n')
    const now = read('  constructor: { kind: noop, needs: [__proto__] }\n  __proto__: { kind: noop }\n')
    expect(pipelineDifference(before, now).edges).toEqual([{ from: '__proto__', to: 'constructor', change: 'added' }])
    expect(names(pipelineDifference(now, before))).toEqual(['removed constructor'])
  })
})

describe('the text without places', () => {
  it('is the same before and after a move, and means the same', () => {
    fc.assert(
      fc.property(randomDocument, fc.nat(), ({ text, ids }, one) => {
        const document = parseDocument(text)
        const moved = moveTasks(document, new Map([[ids[one % ids.length]!, [77, 88]]]))
        if (!moved.ok) throw new Error('refused')
        const now = parseDocument(applyPatches(text, moved.value))
        const bare = parseDocument(unplacedText(now))
        expect(isSameMeaning(pipelineDifference(document.pipeline!, bare.pipeline!))).toBe(true)
        expect(bare.pipeline!.canvas.size).toBe(0)
        if (document.pipeline!.canvas.size > 0) expect(bare.text).toBe(unplacedText(document))
      }),
      { numRuns: 60 },
    )
  })
})
