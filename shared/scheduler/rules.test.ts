import { describe, expect, test } from 'vitest'
import { TRIGGER_RULES, type TriggerRule } from '../model/pipeline.ts'
import { ruleCode, Verdict, verdictOf } from './rules.ts'

interface Counts {
  s: number
  f: number
  k: number
  u: number
  n: number
  done: number
}
type Condition = ((counts: Counts) => boolean) | null

/** DESIGN 4.2, row by row and column by column: runs when, skipped when, upstream_failed when. */
const TABLE: Readonly<Record<TriggerRule, readonly [runs: Condition, skipped: Condition, upstreamFailed: Condition]>> =
  {
    all_success: [({ s, n }) => s === n, ({ k, f, u }) => k > 0 && f + u === 0, ({ f, u }) => f + u > 0],
    all_failed: [({ f, u, n }) => f + u === n, ({ s, k }) => s + k > 0, null],
    all_done: [({ done, n }) => done === n, null, null],
    all_done_min_one_success: [
      ({ k, done, n, s }) => k === 0 && done === n && s > 0,
      ({ k }) => k > 0,
      ({ k, done, n, s }) => k === 0 && done === n && s === 0,
    ],
    one_success: [
      ({ s }) => s > 0,
      ({ done, n, k }) => done === n && k === n,
      ({ done, n, s, k }) => done === n && s === 0 && k < n,
    ],
    one_failed: [({ f, u }) => f + u > 0, ({ done, n, f, u }) => done === n && f + u === 0, null],
    one_done: [({ s, f }) => s + f > 0, ({ done, n, s, f }) => done === n && s + f === 0, null],
    none_failed: [({ s, k, n }) => s + k === n, null, ({ f, u }) => f + u > 0],
    none_failed_min_one_success: [
      ({ s, k, n }) => s + k === n && s > 0,
      ({ k, n }) => k === n,
      ({ f, u }) => f + u > 0,
    ],
    none_skipped: [({ done, n, k }) => done === n && k === 0, ({ k }) => k > 0, null],
    all_skipped: [({ k, n }) => k === n, ({ s, f, u }) => s + f + u > 0, null],
    always: [() => true, null, null],
  }

function* everyCount(most: number): Generator<Counts> {
  for (let n = 1; n <= most; n++) {
    for (let s = 0; s <= n; s++) {
      for (let f = 0; s + f <= n; f++) {
        for (let k = 0; s + f + k <= n; k++) {
          for (let u = 0; s + f + k + u <= n; u++) yield { s, f, k, u, n, done: s + f + k + u }
        }
      }
    }
  }
}

describe.each(TRIGGER_RULES)('%s', (rule) => {
  const [runs, skipped, upstreamFailed] = TABLE[rule]

  test('says what the table says, for every count of up to 4 upstreams', () => {
    let cases = 0
    for (const counts of everyCount(4)) {
      const expected = runs?.(counts)
        ? Verdict.run
        : skipped?.(counts)
          ? Verdict.skip
          : upstreamFailed?.(counts)
            ? Verdict.upstreamFailed
            : Verdict.wait
      const { s, f, k, u, n } = counts
      expect(verdictOf(ruleCode(rule), s, f, k, u, n), JSON.stringify(counts)).toBe(expected)
      cases++
    }
    expect(cases).toBe(125)
  })

  test('the columns of the table exclude each other', () => {
    for (const counts of everyCount(4)) {
      const holding = [runs, skipped, upstreamFailed].filter((condition) => condition?.(counts))
      expect(holding.length, JSON.stringify(counts)).toBeLessThanOrEqual(1)
    }
  })

  test('has a verdict once every upstream is done', () => {
    for (const { s, f, k, u, n, done } of everyCount(4)) {
      if (done === n) expect(verdictOf(ruleCode(rule), s, f, k, u, n)).not.toBe(Verdict.wait)
    }
  })
})
