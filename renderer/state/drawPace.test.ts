import { expect, test } from 'vitest'
import { pauseBeforeDrawing } from './drawPace.ts'

test('what happens after a rest is drawn at once', () => {
  expect(pauseBeforeDrawing({ at: 1_000, took: 2 }, 1_100)).toBe(0)
  expect(pauseBeforeDrawing({ at: 1_000, took: 5_000 }, 9_000)).toBe(0)
})

test('ten drawings a second at most, fewer where they take long, one a second at least', () => {
  expect(pauseBeforeDrawing({ at: 1_000, took: 2 }, 1_030)).toBe(70)
  expect(pauseBeforeDrawing({ at: 998, took: 10 }, 998)).toBe(250)
  expect(pauseBeforeDrawing({ at: 998, took: 5_000 }, 998)).toBe(1_000)
})

test('longer pauses end just before a beat that all share', () => {
  expect(pauseBeforeDrawing({ at: 1_030, took: 15 }, 1_100)).toBe(398)
  expect(pauseBeforeDrawing({ at: 1_130, took: 20 }, 1_130)).toBe(618)
})
