import type { RunSummary } from '#shared/contract/data.ts'

/** "14:05:31" for today, "Yesterday 09:12:00", "12 Nov 2026, 09:12:00": in the reader's time zone. */
export function whenText(iso: string, now: number): string {
  const then = new Date(iso)
  const time = then.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const days = dayNumber(now) - dayNumber(then.getTime())
  if (days === 0) return time
  if (days === 1) return `Yesterday ${time}`
  return `${then.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })}, ${time}`
}

function dayNumber(milliseconds: number): number {
  const date = new Date(milliseconds)
  return Math.round(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 86_400_000)
}

/** The facts of a run that differ from one to the next, for its second line. */
export function runFacts(summary: RunSummary, thisMachine: string | null): readonly string[] {
  const failed = (summary.counts.failed ?? 0) + (summary.counts.upstream_failed ?? 0)
  const total = Object.values(summary.counts).reduce((sum, count) => sum + count, 0)
  return [
    failed > 0 ? `${failed} of ${total} tasks` : null,
    summary.partial ? 'part of the tasks' : null,
    summary.parent === null ? null : 'rerun of failed tasks',
    summary.trigger === 'cli' ? 'command line' : null,
    summary.damaged ? 'journal damaged' : null,
    thisMachine !== null && summary.machine !== thisMachine ? `recorded on ${summary.machine}` : null,
  ].filter((fact) => fact !== null)
}
