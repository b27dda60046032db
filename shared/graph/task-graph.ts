import { buildGraph, type Edge, type Graph } from './graph.ts'

/** What a graph of tasks is made from; `Task` of shared/model is one. */
export interface TaskNode {
  readonly id: string
  readonly needs: readonly { readonly task: string }[]
}

export interface TaskGraph {
  /** Node v is the v-th task in file order. */
  readonly graph: Graph
  readonly numberOf: ReadonlyMap<string, number>
}

/**
 * Takes tasks in file order. A need that names no task of the list is left out: validation reports it. Where an id
 * occurs twice, needs mean its first task.
 */
export function taskGraph(tasks: readonly TaskNode[]): TaskGraph {
  const numberOf = new Map<string, number>()
  tasks.forEach((task, number) => {
    if (!numberOf.has(task.id)) numberOf.set(task.id, number)
  })
  const edges: Edge[] = []
  tasks.forEach((task, number) => {
    for (const need of task.needs) {
      const upstream = numberOf.get(need.task)
      if (upstream !== undefined) edges.push([upstream, number])
    }
  })
  return { graph: buildGraph(tasks.length, edges), numberOf }
}
