import type { Pipeline, Task, TriggerRule } from './pipeline.ts'
import type { Report, ReportEntry } from './report.ts'
import { reachable, type TaskGraph, taskGraph } from './task-graph.ts'

/** What is allowed but hardly meant. */
export function checkAdvice(pipeline: Pipeline, graph: TaskGraph, report: Report): void {
  checkUnusedPools(pipeline, report)
  checkCache(pipeline, report)
  checkJoins(pipeline, graph, report)
  checkWriters(pipeline, graph, report)
}

/** What the cache cannot look at it cannot compare: an address is never found unchanged, undeclared files never changed. */
function checkCache(pipeline: Pipeline, report: Report): void {
  for (const task of pipeline.tasks) {
    if (!task.cache || task.kind === 'noop') continue
    const address = [...task.reads, ...task.writes].find((dataset) => /^[A-Za-z][\w+.-]+:/.test(dataset))
    const silent = task.reads.length === 0 && task.writes.length === 0
    if (address === undefined && !silent) continue
    report.add({
      code: address === undefined ? 'CACHE_WITHOUT_FILES' : 'NEVER_CACHED',
      severity: 'info',
      message:
        address === undefined
          ? `${task.id} is cached by its code, values and upstream outputs alone: it declares no files.`
          : `${task.id} runs every time: \`${address}\` is not a file of this machine, so nobody can tell whether it changed.`,
      hint:
        address === undefined
          ? 'Name the files it depends on in `reads`, and those it leaves in `writes`.'
          : 'Take `cache` off, or name only files in `reads` and `writes`.',
      path: ['tasks', task.id, 'cache'],
      atKey: true,
    })
  }
}

function checkUnusedPools(pipeline: Pipeline, report: Report): void {
  const used = new Set(pipeline.tasks.map((task) => task.pool?.name))
  for (const name of pipeline.pools.keys()) {
    if (used.has(name)) continue
    report.add({
      code: 'UNUSED_POOL',
      severity: 'warning',
      message: `No task uses the pool ${name}.`,
      hint: `Set \`pool: ${name}\` on the tasks that share it, or remove it.`,
      path: ['pools', name],
      atKey: true,
    })
  }
}

/** What lets a join run with the upstreams that were not skipped. */
export const TOLERANT_RULE: TriggerRule = 'none_failed_min_one_success'

/** Rules under which one skipped upstream skips the task (DESIGN 4.2). */
const SKIPPED_BY_ONE: readonly TriggerRule[] = ['all_success', 'all_done_min_one_success', 'none_skipped']

/** What would be said of joins that `to` becomes, or comes before, once it needs `from`. */
export function adviceOfLink(pipeline: Pipeline, from: string, to: string): readonly ReportEntry[] {
  const nameOf = ({ code, path }: ReportEntry) => [code, ...path].join('\n')
  const before = new Set(joinAdvice(pipeline).map(nameOf))
  const tasks = pipeline.tasks.map((task) =>
    task.id === to ? { ...task, needs: [...task.needs, { task: from, when: null }] } : task,
  )
  return joinAdvice({ ...pipeline, tasks }).filter((entry) => !before.has(nameOf(entry)))
}

function joinAdvice(pipeline: Pipeline): readonly ReportEntry[] {
  const entries: ReportEntry[] = []
  checkJoins(pipeline, taskGraph(pipeline.tasks), { problems: [], add: (entry) => entries.push(entry) })
  return entries
}

function checkJoins(pipeline: Pipeline, graph: TaskGraph, report: Report): void {
  const warned = new Set<string>()
  checkJoinsOfBranches(pipeline, graph, report, warned)
  checkJoinsOfConditions(pipeline, graph, report, warned)
}

/** Joins behind a branch that would be skipped whichever way it goes. */
function checkJoinsOfBranches(pipeline: Pipeline, graph: TaskGraph, report: Report, warned: Set<string>): void {
  for (const task of pipeline.tasks) {
    if (task.branch === null) continue
    const ways = graph.downstreams.get(task.id)!
    if (ways.length < 2) continue
    for (const chosen of ways) {
      for (const join of joinsSkipped(graph, ways, chosen)) {
        if (warned.has(join.id)) continue
        warned.add(join.id)
        report.add({
          code: 'JOIN_SKIPPED',
          severity: 'warning',
          message: `${join.id} joins branches of ${task.id} and would be skipped with the branch that is not taken.`,
          hint: `Set \`triggerRule: ${TOLERANT_RULE}\` on it.`,
          path: ['tasks', join.id],
          atKey: true,
        })
      }
    }
  }
}

