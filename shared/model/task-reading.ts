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
  return withKind(kind, common, fields)
}

type Common = Omit<Extract<Task, { kind: 'noop' }>, 'kind'>

function withKind(kind: TaskKind, common: Common, fields: Fields): Task {
  const database = textOf(fields.database) ?? null
  const connection = textOf(fields.connection) ?? null
  const code = textOf(fields.code) ?? ''
  const interpreter = textOf(fields.interpreter) ?? null
  const sql = textOf(fields.sql) ?? ''
  switch (kind) {
    case 'shell': {
      const shell = (['bash', 'sh', 'powershell', 'cmd'] as const).find((name) => name === fields.shell) ?? null
      return { ...common, kind, run: textOf(fields.run) ?? '', shell }
    }
    case 'python':
    case 'javascript':
      return { ...common, kind, code, interpreter }
    case 'sql':
      return {
        ...common,
        kind,
        sql,
        database,
        connection,
        transaction: oneOf(fields.transaction, ['task', 'none'], 'task'),
      }
    case 'check':
      return {
        ...common,
        kind,
        sql,
        database,
        connection,
        severity: oneOf(fields.severity, ['error', 'warn'], 'error'),
      }
    case 'http':
      return {
        ...common,
        kind,
        method: oneOf(fields.method, ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], 'GET'),
        url: textOf(fields.url) ?? '',
        headers: textMapOf(fields.headers),
        body: textOf(fields.body) ?? null,
        expect: expectOf(fields.expect),
      }
    case 'noop':
      return { ...common, kind }
  }
}

function expectOf(value: Json | undefined): readonly number[] | null {
  if (typeof value === 'number') return [value]
  return Array.isArray(value) ? value.filter((code) => typeof code === 'number') : null
}
