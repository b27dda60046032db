/**
 * Escape sequences of terminals in one line of a log, read for display. Colours are ECMA-48 SGR with the usual
 * extensions (bright 90-107, 256 colours `38;5;n`, true colour `38;2;r;g;b`, also with colons). Everything else that
 * starts with an escape (cursor moves, titles, links) has no meaning in a log and is dropped.
 */
export type AnsiColor =
  /** 0-7 normal, 8-15 bright: drawn with the theme's own tokens. */
  | { readonly type: 'named'; readonly index: number }
  | { readonly type: 'rgb'; readonly r: number; readonly g: number; readonly b: number }

export interface AnsiStyle {
  readonly foreground: AnsiColor | null
  readonly background: AnsiColor | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly strike: boolean
  readonly inverse: boolean
}

export interface AnsiSegment {
  readonly text: string
  readonly style: AnsiStyle
}

export const plainStyle: AnsiStyle = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
}

const ESCAPE = '\u001b'
// CSI … final byte; OSC … BEL or ST; other strings (DCS, SOS, PM, APC) … ST; character sets; two-character escapes.
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]+[0-~]|[0-~])?/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const OTHER_CONTROLS = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g

/** What a terminal would show of a line that a program overwrote with carriage returns: the last version of it. */
export function lastOverwrite(line: string): string {
  if (!line.includes('\r')) return line
  const trimmed = line.replace(/\r+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1)
}

/** The text alone, as search and copy want it. */
export function stripAnsi(line: string): string {
  const last = lastOverwrite(line)
  return (last.includes(ESCAPE) ? last.replace(SEQUENCE, '') : last).replace(OTHER_CONTROLS, '')
}

/**
 * Splits a line into pieces of one style.
 * @param style the style the line before ended with
 * @returns the pieces (never empty ones) and the style the next line begins with; their texts joined are `stripAnsi(line)`
 */
export function parseAnsi(
  line: string,
  style: AnsiStyle = plainStyle,
): { readonly segments: readonly AnsiSegment[]; readonly style: AnsiStyle } {
  const last = lastOverwrite(line)
  const overwritten = last.length === line.length ? '' : line.slice(0, line.lastIndexOf(last))
  let current = overwritten === '' ? style : styleAfter(overwritten, style)
  const segments: AnsiSegment[] = []
  const push = (text: string) => {
    const clean = text.replace(OTHER_CONTROLS, '')
    if (clean === '') return
    const previous = segments.at(-1)
    if (previous !== undefined && previous.style === current) {
      segments[segments.length - 1] = { text: previous.text + clean, style: current }
    } else segments.push({ text: clean, style: current })
  }
  let end = 0
  for (const match of last.matchAll(SEQUENCE)) {
    push(last.slice(end, match.index))
    end = match.index + match[0].length
    if (match[2] === 'm') current = applyRendition(match[1] ?? '', current)
  }
  push(last.slice(end))
  return { segments, style: current }
}

/** The style a text leaves behind, for the lines after it. */
export function styleAfter(text: string, style: AnsiStyle): AnsiStyle {
  if (!text.includes(ESCAPE)) return style
  let current = style
  for (const match of text.matchAll(SEQUENCE)) {
    if (match[2] === 'm') current = applyRendition(match[1] ?? '', current)
  }
  return current
}

const FLAGS: ReadonlyMap<number, Partial<AnsiStyle>> = new Map([
  [1, { bold: true }],
  [2, { dim: true }],
  [3, { italic: true }],
  [4, { underline: true }],
  [7, { inverse: true }],
  [9, { strike: true }],
  [21, { underline: true }],
  [22, { bold: false, dim: false }],
  [23, { italic: false }],
  [24, { underline: false }],
  [27, { inverse: false }],
  [29, { strike: false }],
  [39, { foreground: null }],
  [49, { background: null }],
])

function applyRendition(parameters: string, style: AnsiStyle): AnsiStyle {
  if (!/^[0-9;:]*$/.test(parameters)) return style
  const codes = parameters.split(';')
  let next = style
  for (let at = 0; at < codes.length; at++) {
    const [code, ...sub] = (codes[at] ?? '').split(':').map((part) => (part === '' ? 0 : Number(part)))
    if (code === undefined) continue
    if (code === 38 || code === 48) {
      const rest = sub.length > 0 ? withoutColorSpace(sub) : codes.slice(at + 1).map(Number)
      const { color, used } = extendedColor(rest)
      if (sub.length === 0) at += used
      if (color !== null) next = { ...next, [code === 38 ? 'foreground' : 'background']: color }
    } else next = applyCode(code, sub[0] ?? null, next)
  }
  return next
}

function applyCode(code: number, sub: number | null, style: AnsiStyle): AnsiStyle {
  if (code === 0) return plainStyle
  if (code === 4 && sub === 0) return { ...style, underline: false }
  const flag = FLAGS.get(code)
  if (flag !== undefined) return { ...style, ...flag }
  if (code >= 30 && code <= 37) return { ...style, foreground: { type: 'named', index: code - 30 } }
  if (code >= 40 && code <= 47) return { ...style, background: { type: 'named', index: code - 40 } }
  if (code >= 90 && code <= 97) return { ...style, foreground: { type: 'named', index: code - 82 } }
  if (code >= 100 && code <= 107) return { ...style, background: { type: 'named', index: code - 92 } }
  return style
}

/** `38:2::r:g:b` names a colour space before the colours; `38:2:r:g:b` leaves it out. */
function withoutColorSpace(sub: readonly number[]): readonly number[] {
  return sub[0] === 2 && sub.length >= 5 ? [2, ...sub.slice(2)] : sub
}

function extendedColor(rest: readonly number[]): { readonly color: AnsiColor | null; readonly used: number } {
  if (rest[0] === 5) return { color: rest[1] === undefined ? null : indexedColor(rest[1]), used: 2 }
  if (rest[0] !== 2) return { color: null, used: 0 }
  const [, r, g, b] = rest
  if (r === undefined || g === undefined || b === undefined) return { color: null, used: rest.length }
  return { color: { type: 'rgb', r: r & 255, g: g & 255, b: b & 255 }, used: 4 }
}

const CUBE = [0, 95, 135, 175, 215, 255] as const

/** xterm's 256 colours: 16 named, a cube of 6×6×6, 24 greys. */
function indexedColor(index: number): AnsiColor | null {
  if (index < 16) return { type: 'named', index }
  if (index > 255) return null
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return { type: 'rgb', r: grey, g: grey, b: grey }
  }
  const cube = index - 16
  return {
    type: 'rgb',
    r: CUBE[Math.floor(cube / 36)] ?? 0,
    g: CUBE[Math.floor(cube / 6) % 6] ?? 0,
    b: CUBE[cube % 6] ?? 0,
  }
}
