import type { Group, Note, Pipeline, Task } from '#shared/model/pipeline.ts'

/** Rows of the outline: groups with what is in them, then the tasks in no group, then notes; each in file order. */
export type OutlineRow = GroupRow | TaskRow | NoteRow

interface AnyRow {
  readonly key: string
  readonly depth: number
  /** Among the rows of the same parent, from 1. */
  readonly position: number
  readonly siblings: number
}

export interface GroupRow extends AnyRow {
  readonly type: 'group'
  readonly group: Group
  readonly count: number
}
export interface TaskRow extends AnyRow {
  readonly type: 'task'
  readonly task: Task
}
export interface NoteRow extends AnyRow {
  readonly type: 'note'
  readonly note: Note
}

/** Leaves out what stands in the `closed` groups. A group that holds itself is shown once. */
export function outlineRows(pipeline: Pipeline, closed: ReadonlySet<string>): readonly OutlineRow[] {
  const tasks = new Map(pipeline.tasks.map((task) => [task.id, task]))
  const groups = new Map(pipeline.groups.map((group) => [group.id, group]))
  const inGroup = new Set(pipeline.groups.flatMap((group) => group.tasks))
  const met = new Set<string>()
  const rows: OutlineRow[] = []
  const add = (members: readonly (Group | Task | Note)[], depth: number) => {
    for (const [index, member] of members.entries()) {
      const place = { depth, position: index + 1, siblings: members.length }
      if ('text' in member) rows.push({ ...place, type: 'note', key: `note\n${member.id}`, note: member })
      else if ('kind' in member) rows.push({ ...place, type: 'task', key: member.id, task: member })
      else {
        rows.push({
          ...place,
          type: 'group',
          key: `group\n${member.id}`,
          group: member,
          count: member.tasks.length,
        })
        if (!closed.has(member.id)) add(firstMet(member.tasks), depth + 1)
      }
    }
  }
  const firstMet = (ids: readonly string[]) =>
    ids.flatMap((id): readonly (Group | Task)[] => {
      const group = groups.get(id)
      const task = tasks.get(id)
      if (!group) return task ? [task] : []
      if (met.has(id)) return []
      met.add(id)
      return [group]
    })
  const roots = firstMet(pipeline.groups.filter((group) => !inGroup.has(group.id)).map((group) => group.id))
  add([...roots, ...pipeline.tasks.filter((task) => !inGroup.has(task.id)), ...pipeline.notes], 0)
  return rows
}

/** The row that a row stands in; -1: none. */
export function parentRow(rows: readonly OutlineRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  for (let above = index - 1; above >= 0; above--) if (rows[above]!.depth < depth) return above
  return -1
}
