import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PipelineDocument, parseDocument } from './document.ts'
import { connect, disconnect, insertTaskOnEdge, removeTasks, wouldCloseCycle } from './edit-dependency.ts'
import { addGroup, removeGroup, setGroupTasks } from './edit-group.ts'
import { addNote, removeNote, updateNote } from './edit-note.ts'
import { renameTask } from './edit-rename.ts'
import { addTask, moveTasks, newTaskId, setPipelineField, setTaskField } from './edit-task.ts'
import { equal } from './parameter-type.ts'
import { applyPatches, composePatches, invertPatches, type TextPatch } from './patch.ts'
import type { Json } from './pipeline.ts'
import type { Result } from './problem.ts'
import { neededId, recordOf } from './reading.ts'
import { fieldValue, type RandomDocument, randomDocument } from './testing/random-document.testing.ts'

type Values = { [key: string]: Json }

/** A deep copy that may be changed, without prototypes. */
function copyOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyOf)
  if (typeof value !== 'object' || value === null) return value
  const copy: Values = Object.create(null)
  for (const [key, item] of Object.entries(value)) copy[key] = copyOf(item as Json)
  return copy
}

function valuesOf(document: PipelineDocument): Values {
  return copyOf(document.source.value) as Values
}

function tasksIn(values: Values): Values {
  return values.tasks as Values
}

/** Applies an edit and checks what must hold for every edit; gives the values after it. */
function edited(before: PipelineDocument, result: Result<readonly TextPatch[]>): { text: string; values: Values } {
  if (!result.ok) throw new Error(result.problems[0]!.message)
  const text = applyPatches(before.text, result.value)
  expect(applyPatches(text, invertPatches(before.text, result.value))).toBe(before.text)
  const after = parseDocument(text)
  expect(after.editable).toBe(true)
  if (before.text.includes('\r\n') && result.value.length > 0) expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  expect(text.startsWith('\ufeff')).toBe(before.text.startsWith('\ufeff'))
  return { text, values: valuesOf(after) }
}

function expectSame(actual: Json, wanted: Json, text: string): void {
  if (!equal(actual, wanted)) expect(actual, text).toEqual(wanted)
}

