import type { Pipeline, Task } from '../../model/pipeline.ts'
import { commonArguments, type NodeOptions, reportFixedLosses, ruleArguments } from './arguments.ts'
import { type BashTask, bashTask } from './bash-task.ts'
import {
  checkFunction,
  type FunctionTask,
  httpFunction,
  noopFunction,
  pythonFunction,
  sqlFunction,
  whenLines,
} from './function-task.ts'
import { jinjaTemplate } from './jinja.ts'
import { type Mapping, mappingOf } from './mapping.ts'
import { bare, call, indented, pythonBlock, pythonString } from './python.ts'
import type { PythonFile } from './python-file.ts'
import { soleExpression, TaskContext } from './task-context.ts'

/** What one task of the pipeline becomes: its lines, and the variables by which its dependencies are written. */
export interface TaskBlock {
  readonly task: Task
  readonly lines: readonly string[]
  /** What its upstreams lead to, and what leads to its downstreams. */
  readonly entry: string
  readonly exit: string
  /** What its instances run over, for a task that follows it; null unless mapped. */
  readonly items: string | null
}

export interface Names {
  /** A task id that no other task has. */
  taskId(wanted: string): string
}

/** `followed`: the block of the task that `forEach.each` names, if it is already made. */
export function taskBlock(
  file: PythonFile,
  pipeline: Pipeline,
  task: Task,
  names: Names,
  followed: (id: string) => TaskBlock | undefined,
): TaskBlock {
  const context = new TaskContext(file, pipeline, task)
  reportFixedLosses(context)
  const mapping = mappingOf(context, task)
  const items = itemsOf(context, mapping, names, followed)
  const options: NodeOptions = { taskId: task.id, ruleElsewhere: items?.variable !== undefined }
  const branchItself = task.branch !== null && task.kind === 'noop' && task.forEach === null
  const node = branchItself
    ? branchNode(context, task, options)
    : workNode(context, task, options, items?.source ?? null)
  const branch = task.branch === null || branchItself ? null : extraBranch(context, task, names, node.variable)
  return {
    task,
    lines: [...(items?.lines ?? []), ...node.lines, ...(branch?.lines ?? [])],
    entry: items?.variable ?? node.variable,
    exit: branch?.variable ?? node.variable,
    items: items?.source ?? null,
  }
}

interface Items {
  readonly lines: readonly string[]
  /** What `.expand` takes. */
  readonly source: string
  /** The task that makes the list, where it is this task's own. */
  readonly variable?: string
}

function itemsOf(
  context: TaskContext,
  mapping: Mapping | null,
  names: Names,
  followed: (id: string) => TaskBlock | undefined,
): Items | null {
  if (mapping === null) return null
  if (mapping.type === 'literal') return { lines: [], source: mapping.source }
  if (mapping.type === 'shared') return { lines: [], source: followed(mapping.task)?.items ?? '[]' }
  const { file, task } = context
  const taskId = names.taskId(`${task.id}__items`)
  const name = file.identifier(`${task.id}_items`)
  const variable = file.identifier(`${task.id}_items_task`)
  const args = [`task_id=${pythonString(taskId)}`, ...ruleArguments(task)]
  file.importFrom('airflow.sdk', 'task')
  return {
    lines: [...functionLines(name, args, [], context.signature(), mapping.body), '', `${variable} = ${name}()`, ''],
    source: variable,
    variable,
  }
}

interface Node {
  readonly lines: readonly string[]
  readonly variable: string
}

function workNode(context: TaskContext, task: Task, options: NodeOptions, items: string | null): Node {
  context.variables.clear()
  switch (task.kind) {
    case 'shell':
    case 'javascript':
      return bashNode(context, task, options, bashTask(context, task), items)
    case 'python': {
      const made = pythonFunction(context, task)
      if (made !== null) return functionNode(context, task, options, made, items)
      return bashNode(context, task, options, bashTask(context, task), items)
    }
    case 'sql':
      if (task.connection !== null) return connectionNode(context, task, options, items)
      return functionNode(context, task, options, sqlFunction(context, task), items)
    case 'check':
      if (task.connection !== null) return connectionNode(context, task, options, items)
      return functionNode(context, task, options, checkFunction(context, task), items)
    case 'http':
      return functionNode(context, task, options, httpFunction(context, task), items)
    case 'noop':
      if (task.when === null && items === null) {
        context.file.importFrom('airflow.providers.standard.operators.empty', 'EmptyOperator')
        return operatorNode(context, task, 'EmptyOperator', commonArguments(context, options), null)
      }
      return functionNode(context, task, options, noopFunction(context, task), items)
  }
}

