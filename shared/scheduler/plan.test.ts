import { describe, expect, test } from 'vitest'
import type { Selection } from '../journal/event.ts'
import type { Task } from '../model/pipeline.ts'
import { pipelineOf, taskFor } from './pipeline.testing.ts'
import { compilePlan, namesItem, type Plan, withCapacity } from './plan.ts'

const BASIS: Readonly<Record<string, number>> = { a: 1, b: 2, c: 10, d: 3 }
const DIAMOND = [taskFor('a'), taskFor('b', ['a']), taskFor('c', ['a']), taskFor('d', ['b', 'c'])]

function compile(tasks: readonly Task[], more: { selection?: Selection; slots?: number } = {}) {
  const pools = new Map([['small', 2]])
  return compilePlan(pipelineOf(tasks), { slots: 2, pools, basis: (id) => BASIS[id] ?? 0, ...more })
}

function planOf(tasks: readonly Task[], selection?: Selection): Plan {
  const plan = compile(tasks, selection === undefined ? {} : { selection })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

function codesOf(tasks: readonly Task[], more: { selection?: Selection; slots?: number } = {}): string[] {
  const plan = compile(tasks, more)
  return plan.ok ? [] : plan.problems.map(({ code }) => code)
}

describe('compilePlan', () => {
  test('weighs each task by its longest path to the end', () => {
    expect([...planOf(DIAMOND).weight]).toEqual([14, 5, 13, 3])
  })

  test('orders starts by priority, then weight, then the file', () => {
    const tasks = [taskFor('x'), taskFor('b'), taskFor('c'), taskFor('y', [], { priority: 1 }), taskFor('z')]
    const { byRank, ids, rank } = planOf(tasks)
    expect([...byRank].map((task) => ids[task])).toEqual(['y', 'c', 'b', 'x', 'z'])
    expect([...byRank].map((task) => rank[task])).toEqual([0, 1, 2, 3, 4])
  })

  test('leaves have no downstream among the selected', () => {
    expect([...planOf(DIAMOND).leaf]).toEqual([0, 0, 0, 1])
    expect([...planOf(DIAMOND, { only: ['a', 'b'] }).leaf]).toEqual([0, 1, 0, 0])
  })

  test.each<[Selection, string]>([
    [{}, 'abcd'],
    [{ from: ['b'] }, 'bd'],
    [{ upTo: ['c'] }, 'ac'],
    [{ from: ['b'], upTo: ['d'] }, 'bd'],
    [{ only: ['a', 'd'] }, 'ad'],
    [{ from: ['c'], only: ['a'] }, 'acd'],
  ])('selects %j', (selection, expected) => {
    const { ids, selected } = planOf(DIAMOND, selection)
    expect(ids.filter((_, task) => selected[task] === 1).join('')).toBe(expected)
  })

  test('refuses what a run could not end', () => {
    expect(codesOf([taskFor('a', ['b']), taskFor('b', ['a']), taskFor('c')])).toEqual(['CYCLE'])
    expect(codesOf([taskFor('a', ['nobody'])])).toEqual(['UNKNOWN_TASK'])
    expect(codesOf([taskFor('a'), taskFor('b', ['a', 'a'])])).toEqual(['NEEDED_TWICE'])
    expect(codesOf([taskFor('a', [], { pool: { name: 'gone', slots: 1 } })])).toEqual(['UNKNOWN_POOL'])
    expect(codesOf([taskFor('a', [], { pool: { name: 'small', slots: 3 } })])).toEqual(['POOL_TOO_SMALL'])
    expect(codesOf([taskFor('a'), taskFor('b', ['a'], { forEach: { type: 'each', task: 'a' } })])).toEqual([
      'EACH_OF_UNMAPPED',
    ])
    expect(codesOf(DIAMOND, { slots: 0 })).toEqual(['NO_SLOTS'])
    expect(codesOf(DIAMOND, { selection: { only: ['__proto__'] } })).toEqual(['UNKNOWN_TASK'])
    expect(codesOf(DIAMOND, { selection: { from: ['b'], upTo: ['c'] } })).toEqual(['EMPTY_SELECTION'])
  })

  test('names the tasks of a circle, and none that only wait for it', () => {
    const plan = compile([taskFor('a', ['c']), taskFor('b', ['a']), taskFor('c', ['b']), taskFor('d', ['c'])])
    expect(plan.ok ? [] : plan.problems.map(({ message }) => message)).toEqual([
      'Some tasks need each other in a circle: a → b → c → a',
    ])
  })

  test('takes hostile ids for what they are', () => {
    const plan = planOf([taskFor('__proto__'), taskFor('constructor', ['__proto__']), taskFor('b', ['constructor'])])
    expect(plan.ids[plan.up[0] as number]).toBe('__proto__')
    expect(plan.numberOf.get('toString')).toBeUndefined()
  })

  test('a pipeline of no tasks is a plan of none', () => {
    expect(planOf([]).count).toBe(0)
  })

  test('withCapacity changes slots and pools only', () => {
    const plan = planOf(DIAMOND)
    const larger = withCapacity(plan, 9, new Map([['small', 7]]))
    expect([larger.slots, [...larger.poolSize], larger.weight]).toEqual([9, [7], plan.weight])
    expect([plan.slots, [...plan.poolSize]]).toEqual([2, [2]])
    expect([...withCapacity(plan, 9, new Map([['small', 3e9]])).poolSize]).toEqual([2 ** 31 - 1])
  })
})

test.each([
  ['${{ item > 1 }}', true],
  ['${{ params.a == index }}', true],
  ['${{ item.size }}', true],
  ['${{ params.item == 1 }}', false],
  ['${{ items.size() > 0 }}', false],
  ["${{ params.kind == 'item' }}", false],
  ['${{ params.kind == "an item\\" item" }}', false],
  ["${{ params.kind == 'it''s' || item == 1 }}", true],
  ['${{ true // item\n }}', false],
  ["${{ // don't\n item.kind == 'a' }}", true],
  ['${{ myitem }}', false],
])('namesItem(%s) is %s', (expression, expected) => {
  expect(namesItem(expression)).toBe(expected)
})
