import type { Parameter, Pipeline } from '../../model/pipeline.ts'
import { type PipelineField, usedPipelineFields } from '../field.ts'
import { pythonDict, pythonString, pythonValue, timedelta } from './python.ts'
import type { PythonFile } from './python-file.ts'

/** A loss of the pipeline as a whole; null where the field is written. */
const PIPELINE_LOSSES: Record<
  PipelineField,
  { readonly feature: string; readonly message: string; readonly instead: string } | null
> = {
  id: null,
  name: null,
  description: null,
  owner: null,
  tags: null,
  schedule: null,
  params: null,
  env: null,
  concurrency: null,
  timeout: null,
  failFast: null,
  onSuccess: null,
  onFailure: null,
  tasks: null,
  groups: null,
  pools: {
    feature: 'Pools',
    message: 'The sizes of pools are kept by Airflow, not by the DAG, and are shared by all DAGs.',
    instead: 'The names of the pools; make each with `airflow pools set NAME SLOTS DESCRIPTION`.',
  },
  slo: {
    feature: 'Service levels',
    message: 'Airflow has no objectives over many runs; see its deadline alerts.',
    instead: 'Left out.',
  },
  notes: { feature: 'Notes', message: 'Airflow draws its own graph.', instead: 'Left out.' },
  canvas: { feature: 'Places on the canvas', message: 'Airflow draws its own graph.', instead: 'Left out.' },
}

/** Airflow loads a DAG that fails fast only where every task has the default rule. */
function failFastArgument(file: PythonFile, pipeline: Pipeline): string[] {
  if (!pipeline.failFast) return []
  if (pipeline.tasks.every((task) => task.triggerRule === 'all_success')) return ['fail_fast=True']
  file.report.add(null, 'failFast', {
    feature: 'Stop at the first failure',
    message: 'Airflow refuses `fail_fast` where a task has another trigger rule than all_success.',
    instead: 'Left out: the other tasks go on.',
  })
  return []
}

/** Arguments of `DAG(…)`. Call it after the tasks are written: they decide which filters and macros are needed. */
export function dagArguments(file: PythonFile, pipeline: Pipeline): string[] {
  for (const field of usedPipelineFields(pipeline)) {
    const loss = PIPELINE_LOSSES[field]
    if (loss !== null) file.report.add(null, field, loss)
  }
  file.importFrom('airflow.sdk', 'DAG')
  const args = [`dag_id=${pythonString(pipeline.id)}`]
  if (pipeline.name !== pipeline.id && pipeline.name !== '')
    args.push(`dag_display_name=${pythonString(pipeline.name)}`)
  if (pipeline.description !== '') args.push('doc_md=__doc__')
  args.push(...scheduleArguments(file, pipeline))
  if (pipeline.concurrency !== null) args.push(`max_active_tasks=${pipeline.concurrency}`)
  if (pipeline.timeout !== null) {
    file.importFrom('datetime', 'timedelta')
    args.push(`dagrun_timeout=${timedelta(pipeline.timeout)}`)
  }
  args.push(...failFastArgument(file, pipeline))
  if (pipeline.owner !== '') args.push(`default_args={"owner": ${pythonString(pipeline.owner)}}`)
  if (pipeline.params.size > 0) args.push(paramsArgument(file, pipeline))
  if (pipeline.tags.length > 0)
    args.push(`tags=${pythonValue([...new Set(pipeline.tags)].map((tag) => tag.slice(0, 100)))}`)
  if (file.filters.size > 0) {
    const filters = [...file.filters].sort().map((name): [string, string] => [name, name === 'python' ? 'repr' : name])
    args.push(`user_defined_filters=${pythonDict(filters)}`)
  }
  if (file.usesUntranslatedMacro) args.push('user_defined_macros={"untranslated": untranslated}')
  return args
}

/** Missed intervals count from the first date, which only Airflow knows of: a fixed one keeps the output the same. */
const FIRST_DATE = { year: 2026, month: 1, day: 1 }

function scheduleArguments(file: PythonFile, pipeline: Pipeline): string[] {
  const { schedule } = pipeline
  if (schedule === null) return ['schedule=None']
  file.importFrom('airflow.sdk', 'CronTriggerTimetable')
  const timezone = pythonString(schedule.timezone)
  const args = [
    `schedule=CronTriggerTimetable(${pythonString(schedule.cron)}, timezone=${timezone})`,
    `catchup=${schedule.catchup ? 'True' : 'False'}`,
  ]
  if (schedule.catchup) {
    const { year, month, day } = FIRST_DATE
    file.import('pendulum')
    args.unshift(`start_date=pendulum.datetime(${year}, ${month}, ${day}, tz=${timezone})`)
    file.report.add(null, 'schedule.catchup', {
      feature: 'First date',
      message: 'To catch up, Airflow must know when the schedule began.',
      instead: `The ${year}-0${month}-0${day}; change it to the day from which runs are wanted.`,
    })
  }
  return args
}

function paramsArgument(file: PythonFile, pipeline: Pipeline): string {
  file.importFrom('airflow.sdk', 'Param')
  const lines = [...pipeline.params].map(([name, parameter]) => {
    return `        ${pythonDict([[name, paramSource(file, pipeline, name, parameter)]]).slice(1, -1)},`
  })
  return `params={\n${lines.join('\n')}\n    }`
}

function paramSource(file: PythonFile, pipeline: Pipeline, name: string, parameter: Parameter): string {
  const { type, description, minimum, maximum } = parameter
  const args: string[] = []
  // A DAG that runs by itself must have a value for every parameter, or Airflow refuses it.
  const missing = parameter.default === undefined
  if (!missing) args.push(pythonValue(parameter.default ?? null))
  else if (pipeline.schedule !== null) {
    args.push('None')
    file.report.add(null, `params.${name}`, {
      feature: 'Required parameters',
      message: 'A DAG with a schedule needs a value for every parameter in Airflow.',
      instead: 'The default None; give it a value before the schedule is switched on.',
    })
  }
  const nullable = (missing && pipeline.schedule !== null) || parameter.default === null
  args.push(`type=${nullable ? `["null", "${type}"]` : `"${type}"`}`)
  if (parameter.enum !== null) args.push(`enum=${pythonValue(nullable ? [...parameter.enum, null] : parameter.enum)}`)
  if (minimum !== null) args.push(`minimum=${minimum}`)
  if (maximum !== null) args.push(`maximum=${maximum}`)
  if (description !== '') args.push(`description=${pythonString(description)}`)
  return `Param(${args.join(', ')})`
}
