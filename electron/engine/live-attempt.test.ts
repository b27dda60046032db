import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SECOND } from '#shared/model/time.ts'
import { LiveAttempt } from './live-attempt.ts'
import { type AttemptResult, succeeded } from './runner.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const DAY_SECONDS = 86_400

test('a timeout that is longer than a timer can wait stops no sooner', async () => {
  const { promise, resolve } = Promise.withResolvers<AttemptResult>()
  const stop = vi.fn(() => resolve(succeeded({})))
  const live = new LiveAttempt({ stop, done: promise }, 'a', 60 * DAY_SECONDS * SECOND)
  await vi.advanceTimersByTimeAsync(59 * DAY_SECONDS * 1000)
  expect(stop).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(DAY_SECONDS * 1000)
  expect(stop).toHaveBeenCalledOnce()
  expect((await live.result()).outcome).toBe('timed_out')
})
