import { durationText } from '../../analysis/duration-text.ts'
import { formatDuration } from '../../model/duration.ts'
import { ID_MAX_LENGTH, idFrom, isId } from '../../model/id.ts'
import type { Json } from '../../model/pipeline.ts'
import { failure, type Result, success } from '../../model/problem.ts'
import { MAX_TEXT_LENGTH } from '../../model/source.ts'
import { blockLines } from '../../model/yaml-text.ts'
import type { Import, Importer, ImportOptions } from '../format.ts'
import { LossReport } from '../loss-report.ts'
import { readWorkflow, type Workflow, type WorkflowTask } from './workflow.ts'

/**
 * WfFormat 1.5: recorded runs of real workflows. Run times become estimates, and the imported run that stands beside the
 * plan. The files have no start times, so nothing is made up about when a task ran or what it waited for.
 */
export const wfcommonsImporter: Importer = {
  id: 'wfcommons',
  title: 'WfCommons',
  description: 'Recorded runs of real workflows (WfFormat 1.5, JSON).',
  maxBytes: 32 * 1024 * 1024,
  import(text, options) {
    const read = readWorkflow(text)
    return read.ok ? written(read.value, options) : read
  },
}

type Fields = Record<string, Json>

/** A pipeline file has a largest size; the lists of files are what a large workflow can do without. */
function written(workflow: Workflow, options: ImportOptions): Result<Import> {
  const whole = pipelineOf(workflow, options, true)
  if (whole.text.length <= MAX_TEXT_LENGTH) return success(whole)
  const lean = pipelineOf(workflow, options, false)
  if (lean.text.length <= MAX_TEXT_LENGTH) return success(lean)
  return failure({
    code: 'FILE_TOO_LARGE',
    severity: 'error',
    message: `Its ${workflow.tasks.length} tasks make a pipeline of more than 5 MB, which cannot be opened.`,
    hint: 'Choose a smaller instance of this workflow.',
  })
}

function pipelineOf(workflow: Workflow, options: ImportOptions, withFiles: boolean): Import {
  const report = new LossReport()
  reportWorkflow(workflow, withFiles, report)
  const ids = idsOf(workflow.tasks)
  const tasks: Fields = Object.create(null)
  for (const task of workflow.tasks) {
    const id = ids.get(task.id)!
    tasks[id] = taskFields(task, id, ids, options.tasks, withFiles)
    reportTask(task, id, options.tasks, report)
  }
  const pipeline = options.id ?? idFrom(workflow.name || 'workflow')
  const head = { dagwright: 1, id: pipeline, name: workflow.name || pipeline, description: descriptionOf(workflow) }
  const lines = [...blockLines(head, 0), 'tasks:', ...blockLines(tasks, 2, 1)]
  const durations = workflow.tasks.flatMap(({ id, runtime }) =>
    runtime === null ? [] : [[ids.get(id)!, runtime] as const],
  )
  return {
    pipeline,
    text: `${lines.join('\n')}\n`,
    losses: report.losses(),
    run:
      durations.length === 0
        ? null
        : {
            source: 'wfcommons',
            pipeline,
            recordedAt: workflow.executedAt,
            makespan: workflow.makespan,
            tasks: durations,
          },
  }
}

