/**
 * A piece of a pipeline's text that holds one entry of the top level or of `tasks` and, behind it, the blank lines and
 * comments before the next. What stands before the first entry belongs to no piece.
 */
export interface Piece {
  /** `head`: the line `tasks:` up to the first task, where the tasks have pieces of their own. */
  readonly level: 'entry' | 'head' | 'task'
  readonly start: number
  readonly end: number
  /** Columns before the entry's key. */
  readonly indent: number
  /** How many maps end with it: 0 where an entry of the same map follows, 2 for a task at the end of the text. */
  readonly ends: 0 | 1 | 2
}

interface Cut {
  level: Piece['level']
  readonly start: number
  readonly indent: number
}

/**
 * Cuts by indentation alone, so the cuts may be wrong: inside quotes or brackets that span lines, for one. A piece is
 * good if what it is read in (`readingOf`) holds that one entry, which a cut inside quotes or brackets leaves open.
 * null for a text that must be read as a whole: with document markers, directives, a byte order mark, or no map on top.
 */
export function cutText(text: string): readonly Piece[] | null {
  const cuts: Cut[] = []
  let tasks: Cut | null = null
  let taskIndent = 0
  for (let start = 0; start < text.length; start = nextLine(text, start)) {
    let at = start
    while (text.charCodeAt(at) === SPACE) at++
    if (isEmptyFrom(text, at)) continue
    const indent = at - start
    const goesOn = continues(text, at)
    if (indent === 0 && !goesOn) {
      if (isMarker(text, at)) return null
      const cut: Cut = { level: 'entry', start, indent }
      cuts.push(cut)
      tasks = /^tasks:(?:\s|$)/.test(text.slice(at, at + 7)) ? cut : null
      taskIndent = 0
    } else if (cuts.length === 0) return null
    else if (tasks && taskIndent === 0 && goesOn) tasks = null
    else if (tasks && (taskIndent === 0 || indent === taskIndent) && !goesOn) {
      taskIndent = indent
      tasks.level = 'head'
      cuts.push({ level: 'task', start, indent })
    }
  }
  return cuts.map((cut, index) => pieceOf(cut, cuts[index + 1], text.length))
}

const SPACE = 0x20

function nextLine(text: string, start: number): number {
  const lineBreak = text.indexOf('\n', start)
  return lineBreak < 0 ? text.length : lineBreak + 1
}

/** Nothing more in the line, or a comment. */
function isEmptyFrom(text: string, at: number): boolean {
  return at >= text.length || '\n\r#'.includes(text[at]!)
}

/** An item of a list, which may stand as far left as its key, or a line that begins with a tab, as no entry does. */
function continues(text: string, at: number): boolean {
  if (text[at] === '\t') return true
  return text[at] === '-' && (at + 1 >= text.length || ' \t\r\n'.includes(text[at + 1]!))
}

function isMarker(text: string, at: number): boolean {
  return text[at] === '%' || text[at] === '\ufeff' || text.startsWith('---', at) || text.startsWith('...', at)
}

function pieceOf(cut: Cut, next: Cut | undefined, length: number): Piece {
  const ends = cut.level === 'task' ? (next ? (next.level === 'task' ? 0 : 1) : 2) : next ? 0 : 1
  return { level: cut.level, start: cut.start, end: next?.start ?? length, indent: cut.indent, ends }
}

/** Stands for the entry that follows, so that comments and ends of blocks are read as in the whole text. */
export const NEXT_KEY = 'next-entry'
const NEXT = `${NEXT_KEY}:\n`
const BEFORE_TASK = 'tasks:\n'

/** A text in which the piece means what it means in the whole. Pieces with the same reading mean the same. */
export function readingOf(text: string, piece: Piece): string {
  const own = text.slice(piece.start, piece.end)
  if (piece.level === 'head') return `${own} ${NEXT}`
  const before = piece.level === 'task' ? BEFORE_TASK : ''
  if (piece.ends === 0) return before + own + ' '.repeat(piece.indent) + NEXT
  return before + own + (piece.level === 'task' && piece.ends === 1 ? NEXT : '')
}

/** Where the piece begins in its reading. */
export function beginInReading(piece: Piece): number {
  return piece.level === 'task' ? BEFORE_TASK.length : 0
}
