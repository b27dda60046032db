import { expect, test } from 'vitest'
import { loseRunning } from '#shared/journal/fold.ts'
import { runOf, starting } from './run.testing.ts'
import { shownCounts } from './shown-state.ts'

test('what was lost with its engine is counted as lost, not as pending', () => {
  const view = runOf(['a', 'b'], [1_000_000, starting('a', null, 1, 0)])
  expect(shownCounts(view)).toEqual([
    ['pending', 1],
    ['running', 1],
  ])
  loseRunning(view)
  expect(shownCounts(view)).toEqual([
    ['pending', 1],
    ['lost', 1],
  ])
})
