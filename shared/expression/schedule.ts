import type { Schedule } from '../model/pipeline.ts'
import { lastTick, parseCron } from './cron.ts'

export interface LogicalDate {
  /** All three ISO 8601 in UTC. */
  readonly logicalDate: string
  readonly dataInterval: { readonly start: string; readonly end: string }
}

/**
 * What a run is about: the last tick of its schedule at or before `start`, else `start` itself; its interval reaches from
 * the tick before. `given` (ISO) takes the place of the tick. Instants are ISO 8601.
 */
export function logicalDateOf(schedule: Schedule | null, start: string, given?: string): LogicalDate {
  const instant = Date.parse(given ?? start)
  const cron = schedule ? parseCron(schedule.cron) : null
  if (!schedule || !cron?.ok) return between(instant, instant)
  const tick = given === undefined ? lastTick(cron.value, schedule.timezone, instant) : instant
  if (tick === null) return between(instant, instant)
  return between(lastTick(cron.value, schedule.timezone, tick - 1) ?? tick, tick)
}

function between(start: number, end: number): LogicalDate {
  const [from, to] = [new Date(start).toISOString(), new Date(end).toISOString()]
  return { logicalDate: to, dataInterval: { start: from, end: to } }
}