/** Legal ids stay; the others get the nearest one that is free. Ids that differ only in case are not legal together. */
function idsOf(tasks: readonly WorkflowTask[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const taken = new Set<string>()
  const take = (from: string, id: string) => {
    ids.set(from, id)
    taken.add(id.toLowerCase())
  }
  for (const { id } of tasks) if (isId(id) && !taken.has(id.toLowerCase())) take(id, id)
  const next = new Map<string, number>()
  for (const { id } of tasks) {
    if (ids.has(id)) continue
    const base = idFrom(id)
    let number = next.get(base) ?? 2
    let free = base
    while (taken.has(free.toLowerCase())) free = `${base.slice(0, ID_MAX_LENGTH - 8)}_${number++}`
    next.set(base, number)
    take(id, free)
  }
  return ids
}

function taskFields(
  task: WorkflowTask,
  id: string,
  ids: ReadonlyMap<string, string>,
  kind: ImportOptions['tasks'],
  withFiles: boolean,
): Fields {
  const runs = kind === 'command' && canRun(task)
  const name = id === task.id ? task.name : task.id
  const fields: Fields = {}
  if (name !== id) fields.name = name
  fields.kind = runs ? 'shell' : 'noop'
  if (task.parents.length > 0) fields.needs = task.parents.map((parent) => ids.get(parent)!)
  if (runs) fields.run = task.command
  if (withFiles && task.inputFiles.length > 0) fields.reads = task.inputFiles
  if (withFiles && task.outputFiles.length > 0) fields.writes = task.outputFiles
  if (task.runtime !== null) fields.estimate = formatDuration(task.runtime)
  if (!runs && task.command !== '') fields.docs = `Recorded command:\n\n${fenced(task.command)}\n`
  return fields
}

/** In a script `\${{` would be an expression of ours. */
function canRun(task: WorkflowTask): boolean {
  return task.command !== '' && !task.command.includes('${{')
}

function fenced(code: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${code}\n${fence}`
}

function descriptionOf({ description, executedAt, makespan, tasks }: Workflow): string {
  const recorded = tasks.filter((task) => task.runtime !== null).length
  const facts = [
    'Imported from a recorded run (WfFormat 1.5).',
    ...(recorded > 0 ? [`Estimates are the recorded run times of ${recorded} of ${tasks.length} tasks.`] : []),
    ...(makespan === null ? [] : [`The recorded run took ${durationText(makespan)} (${formatDuration(makespan)}).`]),
    ...(executedAt === null ? [] : [`Recorded at: ${executedAt}.`]),
  ].join(' ')
  return description === '' ? facts : `${description}\n\n${facts}`
}

function reportTask(task: WorkflowTask, id: string, kind: ImportOptions['tasks'], report: LossReport): void {
  if (id !== task.id) {
    report.add(id, 'id', {
      feature: 'Task id',
      message: 'The id has characters that ids here cannot have, or another id differs from it only in case.',
      instead: 'A similar id; the original stands in `name`.',
    })
    if (task.name !== task.id) {
      report.add(id, 'name', {
        feature: 'Task name',
        message: 'A task has one name, and here it is the original id.',
        instead: 'The name is left out.',
      })
    }
  }
  if (task.runtime === null) {
    report.add(id, 'runtimeInSeconds', {
      feature: 'Run time',
      message: 'None is recorded.',
      instead: 'No estimate: the plan takes a guess, and marks it as one.',
    })
  }
  if (kind === 'command' && !canRun(task)) {
    report.add(id, 'command', {
      feature: 'Command',
      message: 'None is recorded, or it holds `${{`, which would be an expression here.',
      instead: 'A task that does nothing.',
    })
  }
  for (const fact of task.otherFacts) {
    report.add(id, fact, {
      feature: 'Recorded facts',
      message: 'A pipeline has no place for what one recorded run used.',
      instead: 'Left out.',
    })
  }
}

function reportWorkflow(workflow: Workflow, withFiles: boolean, report: LossReport): void {
  report.add(null, 'start times', {
    feature: 'Start times',
    message: 'WfFormat records how long tasks ran, not when they started.',
    instead: 'Durations are a basis for the plan; there is no Gantt, queue time or realized path for the recorded run.',
  })
  if (workflow.oneSidedEdges > 0) {
    report.add(null, 'parents, children', {
      feature: 'Dependencies named once',
      message: `Dependencies that only one of their two tasks names: ${workflow.oneSidedEdges}.`,
      instead: 'They are kept, as if both named them.',
    })
  }
  if (workflow.strayRecords.length > 0) {
    const [first] = workflow.strayRecords
    report.add(null, 'workflow.execution.tasks', {
      feature: 'Records without a task',
      message: `Records that belong to no task of the workflow: ${workflow.strayRecords.length}, such as "${first}".`,
      instead: 'Left out.',
    })
  }
  if (!withFiles) {
    report.add(null, 'inputFiles, outputFiles', {
      feature: 'Files',
      message: 'With the lists of files the pipeline would be larger than 5 MB, and could not be opened.',
      instead: 'No `reads` and `writes`.',
    })
  }
}