function functionNode(
  context: TaskContext,
  task: Task,
  options: NodeOptions,
  made: FunctionTask,
  items: string | null,
): Node {
  const { file } = context
  file.importFrom('airflow.sdk', 'task')
  const name = file.identifier(task.id)
  const variable = file.identifier(`${task.id}_task`)
  const args = commonArguments(context, { ...options, multipleOutputs: made.multipleOutputs })
  const signature = context.signature(...(items === null ? [] : ['item']))
  const start = items === null ? `${name}()` : `${name}.expand(item=${items})`
  const lines = functionLines(name, args, made.decorators, signature, made.body)
  return { lines: [...lines, '', `${variable} = ${start}`], variable }
}

function functionLines(
  name: string,
  args: readonly string[],
  decorators: readonly string[],
  signature: string,
  body: readonly string[],
  decorator = '@task',
): string[] {
  return [...call(decorator, args), ...decorators, `def ${name}(${signature}):`, ...indented(body, 1)]
}

function bashNode(context: TaskContext, task: Task, options: NodeOptions, made: BashTask, items: string | null): Node {
  const args = [...commonArguments(context, { ...options, multipleOutputs: made.multipleOutputs }), ...made.args]
  if (items === null) return operatorNode(context, task, 'BashOperator', args, null)
  const overItems = items.startsWith('[')
    ? `[${made.instanceEnv} for item in ${items}]`
    : `${items}.map(lambda item: ${made.instanceEnv})`
  return operatorNode(context, task, 'BashOperator', args, `env=${overItems}`)
}

function operatorNode(
  context: TaskContext,
  task: Task,
  operator: string,
  args: readonly string[],
  expand: string | null,
): Node {
  const variable = context.file.identifier(task.id)
  const lines = call(`${variable} = ${operator}${expand === null ? '' : '.partial'}`, args)
  if (expand !== null) lines.push(`${lines.pop()}.expand(${expand})`)
  return { lines, variable }
}

/** SQL over a named connection: Airflow has operators and connections for it. */
function connectionNode(
  context: TaskContext,
  task: Extract<Task, { readonly kind: 'sql' | 'check' }>,
  options: NodeOptions,
  items: string | null,
): Node {
  context.file.importFrom('airflow.providers.common.sql.operators.sql', 'SQLExecuteQueryOperator')
  context.loss(
    'connection',
    'Connections',
    'Connections and their passwords are kept by Airflow, not by the DAG.',
    'The id of a connection to be made in Airflow.',
  )
  if (task.outputs.size > 0) {
    context.loss('outputs', 'Outputs of SQL', 'One query operator returns one result.', 'Left out.')
  }
  if (task.when !== null || items !== null) {
    context.loss('when', 'Conditions', 'The query operator can neither skip itself nor be mapped by item.', 'Left out.')
  }
  const sql = jinjaTemplate(task.sql, 'sql', context, 'sql')
  const args = [
    ...commonArguments(context, options),
    `conn_id=${pythonString(task.connection ?? '')}`,
    `sql=${sql.includes('\n') ? pythonBlock(sql) : pythonString(sql)}`,
  ]
  if (task.kind === 'check') args.push(`handler=${context.file.helper('fail_on_rows')}`)
  else if (task.transaction === 'task') args.push('autocommit=False', 'split_statements=True')
  else args.push('autocommit=True', 'split_statements=True')
  return operatorNode(context, task, 'SQLExecuteQueryOperator', args, null)
}

/** A joint that chooses where the run goes on. */
function branchNode(context: TaskContext, task: Task, options: NodeOptions): Node {
  const args = commonArguments(context, options)
  return branching(context, context.file.identifier(task.id), context.file.identifier(`${task.id}_task`), args, [
    ...whenLines(context, task.when),
    `return ${bare(context.python(soleExpression(task.branch ?? ''), 'branch'))}`,
  ])
}

function extraBranch(context: TaskContext, task: Task, names: Names, after: string): Node {
  context.variables.clear()
  context.loss(
    'branch',
    'Branches',
    'In Airflow a task either works or chooses a branch.',
    'An extra task after it chooses.',
  )
  const args = [`task_id=${pythonString(names.taskId(`${task.id}__branch`))}`]
  const name = context.file.identifier(`${task.id}_branch`)
  const variable = context.file.identifier(`${task.id}_branch_task`)
  const node = branching(context, name, variable, args, [
    `return ${bare(context.python(soleExpression(task.branch ?? ''), 'branch'))}`,
  ])
  return { variable, lines: ['', ...node.lines, `${after} >> ${variable}`] }
}

function branching(
  context: TaskContext,
  name: string,
  variable: string,
  args: readonly string[],
  body: readonly string[],
): Node {
  context.file.importFrom('airflow.sdk', 'task')
  const lines = functionLines(name, args, [], context.signature(), body, '@task.branch')
  return { lines: [...lines, '', `${variable} = ${name}()`], variable }
}
