import type { Group, Json, Note, Parameter, ParameterType, Pipeline, Schedule, Task } from './pipeline.ts'
import {
  durationOf,
  entriesOf,
  flagOf,
  listOf,
  numberOf,
  oneOf,
  pointOf,
  recordOf,
  sloOf,
  textMapOf,
  textOf,
  textsOf,
} from './reading.ts'
import { isRecord } from './source.ts'

type Fields = { readonly [key: string]: Json }

const PARAMETER_TYPES: readonly ParameterType[] = ['string', 'integer', 'number', 'boolean', 'array', 'object']
const NOTE_SIZE = [240, 120] as const

/** A pipeline from a frame that its schema has let through, and tasks already read. */
export function readPipeline(frame: Fields, tasks: readonly Task[]): Pipeline {
  const id = textOf(frame.id) ?? 'pipeline'
  return {
    id,
    name: textOf(frame.name) ?? id,
    description: textOf(frame.description) ?? '',
    owner: textOf(frame.owner) ?? '',
    tags: textsOf(frame.tags),
    schedule: scheduleOf(frame.schedule),
    params: mapOf(frame.params, parameterOf),
    env: textMapOf(frame.env),
    concurrency: numberOf(frame.concurrency),
    timeout: durationOf(frame.timeout),
    failFast: flagOf(frame.failFast, false),
    onSuccess: textsOf(frame.onSuccess),
    onFailure: textsOf(frame.onFailure),
    pools: mapOf(frame.pools, numberOf),
    slo: sloOf(frame.slo),
    tasks,
    groups: entriesOf(frame.groups).flatMap(([key, value]) => groupOf(key, value)),
    notes: listOf(frame.notes).flatMap(noteOf),
    canvas: mapOf(frame.canvas, pointOf),
  }
}

function mapOf<T>(value: Json | undefined, read: (value: Json) => T | null): ReadonlyMap<string, T> {
  const map = new Map<string, T>()
  for (const [key, item] of entriesOf(value)) {
    const one = read(item)
    if (one !== null) map.set(key, one)
  }
  return map
}

function scheduleOf(value: Json | undefined): Schedule | null {
  const fields = recordOf(value)
  const cron = textOf(fields.cron)
  if (cron === undefined) return null
  return { cron, timezone: textOf(fields.timezone) ?? 'UTC', catchup: flagOf(fields.catchup, false) }
}

function parameterOf(value: Json): Parameter | null {
  if (!isRecord(value)) return null
  return {
    type: oneOf(value.type, PARAMETER_TYPES, 'string'),
    default: value.default,
    description: textOf(value.description) ?? '',
    enum: Array.isArray(value.enum) ? value.enum : null,
    minimum: numberOf(value.minimum),
    maximum: numberOf(value.maximum),
  }
}

function groupOf(id: string, value: Json): readonly Group[] {
  if (!isRecord(value)) return []
  return [{ id, name: textOf(value.name) ?? id, tasks: textsOf(value.tasks), color: textOf(value.color) ?? null }]
}

function noteOf(value: Json): readonly Note[] {
  const fields = recordOf(value)
  const id = textOf(fields.id)
  if (id === undefined) return []
  return [
    { id, text: textOf(fields.text) ?? '', at: pointOf(fields.at) ?? [0, 0], size: pointOf(fields.size) ?? NOTE_SIZE },
  ]
}
