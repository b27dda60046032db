import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { type Steps, takeAll } from '#shared/model/steps.ts'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'gray'
const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
  gray: [90, 39],
}

/** A reader that has gone away, or a terminal that was closed: nobody misses what is written. */
const NOBODY_READS: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'EIO'])

/** One of the two output streams. Where it takes no more (`| head`, a full disk) that ends the writing, not the work. */
export class Output {
  readonly #stream: NodeJS.WriteStream
  readonly isTerminal: boolean
  readonly #colours: boolean
  #gone = false
  /** Why it took no more, where somebody would have read it. */
  failure: string | null = null

  constructor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#stream = stream
    this.isTerminal = stream.isTTY === true
    this.#colours = this.isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#gone = true
      if (!NOBODY_READS.has(error.code)) this.failure = error.message
    })
  }

  get columns(): number {
    return (this.#stream as WriteStream).columns || 80
  }

  get rows(): number {
    return (this.#stream as WriteStream).rows || 24
  }

  write(text: string): void {
    if (!this.#gone) this.#stream.write(text)
  }

  line(text = ''): void {
    this.write(`${text}\n`)
  }

  paint(style: Style, text: string): string {
    if (!this.#colours) return text
    const [on, off] = CODES[style]
    return `\u001b[${on}m${text}\u001b[${off}m`
  }

  /** Waits until everything written has left the process; also when nobody reads it any more. */
  async flush(): Promise<void> {
    if (this.#gone || this.#stream.destroyed) return
    await new Promise<void>((resolve) => {
      this.#stream.once('error', () => resolve())
      this.#stream.write('', () => resolve())
    })
  }
}

/** Text from a pipeline, a log or a path, made harmless for a terminal: no control characters but tabs. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

/** Columns side by side, as wide as their widest cell. `right`: columns of numbers. */
export function table(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  return takeAll(tableSteps(rows, right))
}

/** About a millisecond's. */
const ROWS_A_STEP = 300

/** The same in steps. */
export function* tableSteps(rows: readonly (readonly string[])[], right: ReadonlySet<number>): Steps<string[]> {
  const widths: number[] = []
  for (const [at, row] of rows.entries()) {
    if (at % ROWS_A_STEP === 0) yield
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  const lines: string[] = []
  for (const [at, row] of rows.entries()) {
    if (at % ROWS_A_STEP === 0) yield
    const cells = row.map((cell, column) => padded(cell, widths[column]!, right.has(column)))
    lines.push(cells.join('  ').trimEnd())
  }
  return lines
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length
}

function padded(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? space + text : text + space
}
