import type { Lens } from '../state/view.ts'
import type { LensWords, Told } from './told.ts'

/** What a lens says of a collapsed group: of its tasks the one that weighs most, or how many have something to say. */
export function groupTold(lens: Lens, words: LensWords | null, tasks: readonly string[]): Told | null {
  const told = tasks.flatMap((task) => {
    const own = words?.get(task)
    return own ? [{ task, own }] : []
  })
  const [first] = told
  if (first === undefined) return null
  const most = told.reduce((heaviest, one) => (one.own.weight > heaviest.own.weight ? one : heaviest))
  const { own } = most
  if (told.length === tasks.length && told.every((one) => one.own.text === own.text)) return own
  const title = `${most.task}: ${own.title ?? own.text}`
  if (COUNTED[lens] !== undefined) {
    const count = told.filter((one) => one.own.weight > 0).length
    return { ...own, text: `${count} of ${tasks.length} ${COUNTED[lens]}`, title }
  }
  // A state that is another than before is no amount.
  const prefix = own.weight > 0 && Number.isFinite(own.weight) ? MOST[lens] : undefined
  return { ...own, text: prefix ? `${prefix} ${own.text}` : own.text, title }
}

/** Lenses that say of each task whether, not how much. */
const COUNTED: Partial<Record<Lens, string>> = { diff: 'changed', critical: 'on the path' }
const MOST: Partial<Record<Lens, string>> = { heat: 'hottest', compare: 'up to', whatif: 'up to' }
