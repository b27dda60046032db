import type { Json, Task } from '../../model/pipeline.ts'
import { bare, pythonDict, pythonValue } from './python.ts'
import { piecesOf, soleExpression, type TaskContext } from './task-context.ts'

/** What a mapped task runs over: a list that stands in the file, or one that an extra task makes in the run. */
export type Mapping =
  | { readonly type: 'literal'; readonly source: string }
  | { readonly type: 'computed'; readonly body: readonly string[] }
  | { readonly type: 'shared'; readonly task: string }

/** More combinations than this are multiplied in the run rather than written out. */
const MOST_WRITTEN_ITEMS = 50

/** Null for a task that is not mapped. */
export function mappingOf(context: TaskContext, task: Task): Mapping | null {
  const { forEach } = task
  switch (forEach?.type) {
    case undefined:
      return null
    case 'each':
      context.loss(
        'forEach.each',
        'Instance by instance',
        'Airflow starts no instance before all instances of the task it follows have ended.',
        'A task mapped over the same items.',
      )
      return { type: 'shared', task: forEach.task }
    case 'list':
      if (typeof forEach.list === 'string')
        return computed(context, `return ${bare(listSource(context, forEach.list))}`)
      return listed(context, forEach.list)
    case 'matrix': {
      const lists = [...forEach.matrix]
      const combinations = lists.reduce(
        (count, [, list]) => count * (typeof list === 'string' ? Infinity : list.length),
        1,
      )
      if (combinations <= MOST_WRITTEN_ITEMS) return listed(context, product(lists as [string, readonly Json[]][]))
      context.file.import('itertools')
      const sources = lists.map(([key, list]): [string, string] => [
        key,
        typeof list === 'string' ? listSource(context, list) : pythonValue(list),
      ])
      return computed(
        context,
        `matrix = ${pythonDict(sources)}`,
        'return [dict(zip(matrix, values)) for values in itertools.product(*matrix.values())]',
      )
    }
  }
}

/** Airflow renders strings of a written list as templates. */
function listed(context: TaskContext, items: readonly Json[]): Mapping {
  const source = pythonValue(items)
  return /\{[{%#]/.test(source) ? computed(context, `return ${source}`) : { type: 'literal', source }
}

function computed(context: TaskContext, ...body: readonly string[]): Mapping {
  context.loss(
    'forEach',
    'Mapped tasks',
    'Airflow maps over what a task returns, or over a list that stands in the file.',
    'An extra task returns the list.',
  )
  return { type: 'computed', body }
}

function listSource(context: TaskContext, list: string): string {
  const sole = piecesOf(list.trim()).length === 1
  return sole ? context.python(soleExpression(list), 'forEach') : pythonValue(list)
}

function product(lists: readonly (readonly [string, readonly Json[]])[]): Json[] {
  return lists.reduce<{ readonly [key: string]: Json }[]>(
    (made, [key, values]) => made.flatMap((item) => values.map((value) => ({ ...item, [key]: value }))),
    [{}],
  )
}
