import type { TimelineBar, TimelineRow } from './timeline-rows.ts'

/**
 * The same attempts by the slot they ran on, which no journal writes: in order of their starts (ties: of the rows) each
 * takes the lowest slot that is free, so a run shows on as many slots as it used at once.
 */
export function slotRows(rows: readonly TimelineRow[]): readonly TimelineRow[] {
  const work = rows.flatMap((row) => row.bars.filter((bar) => bar.kind === 'work'))
  const ordered = work.map((bar, order) => ({ bar, order }))
  ordered.sort((a, b) => a.bar.from - b.bar.from || a.order - b.order)
  const slots: TimelineBar[][] = []
  for (const { bar } of ordered) {
    const free = slots.find((bars) => bars.at(-1)!.to <= bar.from)
    if (free === undefined) slots.push([bar])
    else free.push(bar)
  }
  return slots.map((bars, slot) => ({
    key: `slot ${slot}`,
    task: null,
    index: null,
    label: `Slot ${slot + 1}`,
    state: 'pending',
    bars,
    critical: bars.some((bar) => bar.critical),
    group: null,
    nested: false,
  }))
}
