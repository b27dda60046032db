/** What a lens says of a task beside its name; the same near by and far away. */
export interface Told {
  readonly text: string
  /** For the tip; null: the text says all. */
  readonly title: string | null
  /** Token of the card's ground, on which text stands in `--heat-text`; null: a plain card. */
  readonly ground: string | null
  /** There is nothing to colour it by. */
  readonly hatched: boolean
  /** Of all its tasks a collapsed group shows the one that weighs most. 0: nothing to speak of. */
  readonly weight: number
}

/** By task. A task that is left out is told nothing of. */
export type LensWords = ReadonlyMap<string, Told>
