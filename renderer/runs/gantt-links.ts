import type { GanttLink } from './gantt-painter.ts'
import type { TimelineRow } from './timeline-rows.ts'

/** What a task needs, by its id, as the pipeline has it. */
export type Needs = ReadonlyMap<string, readonly string[]>

/** The dependencies into and out of a task, between rows where both ends have begun. */
export function ganttLinks(rows: readonly TimelineRow[], needs: Needs, task: string): readonly GanttLink[] {
  const places = new Map<string, number>()
  rows.forEach((row, place) => {
    if (row.task !== null && !row.nested) places.set(row.task, place)
  })
  const linkOf = (from: string, to: string): readonly GanttLink[] => {
    const [source, target] = [places.get(from), places.get(to)]
    if (source === undefined || target === undefined) return []
    const ends = rows[source]!.bars.map((bar) => bar.to)
    const begins = rows[target]!.bars.map((bar) => bar.from)
    if (ends.length === 0 || begins.length === 0) return []
    return [
      {
        from: { row: source, time: greatest(ends) },
        to: { row: target, time: -greatest(begins.map((time) => -time)) },
      },
    ]
  }
  const downstream = [...needs].flatMap(([to, upstream]) => (upstream.includes(task) ? linkOf(task, to) : []))
  return [...(needs.get(task) ?? []).flatMap((from) => linkOf(from, task)), ...downstream]
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
}
