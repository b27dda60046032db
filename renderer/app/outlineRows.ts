import type { Group, Pipeline, Task } from '#shared/model/pipeline.ts'

/** Rows of the outline: groups with what is in them, then the tasks in no group; each in file order. */
export type OutlineRow =
  | {
      readonly type: 'group'
      readonly key: string
      readonly depth: number
      readonly group: Group
      readonly count: number
    }
  | { readonly type: 'task'; readonly key: string; readonly depth: number; readonly task: Task }

/** Leaves out what stands in the `closed` groups. A group that holds itself is shown once. */
export function outlineRows(pipeline: Pipeline, closed: ReadonlySet<string>): readonly OutlineRow[] {
  const tasks = new Map(pipeline.tasks.map((task) => [task.id, task]))
  const groups = new Map(pipeline.groups.map((group) => [group.id, group]))
  const inGroup = new Set(pipeline.groups.flatMap((group) => group.tasks))
  const met = new Set<string>()
  const rows: OutlineRow[] = []
  const addTask = (task: Task, depth: number) => rows.push({ type: 'task', key: task.id, depth, task })
  const addGroup = (group: Group, depth: number) => {
    if (met.has(group.id)) return
    met.add(group.id)
    rows.push({ type: 'group', key: `group\n${group.id}`, depth, group, count: group.tasks.length })
    if (closed.has(group.id)) return
    for (const member of group.tasks) {
      const inner = groups.get(member)
      const task = tasks.get(member)
      if (inner) addGroup(inner, depth + 1)
      else if (task) addTask(task, depth + 1)
    }
  }
  for (const group of pipeline.groups) if (!inGroup.has(group.id)) addGroup(group, 0)
  for (const task of pipeline.tasks) if (!inGroup.has(task.id)) addTask(task, 0)
  return rows
}
