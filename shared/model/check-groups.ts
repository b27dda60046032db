import { ID_RULE, isId } from './id.ts'
import type { Json } from './pipeline.ts'
import { entriesOf, listOf, recordOf, textsOf } from './reading.ts'
import type { Report } from './report.ts'
import { isRecord, type Path } from './source.ts'
import { didYouMean } from './suggestion.ts'

/** Ids that break the rule, or differ only in case from an earlier one: they would share files on some systems. */
export function checkIds(ids: readonly string[], base: Path, what: string, report: Report): void {
  const lower = new Map<string, string>()
  for (const id of ids) {
    const path = [...base, id]
    if (!isId(id)) {
      report.add({
        code: 'BAD_ID',
        severity: 'error',
        message: `\`${id.slice(0, 80)}\` cannot be the id of a ${what}: it ${ID_RULE}.`,
        hint: 'Rename it; any text can stand in `name`.',
        path,
        atKey: true,
      })
    }
    const first = lower.get(id.toLowerCase())
    if (first !== undefined) {
      report.add({
        code: 'SAME_ID',
        severity: 'error',
        message: `The ids \`${first}\` and \`${id}\` differ only in upper and lower case.`,
        hint: 'Rename one of them: on some systems their files would be the same.',
        path,
        atKey: true,
      })
    } else lower.set(id.toLowerCase(), id)
  }
}

/** Members that do not exist or belong to two groups, groups inside themselves. */
export function checkGroups(file: { readonly [key: string]: Json }, report: Report): void {
  const groups = recordOf(file.groups)
  const groupIds = Object.keys(groups)
  const taskIds = Object.keys(recordOf(file.tasks))
  const known = new Set([...taskIds, ...groupIds])
  const tasks = new Set(taskIds)
  const homes = new Map<string, string>()
  checkIds(groupIds, ['groups'], 'group', report)
  for (const [id, group] of entriesOf(groups)) {
    if (tasks.has(id)) {
      report.add({
        code: 'SAME_ID',
        severity: 'error',
        message: `\`${id}\` is the id of a task and of a group.`,
        hint: 'Rename the group.',
        path: ['groups', id],
        atKey: true,
      })
    }
    listOf(recordOf(group).tasks).forEach((member, index) => {
      if (typeof member !== 'string') return
      const path = ['groups', id, 'tasks', index]
      const home = homes.get(member)
      if (!known.has(member)) {
        report.add({
          code: 'UNKNOWN_TASK',
          severity: 'error',
          message: `The group ${id} names \`${member}\`, but there is no task or group with this id.`,
          hint: didYouMean(member, known, `Remove \`${member}\` from the group.`),
          path,
        })
      } else if (home !== undefined) {
        report.add({
          code: 'IN_TWO_GROUPS',
          severity: 'error',
          message:
            home === id
              ? `\`${member}\` stands twice in the group ${id}.`
              : `\`${member}\` is in the groups ${home} and ${id}.`,
          hint: 'Keep it in one of them.',
          path,
          ...(tasks.has(member) ? { task: member } : {}),
        })
      } else homes.set(member, id)
    })
  }
  checkNesting(groupIds, homes, report)
}

/** `homes`: member to the group that holds it. */
function checkNesting(groupIds: readonly string[], homes: ReadonlyMap<string, string>, report: Report): void {
  const reported = new Set<string>()
  for (const start of groupIds) {
    const path = [start]
    let at = homes.get(start)
    while (at !== undefined && !path.includes(at)) {
      path.push(at)
      at = homes.get(at)
    }
    if (at !== start || path.some((id) => reported.has(id))) continue
    for (const id of path) reported.add(id)
    report.add({
      code: 'GROUP_CYCLE',
      severity: 'error',
      message: `These groups hold each other: ${[...path, start].reverse().join(' → ')}.`,
      hint: 'Remove one of them from the other.',
      path: ['groups', start],
      atKey: true,
    })
  }
}

/** Only what exists, each in its first group, no group inside itself: what the canvas can draw. */
export function withKnownMembers(
  groups: { readonly [id: string]: Json },
  taskIds: ReadonlySet<string>,
): { readonly [id: string]: Json } {
  const homes = new Map<string, string>()
  const drawn: { [id: string]: Json } = Object.create(null)
  const holds = (group: string, candidate: string) => {
    for (let at: string | undefined = group; at !== undefined; at = homes.get(at)) if (at === candidate) return true
    return false
  }
  for (const [id, group] of entriesOf(groups)) {
    if (!isRecord(group) || taskIds.has(id)) continue
    const members = textsOf(group.tasks).filter((member) => {
      const exists = taskIds.has(member) || (Object.hasOwn(groups, member) && !holds(id, member))
      if (!exists || homes.has(member)) return false
      homes.set(member, id)
      return true
    })
    drawn[id] = { ...group, tasks: members }
  }
  return drawn
}
