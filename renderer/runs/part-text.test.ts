import { expect, test } from 'vitest'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { partText, runBetweenLabel } from './part-text.ts'

const PIPELINE = { tasks: [{}, {}] } as unknown as Pipeline

test('a run says which part of the pipeline it is of', () => {
  expect(partText(undefined, PIPELINE)).toBe('2 tasks')
  expect(partText({}, PIPELINE)).toBe('2 tasks')
  expect(partText({ from: ['a'] }, PIPELINE)).toBe('From a onwards. Earlier tasks count as done.')
  expect(partText({ upTo: ['a', 'b'] }, PIPELINE)).toBe('Up to a, b.')
  expect(partText({ only: ['a'] }, PIPELINE)).toBe('Only a. Earlier tasks count as done.')
  expect(partText({ from: ['a'], upTo: ['c'] }, PIPELINE)).toBe(
    'From a to c, with all that lies between. Earlier tasks count as done.',
  )
})

test('a button names the two ends, shortened, and several not at all', () => {
  expect(runBetweenLabel({ from: ['a'], upTo: ['c'] })).toBe('Run from a to c')
  expect(runBetweenLabel({ from: ['a', 'b'], upTo: ['c'] })).toBe('Run from the first to the last')
  expect(runBetweenLabel({ from: ['x'.repeat(200)], upTo: ['c'] }).length).toBeLessThan(40)
})
