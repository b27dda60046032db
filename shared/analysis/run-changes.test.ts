import { describe, expect, it } from 'vitest'
import type { InputFile, JournalBody, RunHeader } from '../journal/event.ts'
import { foldRun } from '../journal/fold.ts'
import { headerFor, journalOf } from '../journal/journal.testing.ts'
import { parseDocument } from '../model/document.ts'
import { takeAll } from '../model/steps.ts'
import { type ComparedRun, isUnchanged, runChanges } from './run-changes.ts'

const changesOf = (before: ComparedRun, after: ComparedRun) => takeAll(runChanges(before, after))

function ran(tasks: string, bodies: readonly JournalBody[] = [], header: Partial<RunHeader> = {}): ComparedRun {
  const { pipeline } = parseDocument(`dagwright: 1\nid: p\ntasks:\n${tasks}`)
  const ids = pipeline!.tasks.map(({ id }) => id)
  return { pipeline, view: foldRun(journalOf(headerFor(ids, header), ...bodies))! }
}

const read = (task: string, ...files: InputFile[]): JournalBody => ({
  type: 'inputs',
  task,
  index: null,
  attempt: 1,
  files,
})
const A = '  a: { kind: shell, run: echo 1 }\n'

describe('what changed between two runs', () => {
  it('nothing, where only words and places differ', () => {
    const later = ran('  a: { kind: shell, run: echo 1, docs: Says one, tags: [x], estimate: 5s }\n')
    expect(isUnchanged(changesOf(ran(A), later))).toBe(true)
  })

  it('tasks: new ones, removed ones, and each field with both values', () => {
    const later = ran('  b: { kind: noop }\n  c: { kind: shell, run: echo 2, timeout: 90s, retries: { limit: 2 } }\n')
    const before = ran(`${A}  c: { kind: shell, run: echo 1 }\n`)
    const { tasks } = changesOf(before, later)
    expect(tasks.map(({ task, change }) => [task, change])).toEqual([
      ['b', 'added'],
      ['c', 'changed'],
      ['a', 'removed'],
    ])
    expect(tasks[1]!.fields.map(({ field }) => field).sort()).toEqual(['retries', 'run', 'timeout'])
    expect(tasks[1]!.fields).toContainEqual({ field: 'run', before: 'echo 1', after: 'echo 2' })
    expect(tasks[1]!.fields).toContainEqual({ field: 'timeout', before: null, after: '1m30s' })
  })

  it('a renamed task is the same task', () => {
    const later = ran('  z: { kind: shell, run: echo 1, aliases: [a] }\n')
    expect(changesOf(ran(A), later).tasks).toEqual([
      { task: 'z', change: 'changed', fields: [{ field: 'id', before: 'a', after: 'z' }] },
    ])
  })

  it('ids that are names of Object properties are ids', () => {
    const hostile = (run: string) => ran(`  __proto__: { kind: shell, run: ${run} }\n  constructor: { kind: noop }\n`)
    expect(changesOf(hostile('echo 1'), hostile('echo 2')).tasks.map(({ task }) => task)).toEqual(['__proto__'])
  })

  it('parameters, inputs and programs', () => {
    const file = (hash: string | null, size: number | null): InputFile => ({ path: 'in.csv', size, hash })
    const bash = (version: string): JournalBody => ({
      type: 'interpreter',
      program: 'bash',
      path: '/bin/bash',
      version,
    })
    const before = ran(A, [bash('5.2'), read('a', file('x', 3), { path: 'same', size: 1, hash: 's' })], {
      params: { n: 1, list: [1] },
    })
    const after = ran(A, [bash('5.3'), read('a', file(null, null), { path: 'same', size: 1, hash: 's' })], {
      params: { n: 2, list: [1] },
    })
    const changes = changesOf(before, after)
    expect(changes.params).toEqual([{ field: 'n', before: '1', after: '2' }])
    expect(changes.inputs).toEqual([
      { label: 'a', path: 'in.csv', before: { size: 3, hash: 'x' }, after: { size: null, hash: null } },
    ])
    expect(changes.programs).toEqual([{ field: 'bash', before: '5.2 (/bin/bash)', after: '5.3 (/bin/bash)' }])
  })

  it('a program that only one of the runs used has not changed', () => {
    const python: JournalBody = { type: 'interpreter', program: 'python', path: '/bin/python3', version: '3.13' }
    expect(isUnchanged(changesOf(ran(A), ran(A, [python])))).toBe(true)
  })
})