/** Every comment of the old text that is not in the new one. */
function lostComments(before: string, after: string): readonly string[] {
  const count = (text: string) => {
    const found = new Map<string, number>()
    for (const [comment] of text.matchAll(/# [a-z]+(?: [^\s,]+)?/g)) found.set(comment, (found.get(comment) ?? 0) + 1)
    return found
  }
  const now = count(after)
  return [...count(before)].filter(([comment, times]) => (now.get(comment) ?? 0) < times).map(([comment]) => comment)
}

const runs = { numRuns: 60 }
const pick = fc.nat()
const at = (list: readonly string[], index: number) => list[index % list.length]!

function property(name: string, check: (random: RandomDocument, index: number, other: number, value: Json) => void) {
  it(name, () => {
    fc.assert(
      fc.property(randomDocument, pick, pick, fieldValue, (random, index, other, value) =>
        check(random, index, other, copyOf(value as Json)),
      ),
      runs,
    )
  })
}

describe('edits of random documents', () => {
  property('the documents themselves are valid', ({ text, ids }) => {
    const document = parseDocument(text)
    expect(document.problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(document.pipeline?.tasks.map((task) => task.id)).toEqual(ids)
  })

  property(
    'setTaskField sets one field to any value and touches only the lines of its task',
    (random, index, other, value) => {
      const before = parseDocument(random.text)
      const id = at(random.ids, index)
      const field = at(['docs', 'env', 'run', 'needs', 'retries', 'kind', 'name'], other)
      const wanted = valuesOf(before)
      ;(tasksIn(wanted)[id] as Values)[field] = value
      const after = edited(before, setTaskField(before, id, [field], value))
      expectSame(after.values, wanted, after.text)
      const ids = random.ids.filter((task) => task !== id)
      for (const task of ids)
        if (before.text.includes(`# above ${task}`)) expect(after.text).toContain(`# above ${task}`)
    },
  )

  property('setTaskField with a path sets one entry', (random, index, other, value) => {
    const before = parseDocument(random.text)
    const id = at(random.ids, index)
    const [field, key] = at(['env A', 'env __proto__', 'retries limit', 'retries delay'], other).split(' ') as [
      string,
      string,
    ]
    const wanted = valuesOf(before)
    const task = tasksIn(wanted)[id] as Values
    const entries: Values = Object.assign(Object.create(null), recordOf(task[field]))
    entries[key] = value
    task[field] = entries
    const after = edited(before, setTaskField(before, id, [field, key], value))
    expectSame(after.values, wanted, after.text)
    expect(lostComments(before.text, after.text)).toEqual([])
  })

  property('setTaskField with undefined takes a field out', (random, index, other) => {
    const before = parseDocument(random.text)
    const id = at(random.ids, index)
    const field = at(['run', 'needs', 'retries', 'docs'], other)
    const after = edited(before, setTaskField(before, id, [field], undefined))
    const wanted = valuesOf(before)
    const task = tasksIn(wanted)[id] as Values
    const now = recordOf(tasksIn(after.values)[id])
    // What a merge key brings in can only be set aside by a null.
    if (now[field] === null) task[field] = null
    else delete task[field]
    expectSame(after.values, wanted, after.text)
  })

  property('setPipelineField sets a field of the file', (random, _index, other, value) => {
    const before = parseDocument(random.text)
    const field = at(['name', 'description', 'env', 'tags', 'owner'], other)
    const wanted = valuesOf(before)
    wanted[field] = value
    const after = edited(before, setPipelineField(before, [field], value))
    expectSame(after.values, wanted, after.text)
    expect(lostComments(before.text, after.text)).toEqual([])
  })

  property('addTask adds a task behind the others', (random, index, _other, value) => {
    const before = parseDocument(random.text)
    const id = newTaskId(before.pipeline!, at(random.ids, index))
    const needs = [at(random.ids, index)]
    const after = edited(
      before,
      addTask(before, { id, kind: 'python', needs, at: [1.4, -2.6], fields: { code: 'x\n', docs: value } }),
    )
    const wanted = valuesOf(before)
    tasksIn(wanted)[id] = { kind: 'python', docs: value, needs, code: 'x\n' }
    wanted.canvas = Object.assign(Object.create(null), wanted.canvas, { [id]: [1, -3] })
    expectSame(after.values, wanted, after.text)
    expect(Object.keys(tasksIn(after.values)).at(-1)).toBe(id)
    expect(lostComments(before.text, after.text)).toEqual([])
  })

  property('removeTasks takes tasks out of everything', (random, index, other) => {
    const before = parseDocument(random.text)
    const gone = new Set([at(random.ids, index), at(random.ids, other)])
    const after = edited(before, removeTasks(before, [...gone], { heal: false }))
    const wanted = valuesOf(before)
    for (const id of gone) delete tasksIn(wanted)[id]
    for (const task of Object.values(tasksIn(wanted)) as Values[]) {
      if (!Array.isArray(task.needs)) continue
      const needs = task.needs.filter((need) => !gone.has(neededId(need)!))
      if (needs.length === task.needs.length) continue
      if (needs.length > 0) task.needs = needs
      else delete task.needs
    }
    const group = (recordOf(wanted.groups).g1 ?? null) as Values | null
    if (group) group.tasks = (group.tasks as string[]).filter((id) => !gone.has(id))
    if (wanted.canvas) {
      for (const id of gone) delete (wanted.canvas as Values)[id]
      if (Object.keys(wanted.canvas as Values).length === 0) delete wanted.canvas
    }
    expectSame(after.values, wanted, after.text)
    for (const id of random.ids)
      if (!gone.has(id) && before.text.includes(`# above ${id}`)) expect(after.text).toContain(`# above ${id}`)
  })

  property('removeTasks with heal keeps what was reachable reachable', (random, index) => {
    const before = parseDocument(random.text)
    const id = at(random.ids, index)
    const pipeline = before.pipeline!
    const after = parseDocument(edited(before, removeTasks(before, [id], { heal: true })).text).pipeline!
    const upstream = pipeline.tasks.find((task) => task.id === id)!.needs.map((need) => need.task)
    for (const task of pipeline.tasks) {
      if (task.id === id) continue
      const had = task.needs.map((need) => need.task)
      const wanted = new Set(had.flatMap((need) => (need === id ? upstream : [need])))
      expect(new Set(after.tasks.find((other) => other.id === task.id)!.needs.map((need) => need.task))).toEqual(wanted)
    }
  })

  property('connect and disconnect change one need', (random, index, other) => {
    const before = parseDocument(random.text)
    const from = at(random.ids, index)
    const to = at(random.ids, other)
    const cycle = wouldCloseCycle(before, from, to)
    const connected = connect(before, from, to)
    expect(connected.ok).toBe(cycle === null)
    if (!connected.ok) {
      expect(cycle![0]).toBe(to === from ? from : cycle!.at(-1))
      return
    }
    const wanted = valuesOf(before)
    const task = tasksIn(wanted)[to] as Values
    const needs = (task.needs ?? []) as Json[]
    if (!needs.some((need) => neededId(need) === from)) task.needs = [...needs, from]
    const after = edited(before, connected)
    expectSame(after.values, wanted, after.text)
    expect(lostComments(before.text, after.text)).toEqual([])
    const document = parseDocument(after.text)
    const apart = edited(document, disconnect(document, from, to))
    const rest = (task.needs as Json[]).filter((need) => neededId(need) !== from)
    if (rest.length > 0) task.needs = rest
    else delete task.needs
    expectSame(apart.values, wanted, apart.text)
  })

  property('renameTask renames everywhere and keeps an alias', (random, index) => {
    const before = parseDocument(random.text)
    const id = at(random.ids, index)
    const after = edited(before, renameTask(before, id, 'brand-new'))
    const renamed = parseDocument(after.text).pipeline!
    const name = (old: string) => (old === id ? 'brand-new' : old)
    expect(renamed.tasks.map((task) => task.id)).toEqual(random.ids.map(name))
    expect(renamed.tasks.map((task) => task.needs.map((need) => need.task))).toEqual(
      before.pipeline!.tasks.map((task) => task.needs.map((need) => name(need.task))),
    )
    expect(renamed.tasks.find((task) => task.id === 'brand-new')!.aliases).toEqual([id])
    expect([...renamed.canvas.keys()]).toEqual([...before.pipeline!.canvas.keys()].map(name))
    expect(renamed.groups.map((group) => group.tasks)).toEqual(
      before.pipeline!.groups.map((group) => group.tasks.map(name)),
    )
    const back = parseDocument(after.text)
    expect(
      parseDocument(edited(back, renameTask(back, 'brand-new', id)).text).pipeline!.tasks.map((task) => task.id),
    ).toEqual(random.ids)
  })

  property('moveTasks writes whole pixels, one line each in a block', (random, index, other) => {
    const before = parseDocument(random.text)
    const places = new Map(
      random.ids.slice(0, 1 + (index % 6)).map((id, number) => [id, [number + (other % 1000) / 7, -number] as const]),
    )
    const after = edited(before, moveTasks(before, places))
    const wanted = valuesOf(before)
    const canvas: Values = Object.assign(Object.create(null), wanted.canvas)
    for (const [id, [x, y]] of places) canvas[id] = [Math.round(x), Math.round(y)]
    wanted.canvas = canvas
    expectSame(after.values, wanted, after.text)
    expect(lostComments(before.text, after.text)).toEqual([])
  })

  property('groups and notes come and go', (random, index, other, value) => {
    const text = typeof value === 'string' ? value : 'note'
    let document = parseDocument(random.text)
    const members = random.ids.slice(0, 1 + (index % 3))
    document = parseDocument(edited(document, addGroup(document, { id: 'fresh', name: text, tasks: members })).text)
    expect(document.pipeline!.groups.find((group) => group.id === 'fresh')).toMatchObject({
      name: text,
      tasks: members,
    })
    document = parseDocument(edited(document, setGroupTasks(document, 'fresh', [at(random.ids, other)])).text)
    expect(document.pipeline!.groups.find((group) => group.id === 'fresh')!.tasks).toEqual([at(random.ids, other)])
    document = parseDocument(edited(document, addNote(document, { text, at: [1, 2.5], size: [3, 4] })).text)
    document = parseDocument(edited(document, addNote(document, { text: 'second', at: [0, 0], size: [1, 1] })).text)
    expect(document.pipeline!.notes).toEqual([
      { id: 'note', text, at: [1, 3], size: [3, 4] },
      { id: 'note_2', text: 'second', at: [0, 0], size: [1, 1] },
    ])
    document = parseDocument(edited(document, updateNote(document, 'note_2', { text, at: [9, 9] })).text)
    expect(document.pipeline!.notes[1]).toEqual({ id: 'note_2', text, at: [9, 9], size: [1, 1] })
    for (const id of ['note', 'note_2']) document = parseDocument(edited(document, removeNote(document, id)).text)
    document = parseDocument(edited(document, removeGroup(document, 'fresh')).text)
    expect(document.pipeline!.notes).toEqual([])
    expect(document.pipeline!.groups.map((group) => group.id)).toEqual(
      parseDocument(random.text).pipeline!.groups.map((group) => group.id),
    )
    expect(lostComments(random.text, document.text).filter((comment) => comment !== '# first')).toEqual([])
  })

  property('insertTaskOnEdge puts a task between two', (random, index) => {
    const before = parseDocument(random.text)
    const edges = before.pipeline!.tasks.flatMap((task) => task.needs.map((need) => [need, task.id] as const))
    if (edges.length === 0) return
    const [need, to] = edges[index % edges.length]!
    const after = parseDocument(
      edited(before, insertTaskOnEdge(before, need.task, to, { id: 'between', kind: 'noop' })).text,
    ).pipeline!
    expect(after.tasks.find((task) => task.id === 'between')!.needs).toEqual([need])
    const replaced = before
      .pipeline!.tasks.find((task) => task.id === to)!
      .needs.map((old) => (old.task === need.task ? { task: 'between', when: null } : old))
    expect(after.tasks.find((task) => task.id === to)!.needs).toEqual(replaced)
  })
})

describe('patches', () => {
  const patched = fc.string({ maxLength: 40 }).chain((text) =>
    fc.record({ text: fc.constant(text), first: patchesFor(text) }).chain(({ first }) =>
      fc.record({
        text: fc.constant(text),
        first: fc.constant(first),
        second: patchesFor(applyPatches(text, first)),
      }),
    ),
  )

  function patchesFor(text: string): fc.Arbitrary<readonly TextPatch[]> {
    return fc
      .array(fc.record({ cut: fc.nat(text.length), text: fc.string({ maxLength: 5 }) }), { maxLength: 6 })
      .map((cuts) => {
        const sorted = cuts.sort((a, b) => a.cut - b.cut)
        return sorted.flatMap((cut, index) =>
          index % 2 === 0 ? [{ start: cut.cut, end: sorted[index + 1]?.cut ?? cut.cut, text: cut.text }] : [],
        )
      })
  }

  it('composePatches does what both do, one after the other, and inverts', () => {
    fc.assert(
      fc.property(patched, ({ text, first, second }) => {
        const both = composePatches(text, first, second)
        const after = applyPatches(applyPatches(text, first), second)
        expect(applyPatches(text, both)).toBe(after)
        expect(applyPatches(after, invertPatches(text, both))).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })
})
