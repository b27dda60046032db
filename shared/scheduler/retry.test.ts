import { describe, expect, test } from 'vitest'
import type { RetryPolicy } from '../model/pipeline.ts'
import { NO_RETRIES } from './pipeline.testing.ts'
import { retryDelay } from './retry.ts'

const delays = (policy: Partial<RetryPolicy>, random = 0.25) =>
  [1, 2, 3, 4].map((failures) => retryDelay({ ...NO_RETRIES, delay: 100, ...policy }, failures, random))

describe('retryDelay', () => {
  test('grows as the policy says', () => {
    expect(delays({ backoff: 'fixed' })).toEqual([100, 100, 100, 100])
    expect(delays({ backoff: 'linear' })).toEqual([100, 200, 300, 400])
    expect(delays({ backoff: 'exponential', factor: 3 })).toEqual([100, 300, 900, 2700])
    expect(delays({ backoff: 'exponential', factor: 1.5 })).toEqual([100, 150, 225, 338])
    expect(delays({ backoff: 'exponential', maxDelay: 250 })).toEqual([100, 200, 250, 250])
  })

  test('full jitter takes a part of the capped delay', () => {
    expect(delays({ backoff: 'exponential', maxDelay: 400, jitter: 'full' })).toEqual([25, 50, 100, 100])
    expect(delays({ jitter: 'full' }, 0)).toEqual([0, 0, 0, 0])
  })

  test('never overflows', () => {
    const policy: RetryPolicy = { ...NO_RETRIES, delay: 1, backoff: 'exponential', factor: 1e9 }
    expect(Number.isSafeInteger(retryDelay(policy, 2000, 1))).toBe(true)
    expect(retryDelay({ ...policy, delay: 0 }, 2000, 1)).toBe(0)
  })
})
