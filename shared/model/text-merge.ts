import { type Hunk, lineHunks, linesOf } from './line-difference.ts'

/**
 * Three-way merge of two texts that come from one, by lines: what only one side changed is taken from it, what both
 * changed is a conflict (Khanna, Kunal, Pierce: "A Formal Investigation of Diff3", 2007). Unlike diff3, changes of
 * neighbouring lines do not conflict: in a pipeline file they mostly are different tasks.
 */

export interface Merge {
  /** In the order of the text. */
  readonly parts: readonly MergePart[]
  /** Those of the parts on which the sides do not agree. */
  readonly conflicts: readonly MergeConflict[]
}

export type MergePart = MergedLines | MergeConflict

/** Lines come with their line ends; the last one of a text may have none. */
export interface MergedLines {
  readonly type: 'merged'
  readonly lines: readonly string[]
}

export interface MergeConflict {
  readonly type: 'conflict'
  readonly base: readonly string[]
  readonly mine: readonly string[]
  readonly theirs: readonly string[]
  /** Where it begins, as lines from 1. */
  readonly mineLine: number
  readonly theirsLine: number
}

/** both: mine, then theirs. */
export type MergeChoice = 'mine' | 'theirs' | 'both'

export interface MergeChecks {
  /** Whether a text can be the result. Where the merge is not, changes of neighbouring lines are conflicts after all. */
  readonly isSound?: (text: string) => boolean
  /** Whether a text does what both sides did. Where the merge does not, the changes nearest to each other are a conflict. */
  readonly keepsBoth?: (text: string) => boolean
}

/** `checks`: of a merge without conflicts. */
export function mergeTexts(base: string, mine: string, theirs: string, checks: MergeChecks = {}): Merge {
  const [lines, mineLines, theirsLines] = [linesOf(base), linesOf(mine), linesOf(theirs)]
  const sides = { base: lines, mine: mineLines, theirs: theirsLines }
  const hunks = [
    ...lineHunks(lines, mineLines, MOST_DISTANCE).map((hunk): SideHunk => ({ hunk, side: 'mine' })),
    ...lineHunks(lines, theirsLines, MOST_DISTANCE).map((hunk): SideHunk => ({ hunk, side: 'theirs' })),
  ].sort((a, b) => a.hunk[0] - b.hunk[0] || a.hunk[1] - b.hunk[1])
  const merge = mergeOf(sides, regionsOf(hunks, overlap))
  if (merge.conflicts.length > 0) return merge
  const text = mergedText(merge, [])
  if (checks.keepsBoth?.(text) === false) return withConflict(sides, hunks) ?? merge
  return checks.isSound?.(text) === false ? mergeOf(sides, regionsOf(hunks, within(0))) : merge
}

/** null where only one side changed something. */
function withConflict(sides: Sides, hunks: readonly SideHunk[]): Merge | null {
  for (let lines = 0; lines < 2 * sides.base.length + 2; lines = 2 * lines + 1) {
    const merge = mergeOf(sides, regionsOf(hunks, within(lines)))
    if (merge.conflicts.length > 0) return merge
  }
  return null
}

/** The text with the conflicts decided, in their order; of one without a choice mine is taken. */
export function mergedText(merge: Merge, choices: readonly MergeChoice[]): string {
  let at = 0
  const lines = merge.parts.flatMap((part) => {
    if (part.type === 'merged') return part.lines
    const choice = choices[at++] ?? 'mine'
    return choice === 'both' ? [...part.mine, ...part.theirs] : part[choice]
  })
  const end = lines.some((line) => line.endsWith('\r\n')) ? '\r\n' : '\n'
  // What was the end of a text may have got something behind it.
  return lines.map((line, index) => (index < lines.length - 1 && !line.endsWith('\n') ? line + end : line)).join('')
}

/** A merge is made once, not at every key stroke: it may look further than other comparisons. */
const MOST_DISTANCE = 2_000

interface SideHunk {
  readonly hunk: Hunk
  readonly side: 'mine' | 'theirs'
}

interface Sides {
  readonly base: readonly string[]
  readonly mine: readonly string[]
  readonly theirs: readonly string[]
}

/** A stretch of the base with what changes it. */
interface Region {
  readonly from: number
  readonly to: number
  readonly mine: readonly Hunk[]
  readonly theirs: readonly Hunk[]
}

type Meet = (from: number, to: number, hunk: Hunk) => boolean

/** They change the same lines, or put something in at the same place. */
const overlap: Meet = (from, to, [start, end]) =>
  (from < end && start < to) || (from === to && start === end && from === start)

/** No more lines than so many stand between them. */
const within =
  (lines: number): Meet =>
  (from, to, [start, end]) =>
    from - lines <= end && start - lines <= to

function regionsOf(hunks: readonly SideHunk[], meet: Meet): readonly Region[] {
  const regions: Region[] = []
  for (const { hunk, side } of hunks) {
    const last = regions.at(-1)
    const own = { mine: side === 'mine' ? [hunk] : [], theirs: side === 'theirs' ? [hunk] : [] }
    if (!last || !meet(last.from, last.to, hunk)) regions.push({ from: hunk[0], to: hunk[1], ...own })
    else {
      regions[regions.length - 1] = {
        from: last.from,
        to: Math.max(last.to, hunk[1]),
        mine: [...last.mine, ...own.mine],
        theirs: [...last.theirs, ...own.theirs],
      }
    }
  }
  return regions
}

