import type { Group, Pipeline, Task } from '../../model/pipeline.ts'
import { fileName } from '../file-name.ts'
import type { Export, Exporter } from '../format.ts'
import { dagArguments } from './dag.ts'
import { whenLines } from './function-task.ts'
import { call, indented, pythonBlock, pythonString } from './python.ts'
import { PythonFile } from './python-file.ts'
import { type TaskBlock, taskBlock } from './task-block.ts'
import { TaskContext } from './task-context.ts'

/**
 * A DAG file for Airflow 3, over `airflow.sdk` and the standard provider. API as of apache-airflow 3.3.
 *
 * - shell, javascript and scripts that need a process of their own become BashOperators, other code `@task` functions
 * - expressions become Jinja in operators and Python in functions; shell values are quoted by a filter, SQL values escaped
 * - trigger rules have the same names; groups become TaskGroups that leave the ids of tasks as they are
 */
export const airflowExporter: Exporter = {
  id: 'airflow',
  title: 'Airflow 3',
  description: 'A DAG file in Python for the `dags` folder of Apache Airflow 3.',
  fileExtension: '.py',
  export(pipeline, options): Export {
    const file = new PythonFile()
    const text = dagFile(file, withoutHandlers(file, pipeline), options.source)
    return {
      files: [{ path: fileName(pipeline.id, '.py'), text, language: 'python' }],
      losses: file.report.losses(),
    }
  },
}

/** A task of Airflow cannot wait for the run's state, and would change it: its own callbacks are functions of the DAG. */
function withoutHandlers(file: PythonFile, pipeline: Pipeline): Pipeline {
  for (const field of ['onSuccess', 'onFailure'] as const) {
    for (const id of pipeline[field]) {
      file.report.add(id, field, {
        feature: 'Tasks after the run',
        message: `Airflow has no tasks that run by how the DAG run ended; its \`${CALLBACKS[field]}\` is a function.`,
        instead: 'The task is left out.',
      })
    }
  }
  const handlers = new Set([...pipeline.onSuccess, ...pipeline.onFailure])
  const tasks = pipeline.tasks.filter((task) => !handlers.has(task.id))
  const groups = pipeline.groups.map((group) => ({ ...group, tasks: group.tasks.filter((id) => !handlers.has(id)) }))
  return { ...pipeline, tasks, groups }
}
const CALLBACKS = { onSuccess: 'on_success_callback', onFailure: 'on_failure_callback' } as const

function dagFile(file: PythonFile, pipeline: Pipeline, source: string | null): string {
  const used = new Set([...pipeline.tasks, ...pipeline.groups].map(({ id }) => id))
  const taskId = (wanted: string) => {
    let unique = wanted
    for (let number = 2; used.has(unique); number++) unique = `${wanted}_${number}`
    used.add(unique)
    return unique
  }
  const parents = parentsOf(pipeline)
  const blocks = new Map<string, TaskBlock>()
  for (const task of definitionOrder(pipeline, parents)) {
    blocks.set(
      task.id,
      taskBlock(file, pipeline, task, { taskId }, (id) => blocks.get(id)),
    )
  }
  const body = [...groupedLines(file, parents, blocks, taskId), ...dependencyLines(file, pipeline, blocks, taskId)]
  const dag = call('with DAG', dagArguments(file, pipeline))
  if (file.usesWorkdir) {
    file.report.add(null, 'cwd', {
      feature: 'Working directory',
      message: "Dagwright runs tasks in the pipeline file's folder; Airflow's workers have no such folder.",
      instead: `The folder of the DAG file, or the one that the environment variable ${workdirVariable(pipeline)} names.`,
    })
  }
  const sections = [
    heading(pipeline, source),
    file.importLines(),
    file.usesWorkdir ? [workdirLine(pipeline)] : [],
    ...file.helperSources().map((helper) => ['', helper]),
    [...(file.helperSources().length > 0 ? [''] : []), ...dag.slice(0, -1), `${dag.at(-1)}:`, ...indented(body, 1)],
  ]
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`
}

function heading(pipeline: Pipeline, source: string | null): string[] {
  const origin = `Exported by Dagwright${source === null ? '' : ` from ${source.replace(/[^\x20-\x7e]/g, '_')}`}.`
  return pipeline.description === '' ? [`# ${origin}`] : [pythonBlock(pipeline.description), '', `# ${origin}`]
}

function workdirVariable(pipeline: Pipeline): string {
  return `${pipeline.id.replace(/\W/g, '_').toUpperCase()}_HOME`
}

function workdirLine(pipeline: Pipeline): string {
  return `WORKDIR = os.environ.get("${workdirVariable(pipeline)}", os.path.dirname(os.path.abspath(__file__)))`
}

