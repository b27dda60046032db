import type { Json, Task } from './pipeline.ts'
import { listOf, neededId, recordOf } from './reading.ts'
import type { Report } from './report.ts'
import { didYouMean } from './suggestion.ts'
import { findCycles, type TaskGraph } from './task-graph.ts'

/** Needs that name no task, the task itself, or one task twice. `fileTasks`: the tasks as written. */
export function checkNeeds(fileTasks: { readonly [id: string]: Json }, report: Report): void {
  const ids = Object.keys(fileTasks)
  const known = new Set(ids)
  for (const id of ids) {
    const seen = new Set<string>()
    listOf(recordOf(fileTasks[id]).needs).forEach((need, index) => {
      const upstream = neededId(need)
      if (upstream === undefined) return
      const path = ['tasks', id, 'needs', index]
      if (upstream === id) {
        report.add({
          code: 'NEEDS_ITSELF',
          severity: 'error',
          message: `${id} needs itself, so it could never start.`,
          hint: `Remove \`${id}\` from its own \`needs\`.`,
          path,
        })
      } else if (!known.has(upstream)) {
        report.add({
          code: 'UNKNOWN_TASK',
          severity: 'error',
          message: `${id} needs \`${upstream}\`, but there is no task with this id.`,
          hint: didYouMean(upstream, ids, `Add a task \`${upstream}\`, or remove it from \`needs\`.`),
          path,
        })
      } else if (seen.has(upstream)) {
        report.add({
          code: 'NEEDED_TWICE',
          severity: 'warning',
          message: `${id} names \`${upstream}\` twice in its \`needs\`.`,
          hint: 'Remove one of them.',
          path,
        })
      }
      seen.add(upstream)
    })
  }
}

/** Each need once, and only those that name another task. */
export function withKnownNeeds(tasks: readonly Task[]): readonly Task[] {
  const known = new Set(tasks.map((task) => task.id))
  return tasks.map((task) => {
    const seen = new Set<string>([task.id])
    const needs = task.needs.filter((need) => {
      const keep = known.has(need.task) && !seen.has(need.task)
      seen.add(need.task)
      return keep
    })
    return needs.length === task.needs.length ? task : { ...task, needs }
  })
}

const MOST_CYCLES = 20

/** Tasks that wait for each other, marked at the need that closes the cycle. */
export function checkCycles(graph: TaskGraph, fileTasks: { readonly [id: string]: Json }, report: Report): void {
  for (const cycle of findCycles(graph).slice(0, MOST_CYCLES)) {
    const first = cycle[0]!
    const last = cycle.at(-2)!
    const needs = listOf(recordOf(fileTasks[first]).needs)
    const index = needs.findIndex((need) => neededId(need) === last)
    report.add({
      code: 'CYCLE',
      severity: 'error',
      message: `These tasks wait for each other and could never start: ${chainText(cycle)}.`,
      hint: `Remove one of these dependencies, for example \`${last}\` from the \`needs\` of \`${first}\`.`,
      path: ['tasks', first, 'needs', index],
    })
  }
}

/** Tasks of a cycle that are named one by one; of a longer one only its beginning and its end. */
const MOST_NAMED = 12

function chainText(cycle: readonly string[]): string {
  if (cycle.length <= MOST_NAMED) return cycle.join(' → ')
  const left = `${cycle.length - MOST_NAMED} more`
  return [...cycle.slice(0, MOST_NAMED - 3), left, ...cycle.slice(-3)].join(' → ')
}

/** `forEach: { each }` must follow a mapped task that it needs. */
export function checkEach(graph: TaskGraph, report: Report): void {
  for (const task of graph.tasks.values()) {
    if (task.forEach?.type !== 'each') continue
    const followed = graph.tasks.get(task.forEach.task)
    const path = ['tasks', task.id, 'forEach', 'each']
    const name = task.forEach.task
    if (!followed) {
      report.add({
        code: 'UNKNOWN_TASK',
        severity: 'error',
        message: `${task.id} follows \`${name}\`, but there is no task with this id.`,
        hint: didYouMean(name, graph.tasks.keys(), 'Name a mapped task.'),
        path,
      })
    } else if (followed.forEach === null) {
      report.add({
        code: 'EACH_OF_UNMAPPED',
        severity: 'error',
        message: `${task.id} follows \`${name}\` instance by instance, but \`${name}\` has no \`forEach\`.`,
        hint: `Give \`${name}\` a \`forEach\`, or take the list itself here.`,
        path,
      })
    } else if (!graph.upstreams.get(task.id)!.includes(name)) {
      report.add({
        code: 'EACH_NOT_NEEDED',
        severity: 'error',
        message: `${task.id} follows \`${name}\` instance by instance without needing it.`,
        hint: `Add \`${name}\` to the \`needs\` of \`${task.id}\`.`,
        path,
      })
    }
  }
}
