import { expect, test } from 'vitest'
import { pipelineOf, taskFor } from './pipeline.testing.ts'
import { selectionBetween } from './selection.ts'

const TASKS = [
  taskFor('a'),
  taskFor('b', ['a']),
  taskFor('c', ['a']),
  taskFor('d', ['b', 'c']),
  taskFor('e', ['d']),
  taskFor('alone'),
]

test.each<[readonly string[], readonly string[] | null, readonly string[]]>([
  [['a', 'd'], ['a'], ['d']],
  [['e', 'a'], ['a'], ['e']],
  // What stands in the middle is no end.
  [['a', 'b', 'd'], ['a'], ['d']],
  [['b', 'c', 'd'], ['b', 'c'], ['d']],
  [
    ['a', 'b', 'alone'],
    ['a', 'alone'],
    ['b', 'alone'],
  ],
  [['b', 'c'], null, []],
  [['a'], null, []],
  [['a', 'gone'], null, []],
  [[], null, []],
])('what lies between %j begins with %j and ends with %j', (chosen, from, upTo) => {
  expect(selectionBetween(pipelineOf(TASKS), chosen)).toEqual(from === null ? null : { from, upTo })
})

test('in a circle nothing is first', () => {
  const circle = [taskFor('a', ['b']), taskFor('b', ['a'])]
  expect(selectionBetween({ tasks: circle }, ['a', 'b'])).toBeNull()
})
