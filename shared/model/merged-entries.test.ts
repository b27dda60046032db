import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepsBothSides } from './merged-entries.ts'
import { isRecord, readSource } from './source.ts'
import { mergedText, mergeTexts } from './text-merge.ts'

const merged = (base: string, mine: string, theirs: string) =>
  mergeTexts(base, mine, theirs, { keepsBoth: keepsBothSides(base, mine, theirs) })

/** Fields by task; undefined: the task is gone. */
type Side = readonly (readonly string[] | undefined)[]

const textOf = (side: Side) =>
  `tasks:\n${side.flatMap((fields, at) => (fields ? [`  t${at}:\n`, ...fields.map((field) => `    ${field}\n`)] : [])).join('')}end: 1\n`

const BASE: Side = [0, 1, 2, 3].map(() => ['kind: noop', 'name: x'])
const edit = fc.constantFrom<(fields: readonly string[]) => readonly string[] | undefined>(
  (fields) => fields,
  (fields) => fields,
  () => undefined,
  (fields) => [...fields, 'owner: me'],
  (fields) => [...fields, 'timeout: 5m', 'cache: true'],
  ([kind]) => [kind!],
  ([kind]) => [kind!, 'name: y'],
)
const side = fc.tuple(edit, edit, edit, edit).map((edits): Side => BASE.map((fields, at) => edits[at]!(fields!)))

describe('keepsBothSides', () => {
  it('asks where one side removed a task and the other one put a field behind its last one', () => {
    const removed = textOf(BASE.with(1, undefined))
    const longer = textOf(BASE.with(1, [...BASE[1]!, 'timeout: 5m']))
    expect(merged(textOf(BASE), removed, longer).conflicts).toHaveLength(1)
    expect(merged(textOf(BASE), longer, removed).conflicts).toHaveLength(1)
  })

  it('lets no merge without a question change a task otherwise than one of the sides did', () => {
    let agreed = 0
    fc.assert(
      fc.property(side, side, (mine, theirs) => {
        const merge = merged(textOf(BASE), textOf(mine), textOf(theirs))
        if (merge.conflicts.length > 0) return
        agreed++
        const { value } = readSource(mergedText(merge, []))
        const tasks = isRecord(value) && isRecord(value.tasks) ? value.tasks : {}
        BASE.forEach((fields, at) => {
          const changed = [mine[at], theirs[at]].filter((own) => own?.join() !== fields?.join())
          if (changed.length === 2 && changed[0]?.join() !== changed[1]?.join()) {
            expect(changed).not.toContain(undefined)
            return
          }
          const wanted = readSource(textOf([changed.length > 0 ? changed[0] : fields])).value
          expect(tasks[`t${at}`]).toEqual(isRecord(wanted) && isRecord(wanted.tasks) ? wanted.tasks.t0 : undefined)
        })
      }),
      { numRuns: 400 },
    )
    expect(agreed).toBeGreaterThan(40)
  })

  it('judges nothing where a side cannot be read', () => {
    expect(keepsBothSides('tasks: [', '', 'a: 1')('b: 1')).toBe(true)
  })
})
