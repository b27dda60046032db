import type { TextPatch } from '../state/history.ts'

/** Beyond this many differing lines the search for a smaller edit is not worth its time. */
const MAX_DISTANCE = 200

/**
 * Small patches that turn one text into another, in order and without overlaps, so that an editor keeps cursor,
 * scroll and folding everywhere else. Lines are compared by Myers' greedy algorithm ("An O(ND) Difference Algorithm",
 * 1986); within a changed stretch the equal beginning and end are left alone. It is exact, but not always the smallest.
 */
export function textDifference(before: string, after: string): readonly TextPatch[] {
  if (before === after) return []
  const oldLines = linesOf(before)
  const newLines = linesOf(after)
  const hunks = lineHunks(oldLines, newLines)
  const oldStarts = startsOf(oldLines)
  const newStarts = startsOf(newLines)
  return hunks
    .map(([oldFrom, oldTo, newFrom, newTo]) =>
      trimmed(
        before,
        offset(oldStarts, oldFrom),
        offset(oldStarts, oldTo),
        after.slice(offset(newStarts, newFrom), offset(newStarts, newTo)),
      ),
    )
    .filter((edit) => edit.start !== edit.end || edit.text !== '')
}

type Hunk = readonly [oldFrom: number, oldTo: number, newFrom: number, newTo: number]

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function startsOf(lines: readonly string[]): readonly number[] {
  const starts = [0]
  let sum = 0
  for (const line of lines) {
    sum += line.length
    starts.push(sum)
  }
  return starts
}

function offset(starts: readonly number[], line: number): number {
  return starts[line] ?? starts.at(-1) ?? 0
}

function trimmed(before: string, start: number, end: number, text: string): TextPatch {
  let from = start
  let skip = 0
  while (from < end && skip < text.length && before[from] === text[skip]) {
    from++
    skip++
  }
  let to = end
  let keep = text.length
  while (to > from && keep > skip && before[to - 1] === text[keep - 1]) {
    to--
    keep--
  }
  return { start: from, end: to, text: text.slice(skip, keep) }
}

function lineHunks(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++
  }
  const oldMiddle = before.slice(head, before.length - tail)
  const newMiddle = after.slice(head, after.length - tail)
  const inner = myersHunks(oldMiddle, newMiddle) ?? [[0, oldMiddle.length, 0, newMiddle.length]]
  return inner.map(([a, b, c, d]) => [a + head, b + head, c + head, d + head])
}

/** The greedy forward pass, keeping the furthest points of every distance to walk back. null: too different. */
function myersHunks(before: readonly string[], after: readonly string[]): readonly Hunk[] | null {
  const limit = Math.min(MAX_DISTANCE, before.length + after.length)
  const middle = limit + 1
  const furthest = new Int32Array(2 * limit + 3)
  const trace: Int32Array[] = []
  for (let distance = 0; distance <= limit; distance++) {
    trace.push(furthest.slice())
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && at(furthest, middle + k - 1) < at(furthest, middle + k + 1))
      let x = down ? at(furthest, middle + k + 1) : at(furthest, middle + k - 1) + 1
      let y = x - k
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++
        y++
      }
      furthest[middle + k] = x
      if (x >= before.length && y >= after.length) return walkBack(trace, middle, before.length, after.length)
    }
  }
  return null
}

function walkBack(trace: readonly Int32Array[], middle: number, oldLength: number, newLength: number): readonly Hunk[] {
  const hunks: Hunk[] = []
  let x = oldLength
  let y = newLength
  for (let distance = trace.length - 1; distance > 0; distance--) {
    const furthest = trace[distance]
    if (furthest === undefined) break
    const k = x - y
    const down = k === -distance || (k !== distance && at(furthest, middle + k - 1) < at(furthest, middle + k + 1))
    const previousX = at(furthest, middle + (down ? k + 1 : k - 1))
    const previousY = previousX - (down ? k + 1 : k - 1)
    const change: Hunk = down
      ? [previousX, previousX, previousY, previousY + 1]
      : [previousX, previousX + 1, previousY, previousY]
    const next = hunks.at(-1)
    if (next !== undefined && next[0] === change[1] && next[2] === change[3]) {
      hunks[hunks.length - 1] = [change[0], next[1], change[2], next[3]]
    } else hunks.push(change)
    x = previousX
    y = previousY
  }
  return hunks.reverse()
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? 0
}
