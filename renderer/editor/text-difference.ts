import { lineHunks, linesOf } from '#shared/model/line-difference.ts'
import type { TextPatch } from '../state/history.ts'

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