function mergeOf({ base, mine, theirs }: Sides, regions: readonly Region[]): Merge {
  const parts: MergePart[] = []
  let done = 0
  /** By how many lines each side is longer than the base so far. */
  let mineShift = 0
  let theirsShift = 0
  for (const region of regions) {
    const { from, to } = region
    parts.push({ type: 'merged', lines: base.slice(done, from) })
    const mineGrowth = growthOf(region.mine)
    const theirsGrowth = growthOf(region.theirs)
    const mineLines = mine.slice(from + mineShift, to + mineShift + mineGrowth)
    const theirsLines = theirs.slice(from + theirsShift, to + theirsShift + theirsGrowth)
    if (region.mine.length === 0) parts.push({ type: 'merged', lines: theirsLines })
    else if (region.theirs.length === 0) parts.push({ type: 'merged', lines: mineLines })
    else {
      const place = { mineLine: from + mineShift + 1, theirsLine: from + theirsShift + 1 }
      parts.push(...bothChanged({ base: base.slice(from, to), mine: mineLines, theirs: theirsLines }, place))
    }
    mineShift += mineGrowth
    theirsShift += theirsGrowth
    done = to
  }
  parts.push({ type: 'merged', lines: base.slice(done) })
  const kept = parts.filter((part) => part.type === 'conflict' || part.lines.length > 0)
  return { parts: kept, conflicts: kept.filter((part) => part.type === 'conflict') }
}

function growthOf(hunks: readonly Hunk[]): number {
  return hunks.reduce((sum, [baseFrom, baseTo, from, to]) => sum + (to - from) - (baseTo - baseFrom), 0)
}

/** What both made the same at the beginning and the end is agreed on; only what lies between is a conflict. */
function bothChanged({ base, mine, theirs }: Sides, { mineLine, theirsLine }: Place): readonly MergePart[] {
  const shorter = Math.min(mine.length, theirs.length)
  let head = 0
  while (head < shorter && mine[head] === theirs[head]) head++
  let tail = 0
  while (tail < shorter - head && mine.at(-1 - tail) === theirs.at(-1 - tail)) tail++
  const left = { base, mine: mine.slice(head, mine.length - tail), theirs: theirs.slice(head, theirs.length - tail) }
  const place = { mineLine: mineLine + head, theirsLine: theirsLine + head }
  return [
    { type: 'merged', lines: mine.slice(0, head) },
    ...(base.length === 0 || head + tail === Math.max(mine.length, theirs.length)
      ? bothAdded(left, place)
      : [{ type: 'conflict', ...left, ...place } as const]),
    { type: 'merged', lines: mine.slice(mine.length - tail) },
  ]
}

/** What lies deeper belongs to what stands before it, so it comes before what begins a section of the file. */
function bothAdded({ mine, theirs }: Sides, { mineLine, theirsLine }: Place): readonly MergePart[] {
  const [mineInner, theirsInner] = [innerCount(mine), innerCount(theirs)]
  const inner = { base: [], mine: mine.slice(0, mineInner), theirs: theirs.slice(0, theirsInner) }
  const outer = { base: [], mine: mine.slice(mineInner), theirs: theirs.slice(theirsInner) }
  const outerPlace = { mineLine: mineLine + mineInner, theirsLine: theirsLine + theirsInner }
  return [addedPart(inner, { mineLine, theirsLine }), addedPart(outer, outerPlace)]
}

function innerCount(lines: readonly string[]): number {
  const section = lines.findIndex((line) => /^[^\s#]/.test(line))
  return section < 0 ? lines.length : section
}

function addedPart(added: Sides, place: Place): MergePart {
  const { mine, theirs } = added
  const agree = mine.length === 0 || theirs.length === 0 || areOtherEntries(mine, theirs)
  return agree ? { type: 'merged', lines: [...mine, ...theirs] } : { type: 'conflict', ...added, ...place }
}

type Place = Pick<MergeConflict, 'mineLine' | 'theirsLine'>

/** Deeper lines may be code, whose order counts. */
const DEEPEST_ENTRY = 2
const ENTRY = /^( *)(?:(- .*)|(["']?[A-Za-z_][\w.-]*["']?) *:)/

/** Both put in whole entries of one map or list of the file, none of them the same: tasks, places, notes. */
function areOtherEntries(mine: readonly string[], theirs: readonly string[]): boolean {
  const [own, others] = [entriesOf(mine), entriesOf(theirs)]
  if (!own || !others || own.indent !== others.indent) return false
  return ![...own.names].some((name) => others.names.has(name))
}

/** The entries that lines are made of, by their keys; null where they do not begin with one, or lie too deep. */
function entriesOf(lines: readonly string[]): { readonly indent: number; readonly names: ReadonlySet<string> } | null {
  const telling = lines.filter((line) => /^\s*[^\s#]/.test(line))
  const indent = telling[0]?.search(/\S/) ?? -1
  if (indent < 0 || indent > DEEPEST_ENTRY) return null
  const names = new Set<string>()
  for (const line of telling) {
    const depth = line.search(/\S/)
    if (depth > indent) continue
    const [, , item, key] = (depth === indent && ENTRY.exec(line)) || []
    const name = item ?? key?.replace(/["']/g, '')
    if (name === undefined) return null
    names.add(name.trim())
  }
  return { indent, names }
}
