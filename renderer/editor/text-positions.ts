import type { TextPatch } from '../state/history.ts'

/** As Monaco counts: from 1; a column is a UTF-16 unit. */
export interface EditorPosition {
  readonly lineNumber: number
  readonly column: number
}
export interface EditorChange {
  readonly range: {
    readonly startLineNumber: number
    readonly startColumn: number
    readonly endLineNumber: number
    readonly endColumn: number
  }
  readonly text: string
}

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Where lines begin in a text, for a text as it stands in the file: with a byte order mark, with CRLF or a mixture.
 * Monaco shows the same lines but hides the mark and makes all line ends one kind, so its offsets are not ours;
 * lines and columns are the same on both sides.
 */
export class TextPositions {
  readonly #text: string
  readonly #starts: readonly number[]

  constructor(text: string) {
    const starts = [text.startsWith(BYTE_ORDER_MARK) ? 1 : 0]
    for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length)
    this.#text = text
    this.#starts = starts
  }

  /** Clamped into the line, and into the text. */
  offsetAt(position: EditorPosition): number {
    const line = Math.min(Math.max(position.lineNumber, 1), this.#starts.length)
    const start = this.#starts[line - 1] ?? 0
    return Math.min(start + Math.max(position.column - 1, 0), this.#lineEnd(line))
  }

  positionAt(offset: number): EditorPosition {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const end = this.#lineEnd(low + 1)
    return { lineNumber: low + 1, column: Math.max(Math.min(offset, end) - (this.#starts[low] ?? 0), 0) + 1 }
  }

  #lineEnd(line: number): number {
    const next = this.#starts[line]
    if (next === undefined) return this.#text.length
    return this.#text[next - 1] === '\n' && this.#text[next - 2] === '\r' ? next - 2 : next - 1
  }
}

/** What an editor did, as patches of the file's text, in order. */
export function patchesOf(text: string, changes: readonly EditorChange[]): readonly TextPatch[] {
  const positions = new TextPositions(text)
  return changes
    .map(({ range, text: inserted }) => ({
      start: positions.offsetAt({ lineNumber: range.startLineNumber, column: range.startColumn }),
      end: positions.offsetAt({ lineNumber: range.endLineNumber, column: range.endColumn }),
      text: inserted,
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

/** The text as Monaco holds it: no byte order mark, every line end a line feed. */
export function editorText(text: string): string {
  return (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).replace(/\r\n?/g, '\n')
}
