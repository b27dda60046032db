import { modelOf } from './kinds/registry.ts'
import { type Json, TASK_KINDS, type Task, type TaskKind, TRIGGER_RULES } from './pipeline.ts'
import {
  conditionOf,
  durationOf,
  estimateOf,
  flagOf,
  forEachOf,
  needsOf,
  numberOf,
  oneOf,
  poolOf,
  retriesOf,
  sloOf,
  textMapOf,
  textOf,
  textsOf,
} from './reading.ts'
import { fieldsOfKind } from './task-schema.ts'

type Fields = { readonly [key: string]: Json }

/** The kind a task states, or the one its fields speak of, so that a mistake in `kind` does not hide the task. */
export function kindOf(fields: Fields): TaskKind {
  const stated = TASK_KINDS.find((kind) => kind === fields.kind)
  if (stated) return stated
  if (fields.run !== undefined) return 'shell'
  if (fields.code !== undefined) return 'python'
  if (fields.sql !== undefined) return 'sql'
  return fields.url !== undefined ? 'http' : 'noop'
}

/** Fields of which each setting counts by itself; in others what a task says replaces all that the defaults say. */
export const MERGED_FIELDS: ReadonlySet<string | number> = new Set(['retries', 'env'])

/** A task from fields that its schema has let through; `defaults` count where the task says nothing, not where it says null. */
export function readTask(id: string, own: Fields, defaults: Fields): Task {
  const kind = kindOf(own)
  const fields: { [key: string]: Json } = Object.create(null)
  for (const key of fieldsOfKind(kind)) {
    const value = Object.hasOwn(own, key) ? own[key] : defaults[key]
    if (value !== undefined && value !== null) fields[key] = value
  }
  const common = {
    id,
    aliases: textsOf(fields.aliases),
    name: textOf(fields.name) ?? id,
    docs: textOf(fields.docs) ?? '',
    owner: textOf(fields.owner) ?? '',
    tags: textsOf(fields.tags),
    layer: textOf(fields.layer) ?? '',
    needs: needsOf(fields.needs),
    triggerRule: oneOf(fields.triggerRule, TRIGGER_RULES, 'all_success'),
    required: flagOf(fields.required, true),
    when: conditionOf(fields.when),
    branch: textOf(fields.branch) ?? null,
    forEach: forEachOf(fields.forEach),
    maxParallel: numberOf(fields.maxParallel),
    failFast: flagOf(fields.failFast, false),
    pool: poolOf(fields.pool),
    priority: numberOf(fields.priority) ?? 0,
    timeout: durationOf(fields.timeout),
    retries: retriesOf(
      own.retries,
      Object.hasOwn(own, 'retries') && own.retries === null ? undefined : defaults.retries,
    ),
    env: new Map([...textMapOf(defaults.env), ...textMapOf(own.env)]),
    secrets: textsOf(fields.secrets),
    cwd: textOf(fields.cwd) ?? null,
    reads: textsOf(fields.reads),
    writes: textsOf(fields.writes),
    estimate: estimateOf(fields.estimate),
    cache: flagOf(fields.cache, false),
    slo: sloOf(fields.slo),
    outputs: textMapOf(fields.outputs),
  }
  return { ...common, ...modelOf(kind).read(fields) }
}
