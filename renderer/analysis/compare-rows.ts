import type { Contribution, Difference, RunComparison, TaskDifference } from '#shared/analysis/compare-runs.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { Micros } from '#shared/model/time.ts'

export interface ComparisonRow {
  readonly task: TaskDifference
  /** Of the makespans' difference; null where the task is on neither realized path. The rows' sum is the difference. */
  readonly contribution: Micros | null
  readonly parts: readonly Contribution[]
}

/** Largest contribution first, then largest difference of the task's own duration. */
export function comparisonRows({ tasks, explained }: RunComparison): readonly ComparisonRow[] {
  const parts = Map.groupBy(explained, ({ task }) => task)
  const rows = tasks.map((task): ComparisonRow => {
    const own = parts.get(task.task) ?? []
    return { task, parts: own, contribution: own.length === 0 ? null : own.reduce((sum, { delta }) => sum + delta, 0) }
  })
  const size = (value: Micros | null) => Math.abs(value ?? 0)
  return rows.sort(
    (a, b) => size(b.contribution) - size(a.contribution) || size(b.task.duration.delta) - size(a.task.duration.delta),
  )
}

/** "4.2 s (12%) slower: 34.0 s → 38.2 s". */
export function summaryText({ earlier, later, delta }: Difference): string {
  if (earlier === null || later === null || delta === null) return 'Not both of them have a critical path to compare.'
  if (delta === 0) return `Both took ${durationText(later)}`
  const share = earlier === 0 ? '' : ` (${Math.round((100 * Math.abs(delta)) / earlier)}%)`
  const direction = delta > 0 ? 'slower' : 'faster'
  return `${durationText(Math.abs(delta))}${share} ${direction}: ${durationText(earlier)} → ${durationText(later)}`
}
