import type { RetryPolicy, Task } from '../../model/pipeline.ts'
import { type TaskField, usedTaskFields } from '../field.ts'
import { pythonString, timedelta } from './python.ts'
import type { TaskContext } from './task-context.ts'

interface FixedLoss {
  readonly feature: string
  readonly message: string
  readonly instead: string
}

const LEFT_OUT = 'Left out.'

/** What a field of a task means to Airflow: null where it is written (its finer losses are reported where that happens). */
const TASK_LOSSES: Record<TaskField, FixedLoss | null> = {
  id: null,
  kind: null,
  name: null,
  docs: null,
  owner: null,
  needs: null,
  triggerRule: null,
  when: null,
  branch: null,
  forEach: null,
  maxParallel: null,
  pool: null,
  priority: null,
  timeout: null,
  retries: null,
  env: null,
  secrets: null,
  cwd: null,
  reads: null,
  writes: null,
  outputs: null,
  run: null,
  shell: null,
  code: null,
  interpreter: null,
  sql: null,
  database: null,
  connection: null,
  transaction: null,
  severity: null,
  method: null,
  url: null,
  headers: null,
  body: null,
  expect: null,
  aliases: { feature: 'Earlier ids', message: 'Airflow keeps no history across renamed tasks.', instead: LEFT_OUT },
  tags: { feature: 'Tags of tasks', message: 'Only whole DAGs have tags in Airflow.', instead: LEFT_OUT },
  layer: { feature: 'Layers', message: 'Airflow knows no layers of data.', instead: LEFT_OUT },
  required: {
    feature: 'Tasks that may fail',
    message: 'A failed leaf fails the whole DAG run in Airflow; there is no partial run.',
    instead: 'The task counts like any other.',
  },
  failFast: {
    feature: 'Fail fast',
    message: 'One failed instance of a mapped task does not stop the others in Airflow.',
    instead: LEFT_OUT,
  },
  estimate: { feature: 'Estimates', message: 'Airflow knows no expected durations.', instead: LEFT_OUT },
  cache: {
    feature: 'Caching',
    message: 'Airflow runs a task again even where nothing has changed.',
    instead: LEFT_OUT,
  },
  slo: {
    feature: 'Service levels',
    message: 'Airflow has no objectives over many runs; see its deadline alerts.',
    instead: LEFT_OUT,
  },
}

export function reportFixedLosses(context: TaskContext): void {
  for (const field of usedTaskFields(context.task)) {
    const loss = TASK_LOSSES[field]
    if (loss !== null) context.file.report.add(context.task.id, field, loss)
  }
}

export interface NodeOptions {
  readonly taskId: string
  /** The instances come from an extra task, which obeys the rule instead. */
  readonly ruleElsewhere?: boolean
  readonly multipleOutputs?: boolean
}

/** Arguments that every operator and `@task` takes, as `name=value`, in one fixed order. */
export function commonArguments(context: TaskContext, options: NodeOptions): string[] {
  const { task } = context
  const args = [`task_id=${pythonString(options.taskId)}`]
  if (task.name !== task.id && task.name !== '') args.push(`task_display_name=${pythonString(task.name)}`)
  if (task.docs !== '') args.push(`doc_md=${pythonString(task.docs)}`)
  if (task.owner !== '') args.push(`owner=${pythonString(task.owner)}`)
  if (options.multipleOutputs) args.push('multiple_outputs=True')
  if (!options.ruleElsewhere) args.push(...ruleArguments(task))
  if (task.pool !== null) {
    args.push(`pool=${pythonString(task.pool.name)}`)
    if (task.pool.slots !== 1) args.push(`pool_slots=${task.pool.slots}`)
  }
  if (task.priority !== 0) args.push(`priority_weight=${task.priority}`, 'weight_rule="absolute"')
  if (task.maxParallel !== null && task.forEach !== null) args.push(`max_active_tis_per_dagrun=${task.maxParallel}`)
  if (task.timeout !== null) {
    context.file.importFrom('datetime', 'timedelta')
    args.push(`execution_timeout=${timedelta(task.timeout)}`)
  }
  args.push(...retryArguments(context, task.retries))
  args.push(...assetArguments(context, 'inlets', 'reads'), ...assetArguments(context, 'outlets', 'writes'))
  return args
}

/** Roots ignore the rule. */
export function ruleArguments(task: Task): string[] {
  if (task.triggerRule === 'all_success' || task.needs.length === 0) return []
  return [`trigger_rule="${task.triggerRule}"`]
}

function retryArguments(context: TaskContext, retries: RetryPolicy): string[] {
  if (retries.limit === 0) return []
  context.file.importFrom('datetime', 'timedelta')
  const args = [`retries=${retries.limit}`, `retry_delay=${timedelta(retries.delay)}`]
  if (retries.backoff === 'exponential' && retries.factor > 1) {
    args.push(`retry_exponential_backoff=${Number.isInteger(retries.factor) ? `${retries.factor}.0` : retries.factor}`)
    if (retries.maxDelay !== null) args.push(`max_retry_delay=${timedelta(retries.maxDelay)}`)
    context.loss(
      'retries.backoff',
      'Retry delays',
      'Airflow rounds growing delays up to whole seconds and adds a small spread of its own; before Airflow 3.2 the factor is always 2.',
      'The factor, as Airflow 3.2 and later take it.',
    )
  }
  if (retries.backoff === 'linear') {
    context.loss('retries.backoff', 'Linear backoff', 'Airflow knows fixed and exponential delays.', 'A fixed delay.')
  }
  if (retries.jitter !== 'none') {
    context.loss('retries.jitter', 'Retry jitter', 'Airflow chooses the spread of its delays itself.', LEFT_OUT)
  }
  if (retries.retryOn !== null) {
    context.loss(
      'retries.retryOn',
      'Retry on exit codes',
      'Airflow retries after every failure, whatever the exit code.',
      'A retry after every failure.',
    )
  }
  return args
}

/** Datasets become assets where Airflow accepts their name: printable ASCII, without expressions. */
function assetArguments(context: TaskContext, argument: 'inlets' | 'outlets', field: 'reads' | 'writes'): string[] {
  const names = context.task[field]
  const accepted = names.filter((name) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(name) && !name.includes('${{'))
  const usable = accepted.filter(
    (name) => !/^(asset|airflow):?$/i.test(name) && (/^https?:\/\//.test(name) || !/^[a-z][\w+.-]*:/i.test(name)),
  )
  if (usable.length < names.length) {
    context.loss(
      field,
      'Datasets',
      'Airflow takes this name for no asset: it is a URI with rules of its own, holds an expression, or is not plain ASCII.',
      LEFT_OUT,
    )
  }
  if (usable.length === 0) return []
  context.file.importFrom('airflow.sdk', 'Asset')
  return [`${argument}=[${usable.map((name) => `Asset(${pythonString(name)})`).join(', ')}]`]
}
