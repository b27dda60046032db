import type { CSSProperties } from 'react'
import { type AnsiColor, type AnsiStyle, parseAnsi } from './ansi.ts'
import type { LogLine, LogMatch } from './log-buffer.ts'
import './ansi.css'
import styles from './LogsPanel.module.css'

interface Piece {
  readonly text: string
  readonly style: AnsiStyle
  readonly match: 'none' | 'match' | 'current'
  /** Where it begins in the line's plain text. */
  readonly at: number
}

export interface LogTextProps {
  readonly line: LogLine
  readonly matches: readonly LogMatch[]
  readonly current: LogMatch | null
}

/** One line of a log with its colours and the places that were searched for. */
export function LogText({ line, matches, current }: LogTextProps) {
  if (line.stream === 'note') return <span className={styles.note}>{line.text}</span>
  return pieces(line, matches, current).map((piece) => (
    <span
      key={piece.at}
      style={styleOf(piece.style)}
      className={piece.match === 'none' ? undefined : styles[piece.match]}
    >
      {piece.text}
    </span>
  ))
}

function pieces(line: LogLine, matches: readonly LogMatch[], current: LogMatch | null): readonly Piece[] {
  const result: Piece[] = []
  let at = 0
  for (const segment of parseAnsi(line.text, line.style).segments) {
    const end = at + segment.text.length
    let from = at
    for (const match of matches) {
      const start = Math.max(match.start, from)
      const stop = Math.min(match.end, end)
      if (stop <= start) continue
      if (start > from) result.push(pieceOf(segment, at, from, start, 'none'))
      result.push(pieceOf(segment, at, start, stop, match === current ? 'current' : 'match'))
      from = stop
    }
    if (end > from) result.push(pieceOf(segment, at, from, end, 'none'))
    at = end
  }
  return result
}

function pieceOf(
  segment: { readonly text: string; readonly style: AnsiStyle },
  base: number,
  start: number,
  end: number,
  match: Piece['match'],
): Piece {
  return { text: segment.text.slice(start - base, end - base), style: segment.style, match, at: start }
}

/** undefined for plain text. Colours are tokens, or kept within the lightness that the theme can show. */
export function styleOf(style: AnsiStyle): CSSProperties | undefined {
  const foreground = style.inverse ? (style.background ?? 'surface') : style.foreground
  const background = style.inverse ? (style.foreground ?? 'text') : style.background
  const lines = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean).join(' ')
  const css: CSSProperties = {
    ...(foreground === null ? {} : { color: cssColor(foreground) }),
    // Programs choose backgrounds for a terminal's own palette: washed, they stay readable under any text.
    ...(background === null
      ? {}
      : {
          backgroundColor: style.inverse
            ? cssColor(background)
            : `color-mix(in oklab, ${cssColor(background)} 26%, transparent)`,
        }),
    ...(style.bold ? { fontWeight: 700 } : {}),
    ...(style.italic ? { fontStyle: 'italic' } : {}),
    ...(style.dim ? { opacity: 0.72 } : {}),
    ...(lines === '' ? {} : { textDecoration: lines }),
  }
  return Object.keys(css).length === 0 ? undefined : css
}

function cssColor(color: AnsiColor | 'surface' | 'text'): string {
  if (typeof color === 'string') return `var(--${color})`
  if (color.type === 'named') return `var(--ansi-${color.index})`
  return `oklch(from rgb(${color.r} ${color.g} ${color.b}) clamp(var(--ansi-least), l, var(--ansi-most)) c h)`
}