/** Groups keep together, else file order; but a task that follows another stands after it: Python must know its items. */
function definitionOrder(pipeline: Pipeline, parents: Parents): Task[] {
  const byId = new Map(pipeline.tasks.map((task) => [task.id, task]))
  const home = (id: string) => pathTo(id, parents)[0]?.id ?? id
  const rank = new Map<string, number>()
  for (const { id } of pipeline.tasks) if (!rank.has(home(id))) rank.set(home(id), rank.size)
  const tasks = pipeline.tasks.toSorted((a, b) => rank.get(home(a.id))! - rank.get(home(b.id))!)
  const done = new Set<string>()
  return tasks.flatMap((task) => {
    const waiting: Task[] = []
    let next: Task | undefined = task
    while (next !== undefined && !done.has(next.id)) {
      done.add(next.id)
      waiting.push(next)
      next = next.forEach?.type === 'each' ? byId.get(next.forEach.task) : undefined
    }
    return waiting.reverse()
  })
}

type Parents = ReadonlyMap<string, Group>

function parentsOf(pipeline: Pipeline): Parents {
  return new Map(pipeline.groups.flatMap((group) => group.tasks.map((member) => [member, group])))
}

/** Tasks in their groups. A group is opened where its first task stands, and again where others stand between. */
function groupedLines(
  file: PythonFile,
  parents: Parents,
  blocks: ReadonlyMap<string, TaskBlock>,
  taskId: (wanted: string) => string,
): string[] {
  const opened = new Map<string, string>()
  const lines: string[] = []
  let path: readonly Group[] = []
  for (const block of blocks.values()) {
    const wanted = pathTo(block.task.id, parents)
    let shared = 0
    while (shared < path.length && path[shared] === wanted[shared]) shared++
    for (let depth = shared; depth < wanted.length; depth++) {
      lines.push(...indented([openGroup(file, wanted[depth]!, opened, taskId)], depth))
    }
    path = wanted
    lines.push(...indented(block.lines, wanted.length), '')
  }
  return lines
}

function pathTo(id: string, parents: Parents): Group[] {
  const path: Group[] = []
  for (let group = parents.get(id); group !== undefined && !path.includes(group); group = parents.get(group.id)) {
    path.unshift(group)
  }
  return path
}

function openGroup(
  file: PythonFile,
  group: Group,
  opened: Map<string, string>,
  taskId: (wanted: string) => string,
): string {
  const known = opened.get(group.id)
  if (known !== undefined) return `with ${known}:`
  file.importFrom('airflow.sdk', 'TaskGroup')
  const variable = file.identifier(`${group.id}_group`)
  opened.set(group.id, variable)
  // Airflow's ids of groups know no dots.
  const id = group.id.includes('.') ? taskId(group.id.replaceAll('.', '_')) : group.id
  const args = [pythonString(id), 'prefix_group_id=False']
  if (group.name !== id && group.name !== '') args.push(`group_display_name=${pythonString(group.name)}`)
  if (group.color !== null) {
    file.report.add(null, 'groups', {
      feature: 'Colours of groups',
      message: "Airflow's colours differ.",
      instead: 'Left out.',
    })
  }
  return `with TaskGroup(${args.join(', ')}) as ${variable}:`
}

/** One line for each task, then the gates that stand on conditional dependencies. */
function dependencyLines(
  file: PythonFile,
  pipeline: Pipeline,
  blocks: ReadonlyMap<string, TaskBlock>,
  taskId: (wanted: string) => string,
): string[] {
  const lines: string[] = []
  const gates: string[] = []
  for (const task of pipeline.tasks) {
    const target = blocks.get(task.id)!.entry
    const direct = task.needs.filter((need) => need.when === null).flatMap((need) => blocks.get(need.task)?.exit ?? [])
    if (direct.length === 1) lines.push(`${direct[0]} >> ${target}`)
    if (direct.length > 1) lines.push(`[${direct.join(', ')}] >> ${target}`)
    for (const need of task.needs) {
      const upstream = blocks.get(need.task)?.exit
      if (need.when === null || upstream === undefined) continue
      const id = taskId(`${need.task}__to__${task.id}`.slice(0, 240))
      const gate = gateLines(file, pipeline, task, need.when, id)
      gates.push(...gate.lines, `${upstream} >> ${gate.variable} >> ${target}`, '')
    }
  }
  return [...gates, ...lines]
}

function gateLines(file: PythonFile, pipeline: Pipeline, task: Task, when: string, id: string) {
  const context = new TaskContext(file, pipeline, task)
  context.loss(
    'needs.when',
    'Conditional dependencies',
    'A dependency has no condition in Airflow.',
    'An extra task on the dependency is skipped where the condition is false.',
  )
  file.importFrom('airflow.sdk', 'task')
  const name = file.identifier(id)
  const variable = file.identifier(`${id}_task`)
  const body = whenLines(context, when, 'needs.when')
  return {
    variable,
    lines: [
      ...call('@task', [`task_id=${pythonString(id)}`]),
      `def ${name}(${context.signature()}):`,
      ...indented(body, 1),
      '',
      `${variable} = ${name}()`,
    ],
  }
}
