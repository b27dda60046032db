import type { Group, Pipeline, Task } from '../model/pipeline.ts'

/** What stands directly in a group, or in none. */
export interface GroupNode {
  readonly group: Group | null
  readonly tasks: readonly Task[]
  readonly groups: readonly GroupNode[]
}

/**
 * The pipeline's groups as a tree, tasks and groups in file order. A task or group named by several groups stands in the
 * first; groups that hold each other stand at the top, so the tree is finite whatever the file says.
 */
export function groupTree(pipeline: Pipeline): GroupNode {
  const ids = new Set(pipeline.groups.map((group) => group.id))
  const parents = new Map<string, string>()
  for (const group of pipeline.groups) {
    for (const member of group.tasks) {
      if (!parents.has(member) && !(ids.has(member) && leadsTo(parents, group.id, member)))
        parents.set(member, group.id)
    }
  }
  const node = (group: Group | null): GroupNode => ({
    group,
    tasks: pipeline.tasks.filter((task) => !ids.has(task.id) && (parents.get(task.id) ?? null) === (group?.id ?? null)),
    groups: pipeline.groups.filter((child) => (parents.get(child.id) ?? null) === (group?.id ?? null)).map(node),
  })
  return node(null)
}

function leadsTo(parents: ReadonlyMap<string, string>, from: string, to: string): boolean {
  for (let id: string | undefined = from; id !== undefined; id = parents.get(id)) if (id === to) return true
  return false
}
