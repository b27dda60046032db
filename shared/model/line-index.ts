import type { Position, TextRange } from './problem.ts'

/** Where the lines of one text begin. `\n` ends a line; the `\r` of a CRLF belongs to the line it ends. */
export interface LineIndex {
  readonly length: number
  /** Offset of the first character of each line, ascending, beginning with 0. */
  readonly starts: readonly number[]
}

export function indexLines(text: string): LineIndex {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return { length: text.length, starts }
}

/** Index (from 0) of the line that holds `offset`. */
export function lineOf(lines: LineIndex, offset: number): number {
  let low = 0
  let high = lines.starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lines.starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** Offsets outside the text are moved to its nearest end. */
export function positionAt(lines: LineIndex, offset: number): Position {
  const inside = Math.max(0, Math.min(offset, lines.length))
  const line = lineOf(lines, inside)
  return { line: line + 1, column: inside - lines.starts[line]! + 1, offset: inside }
}

export function rangeAt(lines: LineIndex, start: number, end: number): TextRange {
  return { start: positionAt(lines, start), end: positionAt(lines, Math.max(start, end)) }
}
