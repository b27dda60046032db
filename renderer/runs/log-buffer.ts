import type { LogChunk } from '#shared/contract/data.ts'
import type { Micros } from '#shared/model/time.ts'
import { type AnsiStyle, plainStyle, stripAnsi, styleAfter } from './ansi.ts'

export type LogStream = LogChunk['lines'][number]['stream']

export interface LogLine {
  readonly t: Micros
  readonly stream: LogStream
  readonly text: string
  /** Without escape sequences: what search and copy see. */
  readonly plain: string
  /** The style its stream was left in by the lines before. */
  readonly style: AnsiStyle
}

export interface LogMatch {
  /** Index into the lines searched. */
  readonly line: number
  readonly start: number
  readonly end: number
}

/** More matches than this are counted as "this many and more". */
export const MOST_MATCHES = 10_000

/** The lines of one attempt's log as they come in. Mutable, because 100,000 lines are not copied for each new one. */
export class LogBuffer {
  readonly lines: LogLine[] = []
  /** Raised by every chunk. */
  version = 0
  omitted = 0
  ended = false
  readonly #styles = new Map<LogStream, AnsiStyle>()

  append(chunk: LogChunk): void {
    for (const { t, stream, text } of chunk.lines) {
      const style = this.#styles.get(stream) ?? plainStyle
      this.lines.push({ t, stream, text: stream === 'note' ? noteText(text) : text, plain: stripAnsi(text), style })
      if (stream !== 'note') this.#styles.set(stream, styleAfter(text, style))
    }
    this.omitted = chunk.omitted
    this.ended ||= chunk.end
    this.version++
  }
}

/** A note says in the log's own words where its middle was cut out: `cut BYTES`. */
function noteText(text: string): string {
  const cut = /^cut (\d+)$/.exec(text)
  return cut === null ? text : `${bytesText(Number(cut[1]))} left out here: the log had reached its size limit`
}

/** "512 B", "1.2 MB": decimal units, as file managers show them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Lines of one stream (notes always belong), or all of them. */
export function linesOfStream(lines: readonly LogLine[], stream: 'all' | 'out' | 'err'): readonly LogLine[] {
  return stream === 'all' ? lines : lines.filter((line) => line.stream === stream || line.stream === 'note')
}

/** Every place of `query`, without regard to case, up to `MOST_MATCHES`. */
export function searchLines(lines: readonly LogLine[], query: string): readonly LogMatch[] {
  const wanted = query.toLowerCase()
  const matches: LogMatch[] = []
  if (wanted === '') return matches
  for (let line = 0; line < lines.length; line++) {
    const text = lines[line]?.plain.toLowerCase() ?? ''
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      matches.push({ line, start: at, end: at + wanted.length })
      if (matches.length === MOST_MATCHES) return matches
    }
  }
  return matches
}

/** Position of a moment on the wall clock of the reader: "06:00:01.204". */
export function clockText(milliseconds: number): string {
  const time = new Date(milliseconds)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`
}
