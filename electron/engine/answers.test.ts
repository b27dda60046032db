import { expect, test } from 'vitest'
import type { Json } from '#shared/model/pipeline.ts'
import { itemsOf } from './answers.ts'
import { ExpressionError, type Expressions } from './expressions.ts'

const matrix = (...lists: readonly (readonly [string, readonly Json[]])[]) =>
  itemsOf({ type: 'matrix', matrix: new Map(lists) }, {} as Expressions)
const thousand = Array.from({ length: 1000 }, (_, number) => number)

test('a matrix gives every combination, the last key fastest', () => {
  expect(matrix(['a', [1, 2]], ['__proto__', ['x', 'y']]).map((item) => JSON.stringify(item))).toEqual([
    '{"a":1,"__proto__":"x"}',
    '{"a":1,"__proto__":"y"}',
    '{"a":2,"__proto__":"x"}',
    '{"a":2,"__proto__":"y"}',
  ])
  expect(matrix(['a', thousand], ['b', thousand], ['c', thousand], ['d', []])).toEqual([])
  expect(matrix()).toEqual([])
})

test('a matrix that no memory would hold is an error of its task', () => {
  expect(() => matrix(['a', thousand], ['b', thousand], ['c', thousand])).toThrow(ExpressionError)
  expect(() => matrix(['a', thousand], ['b', thousand], ['c', thousand])).toThrow('1,000,000,000 combinations')
  expect(matrix(['a', thousand], ['b', thousand.slice(0, 100)])).toHaveLength(100_000)
})
