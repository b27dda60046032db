import type { StandardRPCCustomJsonSerializer } from '@orpc/client/standard'
import type { TaskSummary } from '../analysis/history.ts'
import type { JournalEvent } from '../journal/event.ts'
import { packEvents, unpackEvents } from './event-columns.ts'

/** A few events are shorter as they are. */
const LEAST_PACKED = 24

/**
 * oRPC copies objects by assignment, which loses a key named `__proto__`, and a task may be called that. Such objects
 * travel as a list of pairs. What is long would take oRPC long to walk through: lists of journal events travel in columns,
 * and summaries of tasks as JSON. Both sides of every transport must use these.
 */
export const contractSerializers: readonly StandardRPCCustomJsonSerializer[] = [
  {
    type: 20,
    condition: (data) => typeof data === 'object' && data !== null && Object.hasOwn(data, '__proto__'),
    serialize: (data: Record<string, unknown>) => Object.entries(data),
    deserialize: (pairs: [string, unknown][]) => Object.fromEntries(pairs),
  },
  {
    type: 21,
    condition: (data) => Array.isArray(data) && data.length >= LEAST_PACKED && data.every(isEvent),
    serialize: (events: readonly JournalEvent[]) => packEvents(events),
    deserialize: (text: string) => unpackEvents(text),
  },
  {
    type: 22,
    condition: (data) => Array.isArray(data) && data.length >= LEAST_PACKED && data.every(isSummary),
    serialize: (summaries: readonly TaskSummary[]) => JSON.stringify(summaries),
    deserialize: (text: string) => JSON.parse(text),
  },
]

function isSummary(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  const { task, runs, rate } = data as Partial<Record<string, unknown>>
  return typeof task === 'string' && typeof runs === 'number' && rate !== undefined
}

function isEvent(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  const { n, t, type } = data as Partial<Record<string, unknown>>
  return typeof n === 'number' && typeof t === 'number' && typeof type === 'string'
}
