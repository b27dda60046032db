import type { Estimate, Json, Parameter, Pipeline, RetryPolicy, Slo, Task } from '../../model/pipeline.ts'
import { type Micros, secondsOf } from '../../model/time.ts'
import { type TaskField, usedTaskFields } from '../field.ts'
import { fileName } from '../file-name.ts'
import type { Export, Exporter } from '../format.ts'

/**
 * Plain JSON for scripts: `{ format, pipeline, tasks, groups, notes, canvas }`.
 *
 * A task is `{ id, name, kind, depends_on: [ids], … }` in file order, with every other field that differs from its
 * default. Keys are snake_case; times are seconds; expressions are kept as they stand in the file (CEL in `${{ }}`).
 * Conditions on dependencies stand in `depends_on_when: { upstream: expression }`. Nothing is lost.
 */
export const jsonExporter: Exporter = {
  id: 'json',
  title: 'JSON',
  description: 'Tasks with `depends_on` and every field, for scripts and other tools.',
  fileExtension: '.json',
  export(pipeline): Export {
    const text = `${JSON.stringify(pipelineJson(pipeline), null, 2)}\n`
    return { files: [{ path: fileName(pipeline.id, '.json'), text, language: 'json' }], losses: [] }
  },
}

type Fields = { [key: string]: Json }

function pipelineJson(pipeline: Pipeline): Json {
  return filled({
    format: 'dagwright.pipeline/1',
    pipeline: filled({
      id: pipeline.id,
      name: pipeline.name,
      description: pipeline.description,
      owner: pipeline.owner,
      tags: pipeline.tags,
      schedule: pipeline.schedule && { ...pipeline.schedule },
      params: mapped(pipeline.params, parameterJson),
      env: mapped(pipeline.env, (value) => value),
      concurrency: pipeline.concurrency,
      timeout: seconds(pipeline.timeout),
      fail_fast: pipeline.failFast ? true : null,
      on_success: pipeline.onSuccess,
      on_failure: pipeline.onFailure,
      pools: mapped(pipeline.pools, (slots) => slots),
      slo: pipeline.slo && sloJson(pipeline.slo),
    }),
    tasks: pipeline.tasks.map(taskJson),
    groups: pipeline.groups.map(({ id, name, tasks, color }) => filled({ id, name, tasks, color })),
    notes: pipeline.notes.map(({ id, text, at, size }) => ({ id, text, at, size })),
    canvas: mapped(pipeline.canvas, (place) => place),
  })
}

function taskJson(task: Task): Json {
  const fields: Fields = Object.create(null)
  Object.assign(fields, {
    id: task.id,
    name: task.name,
    kind: task.kind,
    depends_on: task.needs.map((need) => need.task),
  })
  const conditions = task.needs.filter((need) => need.when !== null)
  if (conditions.length > 0) {
    fields.depends_on_when = mapped(new Map(conditions.map((need) => [need.task, need.when!])), (when) => when)
  }
  for (const field of usedTaskFields(task)) {
    if (field === 'id' || field === 'name' || field === 'kind' || field === 'needs') continue
    fields[field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)] = fieldJson(task, field)
  }
  return fields
}

/** Fields whose value is not JSON as it stands; the others are. */
function fieldJson(task: Task, field: TaskField): Json {
  switch (field) {
    case 'timeout':
      return seconds(task.timeout)
    case 'retries':
      return retriesJson(task.retries)
    case 'estimate':
      return task.estimate && estimateJson(task.estimate)
    case 'slo':
      return task.slo && sloJson(task.slo)
    case 'forEach':
      return forEachJson(task.forEach)
    default:
      return plain((task as Readonly<Partial<Record<TaskField, unknown>>>)[field])
  }
}

function plain(value: unknown): Json {
  if (value instanceof Map) return mapped(value, plain)
  return value as Json
}

function forEachJson(forEach: Task['forEach']): Json {
  switch (forEach?.type) {
    case 'list':
      return { list: forEach.list }
    case 'matrix':
      return { matrix: mapped(forEach.matrix, (list) => list) }
    case 'each':
      return { each: forEach.task }
    case undefined:
      return null
  }
}

function parameterJson(parameter: Parameter): Json {
  const { type, description, minimum, maximum } = parameter
  const fields = filled({ type, description, enum: parameter.enum, minimum, maximum })
  return parameter.default === undefined ? fields : { ...fields, default: parameter.default }
}

function retriesJson(retries: RetryPolicy): Json {
  return filled({
    limit: retries.limit,
    delay: secondsOf(retries.delay),
    backoff: retries.backoff,
    factor: retries.factor,
    max_delay: seconds(retries.maxDelay),
    jitter: retries.jitter,
    retry_on: retries.retryOn,
  })
}

function estimateJson({ min, likely, max }: Estimate): Json {
  return { min: secondsOf(min), likely: secondsOf(likely), max: secondsOf(max) }
}

function sloJson(slo: Slo): Json {
  return filled({
    duration: mapped(slo.duration, secondsOf),
    success_rate: slo.successRate,
    finish_by: slo.finishBy && { at: slo.finishBy.at, timezone: slo.finishBy.timezone },
    window_runs: slo.windowRuns,
  })
}

function seconds(time: Micros | null): number | null {
  return time === null ? null : secondsOf(time)
}

/** In the map's order, without a prototype: keys may be `__proto__`. */
function mapped<Value>(map: ReadonlyMap<string, Value>, to: (value: Value) => Json): Json {
  const fields: Fields = Object.create(null)
  for (const [key, value] of map) fields[key] = to(value)
  return fields
}

/** Without the keys that say nothing. */
function filled(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => {
      if (value === null || value === '') return false
      return typeof value !== 'object' || Object.keys(value).length > 0
    }),
  )
}
