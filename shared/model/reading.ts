import { parseDuration } from './duration.ts'
import type { Estimate, ForEach, Json, Need, PoolUse, RetryPolicy, Slo } from './pipeline.ts'
import { isRecord } from './source.ts'
import { type Micros, SECOND } from './time.ts'

/**
 * Readers of single values. They take what a schema has let through, or nothing, and never fail: what does not fit
 * gives the default, because its problem has been reported already.
 */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null
}

export function flagOf(value: Json | undefined, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string')
}

export function recordOf(value: Json | undefined): { readonly [key: string]: Json } {
  return isRecord(value) ? value : Object.create(null)
}

export function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  const record = recordOf(value)
  return Object.keys(record).map((key) => [key, record[key]!])
}

export function oneOf<T extends string>(value: Json | undefined, allowed: readonly T[], otherwise: T): T {
  return allowed.find((candidate) => candidate === value) ?? otherwise
}

export function durationOf(value: Json | undefined): Micros | null {
  return typeof value === 'string' ? (parseDuration(value) ?? null) : null
}

/** Texts stay, numbers and flags become texts. */
export function textMapOf(value: Json | undefined): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const [key, item] of entriesOf(value)) {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') map.set(key, String(item))
  }
  return map
}

/** `when: false` is `${{ false }}`: one form for those who evaluate it. */
export function conditionOf(value: Json | undefined): string | null {
  if (typeof value === 'boolean') return `\${{ ${value} }}`
  return textOf(value) ?? null
}

/** The id that one entry of `needs` names, as the file writes it. */
export function neededId(need: Json): string | undefined {
  if (typeof need === 'string') return need
  return isRecord(need) && typeof need.task === 'string' ? need.task : undefined
}

export function needsOf(value: Json | undefined): readonly Need[] {
  const needs: Need[] = []
  for (const item of listOf(value)) {
    if (typeof item === 'string') needs.push({ task: item, when: null })
    else if (isRecord(item) && typeof item.task === 'string')
      needs.push({ task: item.task, when: conditionOf(item.when) })
  }
  return needs
}

export function forEachOf(value: Json | undefined): ForEach | null {
  if (typeof value === 'string' || Array.isArray(value)) return { type: 'list', list: value }
  if (!isRecord(value)) return null
  if (typeof value.each === 'string') return { type: 'each', task: value.each }
  const matrix = new Map<string, readonly Json[] | string>()
  for (const [key, list] of entriesOf(value.matrix)) {
    if (typeof list === 'string' || Array.isArray(list)) matrix.set(key, list)
  }
  return value.matrix === undefined ? null : { type: 'matrix', matrix }
}

export function poolOf(value: Json | undefined): PoolUse | null {
  if (typeof value === 'string') return { name: value, slots: 1 }
  if (!isRecord(value) || typeof value.name !== 'string') return null
  return { name: value.name, slots: numberOf(value.slots) ?? 1 }
}

const NO_RETRIES: RetryPolicy = {
  limit: 0,
  delay: SECOND,
  backoff: 'fixed',
  factor: 2,
  maxDelay: null,
  jitter: 'none',
  retryOn: null,
}

/** Each setting of the task, else of `defaults`, else the built-in one. */
export function retriesOf(own: Json | undefined, defaults: Json | undefined): RetryPolicy {
  const settings = (value: Json | undefined) => (typeof value === 'number' ? { limit: value } : recordOf(value))
  const merged: { readonly [key: string]: Json } = { ...settings(defaults), ...settings(own) }
  return {
    limit: numberOf(merged.limit) ?? NO_RETRIES.limit,
    delay: durationOf(merged.delay) ?? NO_RETRIES.delay,
    backoff: oneOf(merged.backoff, ['fixed', 'linear', 'exponential'], NO_RETRIES.backoff),
    factor: numberOf(merged.factor) ?? NO_RETRIES.factor,
    maxDelay: durationOf(merged.maxDelay),
    jitter: oneOf(merged.jitter, ['none', 'full'], NO_RETRIES.jitter),
    retryOn: Array.isArray(merged.retryOn) ? merged.retryOn.filter((code) => typeof code === 'number') : null,
  }
}

export function estimateOf(value: Json | undefined): Estimate | null {
  const whole = durationOf(value)
  if (whole !== null) return { min: whole, likely: whole, max: whole }
  const parts = recordOf(value)
  const likely = durationOf(parts.likely)
  if (likely === null) return null
  return { min: durationOf(parts.min) ?? likely, likely, max: durationOf(parts.max) ?? likely }
}

export function sloOf(value: Json | undefined): Slo | null {
  if (!isRecord(value)) return null
  const duration = new Map<string, Micros>()
  for (const [percentile, limit] of entriesOf(value.duration)) {
    const micros = durationOf(limit)
    if (micros !== null) duration.set(percentile, micros)
  }
  const finishBy = recordOf(value.finishBy)
  const at = textOf(finishBy.at)
  return {
    duration,
    successRate: numberOf(value.successRate),
    finishBy: at === undefined ? null : { at, timezone: textOf(finishBy.timezone) ?? 'UTC' },
    windowRuns: typeof value.window === 'string' ? Number.parseInt(value.window, 10) : (numberOf(value.window) ?? 50),
  }
}

export function pointOf(value: Json | undefined): readonly [number, number] | null {
  if (!Array.isArray(value)) return null
  const [x, y] = value
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : null
}
