import { expect, test } from 'vitest'
import { groupTold } from './groupTold.ts'
import type { LensWords, Told } from './told.ts'

const told = (text: string, weight: number, ground: string | null = null): Told => ({
  text,
  title: null,
  ground,
  hatched: ground === null,
  weight,
})
const words: LensWords = new Map([
  ['cool', told('takes 1 s', 1, '--heat-0')],
  ['hot', told('takes 9 s', 9, '--heat-4')],
  ['unknown', told('No data', -1)],
  ['constructor', told('fails now', Infinity, '--heat-4')],
])

test('a group shows its hottest task in its colour, and names it in the tip', () => {
  expect(groupTold('heat', words, ['cool', 'hot', 'unknown'])).toEqual({
    text: 'hottest takes 9 s',
    title: 'hot: takes 9 s',
    ground: '--heat-4',
    hatched: false,
    weight: 9,
  })
})

test('what is true of all its tasks it says as they do', () => {
  expect(groupTold('heat', words, ['unknown'])).toBe(words.get('unknown'))
})

test('a state that changed is no amount', () => {
  expect(groupTold('compare', words, ['cool', 'constructor'])).toMatchObject({
    text: 'fails now',
    title: 'constructor: fails now',
  })
})

test('in the diff lens it counts its changed tasks among all', () => {
  const changed: LensWords = new Map([['hot', told('± run', 2, '--heat-2')]])
  expect(groupTold('diff', changed, ['cool', 'hot'])).toMatchObject({ text: '1 of 2 changed', ground: '--heat-2' })
})

test('nothing is told where no task is told of', () => {
  expect(groupTold('state', null, ['cool'])).toBeNull()
  expect(groupTold('diff', new Map(), ['cool'])).toBeNull()
})
