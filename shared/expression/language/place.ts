/** Where in a program an expression stands. */
export type Place =
  /** Where a value can stand. */
  | 'code'
  /** In shell: between double quotes or in an unquoted heredoc, where a variable is expanded but not split. */
  | 'expanded'
  /** In shell: inside `$(( ))`, where only a number may stand. */
  | 'arithmetic'
  | 'string'
  | 'comment'
  | 'backticks'

/** A hole is opaque to a scanner: whatever its text holds, it opens and closes nothing. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The place of every hole, in order. Never throws; an unclosed string runs to the end. */
export type Scanner = (source: string, holes: readonly Span[]) => Place[]

/** Walks a source from left to right, passing over holes, and notes where each one stands. */
export class Walk {
  readonly source: string
  readonly #holes: readonly Span[]
  readonly places: Place[] = []
  at = 0

  constructor(source: string, holes: readonly Span[]) {
    this.source = source
    this.#holes = holes
  }

  get done(): boolean {
    return this.at >= this.source.length
  }

  get character(): string {
    return this.source[this.at]
  }

  sees(text: string): boolean {
    return this.source.startsWith(text, this.at)
  }

  /** Takes the hole that starts here, if one does. */
  takeHole(place: Place): boolean {
    const hole = this.#holes[this.places.length]
    if (hole?.start !== this.at) return false
    this.places.push(place)
    this.at = hole.end
    return true
  }

  /**
   * Takes everything up to and with `close`. `escaping`: the character that makes the next one ordinary. Two closes in a
   * row are one ordinary character where `doubled`.
   */
  takeUntil(close: string, place: Place, { escaping = '', doubled = false } = {}): void {
    while (!this.done) {
      if (this.takeHole(place)) continue
      if (escaping !== '' && this.character === escaping) this.at += 2
      else if (doubled && this.sees(close + close)) this.at += 2 * close.length
      else if (this.sees(close)) {
        this.at += close.length
        return
      } else this.at++
    }
  }

  /** Takes everything up to the end of the line, the line break excluded. */
  takeLine(place: Place): void {
    while (!this.done && this.character !== '\n') if (!this.takeHole(place)) this.at++
  }
}
