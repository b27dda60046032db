import { equal } from './parameter-type.ts'
import type { Json } from './pipeline.ts'
import { isRecord, readSource } from './source.ts'

/**
 * Whether a merged text does what both sides did to their common base, by what the texts mean: an entry (of the top level,
 * or a task) that one side changed is as that side left it, and one that both changed was removed by neither. Lines know
 * nothing of that: a field put behind the last one of a task that the other side removes would become one of the task
 * before it. Where a side cannot be read, nothing is judged.
 */
export function keepsBothSides(base: string, mine: string, theirs: string): (merged: string) => boolean {
  const sides = [base, mine, theirs].map(entriesOf)
  return (merged) => {
    const [before, own, others] = sides
    if (!before || !own || !others) return true
    const found = entriesOf(merged)
    if (!found) return false
    const keys = new Set([before, own, others, found].flatMap((entries) => [...entries.keys()]))
    return [...keys].every((key) => keeps(before.get(key), own.get(key), others.get(key), found.get(key)))
  }
}

type Entry = Json | undefined

function keeps(base: Entry, mine: Entry, theirs: Entry, merged: Entry): boolean {
  if (equal(mine, base)) return equal(merged, theirs)
  if (equal(theirs, base) || equal(mine, theirs)) return equal(merged, mine)
  return mine !== undefined && theirs !== undefined
}

/** By their keys, those of tasks with a prefix that no key of the top level has; null where the text cannot be read. */
function entriesOf(text: string): ReadonlyMap<string, Json> | null {
  const { sound, value } = readSource(text)
  if (!sound || !isRecord(value)) return null
  const tasks = isRecord(value.tasks) ? value.tasks : {}
  const top = Object.keys(value).filter((key) => key !== 'tasks' || !isRecord(value.tasks))
  return new Map([
    ...top.map((key) => [key, value[key]!] as const),
    ...Object.keys(tasks).map((id) => [`tasks\n${id}`, tasks[id]!] as const),
  ])
}
