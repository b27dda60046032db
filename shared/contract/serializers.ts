import type { StandardRPCCustomJsonSerializer } from '@orpc/client/standard'
import { packObjects, unpackObjects } from './columns.ts'

/** A few objects are shorter as they are. */
const LEAST_PACKED = 24

/**
 * oRPC copies objects by assignment, which loses a key named `__proto__`, and a task may be called that. Such objects
 * travel as a list of pairs. What is long would take oRPC long to walk through: lists of journal events, of summaries of
 * tasks and of what they would run travel in columns. Both sides of every transport must use these.
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
    condition: (data) =>
      Array.isArray(data) && data.length >= LEAST_PACKED && [isEvent, isSummary, isCode].some((is) => data.every(is)),
    serialize: (objects: readonly object[]) => packObjects(objects),
    deserialize: (text: string) => unpackObjects(text),
  },
]

function isSummary(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  const { task, runs, rate } = data as Partial<Record<string, unknown>>
  return typeof task === 'string' && typeof runs === 'number' && rate !== undefined
}

/** What a task of an untrusted workspace would run. */
function isCode(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  const { task, kind, code } = data as Partial<Record<string, unknown>>
  return typeof task === 'string' && typeof kind === 'string' && typeof code === 'string'
}

function isEvent(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  const { n, t, type } = data as Partial<Record<string, unknown>>
  return typeof n === 'number' && typeof t === 'number' && typeof type === 'string'
}
