import type { Task } from './pipeline.ts'

/** Who depends on whom, by id. Needs that name no task are not in it. */
export interface TaskGraph {
  readonly tasks: ReadonlyMap<string, Task>
  readonly upstreams: ReadonlyMap<string, readonly string[]>
  readonly downstreams: ReadonlyMap<string, readonly string[]>
}

export function taskGraph(tasks: readonly Task[]): TaskGraph {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const upstreams = new Map<string, readonly string[]>()
  const downstreams = new Map<string, string[]>(tasks.map((task) => [task.id, []]))
  for (const task of tasks) {
    const needed = [...new Set(task.needs.map((need) => need.task).filter((id) => byId.has(id)))]
    upstreams.set(task.id, needed)
    for (const id of needed) downstreams.get(id)!.push(task.id)
  }
  return { tasks: byId, upstreams, downstreams }
}

/** Everything that can be reached from `starts` along `edges`, a start itself only from another or through a cycle. */
export function reachable(
  edges: ReadonlyMap<string, readonly string[]>,
  ...starts: readonly string[]
): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [...starts]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of edges.get(id) ?? []) {
      if (found.has(next)) continue
      found.add(next)
      open.push(next)
    }
  }
  return found
}

/** A shortest path along `edges`, both ends included (`[a]` where they are the same); null where there is none. */
export function shortestPath(
  edges: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]])
  const open = [from]
  for (let at = 0; at < open.length; at++) {
    const id = open[at]!
    if (id === to) return trace(cameFrom, to)
    for (const next of edges.get(id) ?? []) {
      if (cameFrom.has(next)) continue
      cameFrom.set(next, id)
      open.push(next)
    }
  }
  return null
}

function trace(cameFrom: ReadonlyMap<string, string | null>, end: string): readonly string[] {
  const path: string[] = []
  for (let id: string | null | undefined = end; id !== null && id !== undefined; id = cameFrom.get(id)) path.unshift(id)
  return path
}

/**
 * One cycle for each edge that leads back to a task still open in a depth-first search, as ids in the order of the
 * work, the first repeated at the end: `[a, b, a]` means b needs a and a needs b. Empty where there is none.
 */
export function findCycles(graph: TaskGraph): readonly (readonly string[])[] {
  const cycles: string[][] = []
  const done = new Set<string>()
  for (const root of graph.tasks.keys()) {
    if (done.has(root)) continue
    const path: string[] = []
    const onPath = new Map<string, number>()
    const stack: { readonly id: string; next: number }[] = []
    const enter = (id: string) => {
      onPath.set(id, path.length)
      path.push(id)
      stack.push({ id, next: 0 })
    }
    enter(root)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = graph.downstreams.get(top.id)![top.next++]
      if (next === undefined) {
        stack.pop()
        path.pop()
        onPath.delete(top.id)
        done.add(top.id)
      } else if (onPath.has(next)) cycles.push([...path.slice(onPath.get(next)!), next])
      else if (!done.has(next)) enter(next)
    }
  }
  return cycles
}
