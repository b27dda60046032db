import { type Place, type Scanner, Walk } from './place.ts'

interface Heredoc {
  readonly word: string
  readonly quoted: boolean
  /** `<<-`: tabs before the closing word don't count. */
  readonly indented: boolean
}

/** What must close before the text around it goes on; `(`: a parenthesis within arithmetic. */
type Frame = ')' | '))' | '(' | '"' | '`'

/** POSIX shell and bash: quotes, `$( )` within them, `$(( ))`, backticks, comments and heredocs. */
export const scanShell: Scanner = (source, holes) => {
  const walk = new Walk(source, holes)
  const frames: Frame[] = []
  const heredocs: Heredoc[] = []
  while (!walk.done) {
    const frame = frames.at(-1)
    if (walk.takeHole(placeIn(frame))) continue
    if (walk.character === '\\') walk.at += 2
    else if (walk.character === '\n' && heredocs.length > 0 && frame !== '"') {
      walk.at++
      for (const heredoc of heredocs.splice(0)) takeHeredoc(walk, heredoc)
    } else if (frame === '"') takeInDoubleQuotes(walk, frames)
    else takeInCode(walk, frames, heredocs)
  }
  return walk.places
}

function placeIn(frame: Frame | undefined): Place {
  if (frame === '"') return 'expanded'
  if (isArithmetic(frame)) return 'arithmetic'
  return frame === '`' ? 'backticks' : 'code'
}

function isArithmetic(frame: Frame | undefined): boolean {
  return frame === '))' || frame === '('
}

function takeInDoubleQuotes(walk: Walk, frames: Frame[]): void {
  if (takeOpening(walk, frames)) return
  if (walk.character === '"') frames.pop()
  walk.at++
}

function takeInCode(walk: Walk, frames: Frame[], heredocs: Heredoc[]): void {
  const frame = frames.at(-1)
  if (walk.sees("$'")) {
    walk.at += 2
    walk.takeUntil("'", 'string', { escaping: '\\' })
    return
  }
  if (takeOpening(walk, frames)) return
  const { character } = walk
  if (character === "'") {
    walk.at++
    walk.takeUntil("'", 'string')
  } else if (character === '"') {
    frames.push('"')
    walk.at++
  } else if (character === '#' && startsWord(walk)) walk.takeLine('comment')
  else if (walk.sees('((') && startsCommand(walk)) {
    frames.push('))')
    walk.at += 2
  } else if (character === '(') {
    // A subshell or a function's parentheses: only so is its `)` not taken for that of the `$(` around it.
    frames.push(isArithmetic(frame) ? '(' : ')')
    walk.at++
  } else if (frame === '))' && walk.sees('))')) {
    frames.pop()
    walk.at += 2
  } else if (character === ')') {
    if (frame === ')' || frame === '(') frames.pop()
    walk.at++
  } else if (walk.sees('<<') && !walk.sees('<<<') && !isArithmetic(frame)) takeHeredocWord(walk, heredocs)
  else if (walk.sees('<<<')) walk.at += 3
  else walk.at++
}

/** `$((`, `$(` and backticks, which mean the same inside and outside of double quotes. */
function takeOpening(walk: Walk, frames: Frame[]): boolean {
  if (walk.sees('$((')) {
    frames.push('))')
    walk.at += 3
    return true
  }
  if (walk.sees('$(')) {
    frames.push(')')
    walk.at += 2
    return true
  }
  if (walk.character !== '`') return false
  if (frames.at(-1) === '`') frames.pop()
  else frames.push('`')
  walk.at++
  return true
}

function startsWord(walk: Walk): boolean {
  return walk.at === 0 || /[\s;&|()]/.test(walk.source[walk.at - 1])
}

/** `((` begins arithmetic only where a command may begin; elsewhere it is two parentheses. */
function startsCommand(walk: Walk): boolean {
  return /(?:^|[\n;&|!{()]|\b(?:if|then|elif|else|while|until|do|for|time))[ \t]*$/.test(
    walk.source.slice(Math.max(0, walk.at - 40), walk.at),
  )
}

const HEREDOC = /<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|(\\?[^\s;&|<>()"'`]+))/y

function takeHeredocWord(walk: Walk, heredocs: Heredoc[]): void {
  HEREDOC.lastIndex = walk.at
  const match = HEREDOC.exec(walk.source)
  if (!match) {
    walk.at += 2
    return
  }
  const [all, dash, single, double, bare = ''] = match
  const quoted = single !== undefined || double !== undefined || bare.startsWith('\\')
  heredocs.push({ word: single ?? double ?? bare.replace(/^\\/, ''), quoted, indented: dash === '-' })
  walk.at += all.length
}

/** In one that is not quoted, `$( )` and `$(( ))` mean what they mean elsewhere. */
function takeHeredoc(walk: Walk, { word, quoted, indented }: Heredoc): void {
  const frames: Frame[] = []
  while (!walk.done) {
    const end = walk.source.indexOf('\n', walk.at)
    const line = walk.source.slice(walk.at, end < 0 ? undefined : end)
    if ((indented ? line.replace(/^\t+/, '') : line) === word) {
      walk.at += line.length
      return
    }
    while (!walk.done && walk.character !== '\n') {
      const frame = frames.at(-1)
      if (walk.takeHole(quoted ? 'string' : frame === undefined ? 'expanded' : placeIn(frame))) continue
      if (!quoted && walk.character === '\\') walk.at += walk.source[walk.at + 1] === '\n' ? 1 : 2
      else if (frame === '"') takeInDoubleQuotes(walk, frames)
      else if (frame !== undefined) takeInCode(walk, frames, [])
      else if (quoted || !takeOpening(walk, frames)) walk.at++
    }
    walk.at++
  }
}
