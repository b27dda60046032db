import { TRIGGER_RULES, type TriggerRule } from '../model/pipeline.ts'

/** A trigger rule as a dense integer: its place in `TRIGGER_RULES`. */
export type RuleCode = number

export const Verdict = { wait: 0, run: 1, skip: 2, upstreamFailed: 3 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

export function ruleCode(rule: TriggerRule): RuleCode {
  return TRIGGER_RULES.indexOf(rule)
}

/** The one rule that waits for nothing, not even for its upstreams to be known. */
export const ALWAYS: RuleCode = ruleCode('always')

/**
 * The table of DESIGN 4.2. Counts over direct upstreams: `s` success, `f` failed or cancelled, `k` skipped, `u`
 * upstream_failed, of `n` in all (at least 1: roots ignore the rule). A verdict falls as soon as its condition holds.
 * Source of the rules: Airflow's `trigger_rule_dep.py`.
 */
export function verdictOf(rule: RuleCode, s: number, f: number, k: number, u: number, n: number): Verdict {
  return (TABLE[rule] as Row)(s, f, k, u, n)
}

type Row = (s: number, f: number, k: number, u: number, n: number) => Verdict

const { wait, run, skip, upstreamFailed } = Verdict

const BY_RULE: Readonly<Record<TriggerRule, Row>> = {
  all_success: (s, f, k, u, n) => (s === n ? run : f + u > 0 ? upstreamFailed : k > 0 ? skip : wait),
  all_failed: (s, f, k, u, n) => (f + u === n ? run : s + k > 0 ? skip : wait),
  all_done: (s, f, k, u, n) => (s + f + k + u === n ? run : wait),
  all_done_min_one_success: (s, f, k, u, n) => (k > 0 ? skip : s + f + u < n ? wait : s > 0 ? run : upstreamFailed),
  one_success: (s, f, k, u, n) => (s > 0 ? run : f + k + u < n ? wait : k === n ? skip : upstreamFailed),
  one_failed: (s, f, k, u, n) => (f + u > 0 ? run : s + k === n ? skip : wait),
  one_done: (s, f, k, u, n) => (s + f > 0 ? run : k + u === n ? skip : wait),
  none_failed: (s, f, k, u, n) => (f + u > 0 ? upstreamFailed : s + k === n ? run : wait),
  none_failed_min_one_success: (s, f, k, u, n) => (f + u > 0 ? upstreamFailed : s + k < n ? wait : s > 0 ? run : skip),
  none_skipped: (s, f, k, u, n) => (k > 0 ? skip : s + f + u === n ? run : wait),
  all_skipped: (s, f, k, u, n) => (s + f + u > 0 ? skip : k === n ? run : wait),
  always: () => run,
}

const TABLE: readonly Row[] = TRIGGER_RULES.map((rule) => BY_RULE[rule])