/** The tasks that get a skipped and a living upstream if the branch goes the `chosen` way, and are skipped by that. */
function joinsSkipped(graph: TaskGraph, ways: readonly string[], chosen: string): readonly Task[] {
  const alive = reachable(graph.downstreams, chosen)
  const skipped = new Set(ways.filter((way) => way !== chosen && !alive.has(way)))
  const joins: Task[] = []
  const open = [...skipped]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of graph.downstreams.get(id)!) {
      const task = graph.tasks.get(next)!
      if (skipped.has(next) || !SKIPPED_BY_ONE.includes(task.triggerRule)) continue
      const upstreams = graph.upstreams.get(next)!
      if (upstreams.some((upstream) => upstream === chosen || (alive.has(upstream) && !skipped.has(upstream))))
        joins.push(task)
      else {
        skipped.add(next)
        open.push(next)
      }
    }
  }
  return joins
}

/** Joins that a condition would skip, their own or one of a task before them, with what else they wait for. */
function checkJoinsOfConditions(pipeline: Pipeline, graph: TaskGraph, report: Report, warned: Set<string>): void {
  for (const task of pipeline.tasks) {
    const known = task.needs.filter((need) => graph.tasks.has(need.task))
    const edge = known.find((need) => need.when !== null)
    if (task.when === null && edge === undefined) continue
    const isJoin = task.when === null && known.length > 1
    const joins = isJoin ? [task] : joinsOfSkipped(graph, task.id)
    const condition = task.when === null ? `the condition on its link from ${edge!.task}` : 'its condition'
    for (const join of joins) {
      if (warned.has(join.id) || !SKIPPED_BY_ONE.includes(join.triggerRule)) continue
      warned.add(join.id)
      report.add({
        code: 'JOIN_MAY_BE_SKIPPED',
        severity: 'info',
        message: isJoin
          ? `${join.id} is skipped where ${condition} does not hold, whatever else it waits for.`
          : `${join.id} is skipped where ${task.id} is, which runs only if ${condition} holds.`,
        hint: `Set \`triggerRule: ${TOLERANT_RULE}\` on it if it should run all the same.`,
        path: ['tasks', join.id],
        atKey: true,
      })
    }
  }
}

/** The tasks that wait for what is skipped along with a task and for others too. What has a condition of its own ends the search. */
function joinsOfSkipped(graph: TaskGraph, first: string): readonly Task[] {
  const skippedBefore = new Map<string, number>()
  const open = [first]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of graph.downstreams.get(id)!) {
      const { triggerRule, when } = graph.tasks.get(next)!
      const count = (skippedBefore.get(next) ?? 0) + 1
      skippedBefore.set(next, count)
      const all = count === graph.upstreams.get(next)!.length
      if (all && when === null && SKIPPED_BY_ONE.includes(triggerRule)) open.push(next)
    }
  }
  return [...skippedBefore]
    .filter(([id, count]) => count < graph.upstreams.get(id)!.length)
    .map(([id]) => graph.tasks.get(id)!)
}

/** Two tasks that write the same dataset and may do so at once. */
function checkWriters(pipeline: Pipeline, graph: TaskGraph, report: Report): void {
  const writers = new Map<string, Task[]>()
  for (const task of pipeline.tasks) {
    for (const dataset of new Set(task.writes)) writers.set(dataset, [...(writers.get(dataset) ?? []), task])
  }
  for (const [dataset, tasks] of writers) {
    tasks.slice(1).forEach((later, before) => {
      const rival = tasks
        .slice(0, before + 1)
        .find((earlier) => !ordered(graph, earlier.id, later.id) && !poolParts(pipeline, earlier, later))
      if (!rival) return
      report.add({
        code: 'WRITTEN_AT_ONCE',
        severity: 'warning',
        message: `${rival.id} and ${later.id} both write \`${dataset}\` and may run at the same time.`,
        hint: 'Let one need the other, or write to different places.',
        path: ['tasks', later.id, 'writes', later.writes.indexOf(dataset)],
      })
    })
  }
}

function ordered(graph: TaskGraph, a: string, b: string): boolean {
  return reachable(graph.downstreams, a).has(b) || reachable(graph.downstreams, b).has(a)
}

/** True where a pool is too small to hold both. */
function poolParts(pipeline: Pipeline, a: Task, b: Task): boolean {
  if (!a.pool || a.pool.name !== b.pool?.name) return false
  const size = pipeline.pools.get(a.pool.name)
  return size !== undefined && a.pool.slots + b.pool.slots > size
}
