import { expect, it } from 'vitest'
import { type TaskEntry, taskHistory } from '../analysis/history.ts'
import { runFacts, taskFacts } from '../analysis/run-facts.testing.ts'
import { contractSerializers } from './serializers.ts'

const summaryOf = (task: string) => {
  const entries: TaskEntry[] = [3, 2, 1].map((day) => ({ run: runFacts(day), facts: taskFacts(task) }))
  const { points: _p, changes: _c, note: _n, ...summary } = taskHistory(task, entries)
  return summary
}

it('takes summaries of tasks over as they are, and nothing else that is long', () => {
  const [serializer] = contractSerializers.filter(({ type }) => type === 21)
  const summaries = ['__proto__', 'constructor', ...Array.from({ length: 50 }, (_, at) => `t${at}`)].map(summaryOf)
  expect(serializer!.condition(summaries)).toBe(true)
  expect(serializer!.deserialize(JSON.parse(JSON.stringify(serializer!.serialize(summaries))))).toEqual(summaries)
  for (const other of [
    [],
    summaries.map(({ task }) => task),
    [...summaries, null],
    summaries.map(({ task }) => ({ task })),
  ]) {
    expect(serializer!.condition(other)).toBe(false)
  }
})

it('takes over what thousands of tasks would run', () => {
  const [serializer] = contractSerializers.filter(({ type }) => type === 21)
  const tasks = ['__proto__', ...Array.from({ length: 50 }, (_, at) => `t${at}`)].map((task) => ({
    task,
    name: null,
    kind: 'shell',
    code: `echo ${task}\necho "done"`,
  }))
  expect(serializer!.condition(tasks)).toBe(true)
  expect(serializer!.deserialize(JSON.parse(JSON.stringify(serializer!.serialize(tasks))))).toEqual(tasks)
})
