import type { RetryPolicy } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'

/**
 * How long to wait after the `failures`-th failed attempt (from 1). fixed: `delay`; linear: `delay` × failures;
 * exponential: `delay` × factor^(failures - 1); never more than `maxDelay`. Full jitter takes a part of it by `random`
 * in [0, 1). Whole microseconds. Source of the jitter: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function retryDelay(policy: RetryPolicy, failures: number, random: number): Micros {
  const growth =
    policy.backoff === 'fixed' ? 1 : policy.backoff === 'linear' ? failures : policy.factor ** (failures - 1)
  const full = Math.min(policy.delay === 0 ? 0 : policy.delay * growth, policy.maxDelay ?? LONGEST, LONGEST)
  return Math.round(policy.jitter === 'full' ? full * random : full)
}

/** A hundred years: keeps every instant a whole number of microseconds. */
const LONGEST: Micros = 100 * 366 * 86_400 * 1_000_000
