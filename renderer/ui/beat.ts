/**
 * Calls at every whole multiple of `milliseconds` on the page's clock. So all that goes by time changes together, and the
 * browser, for which any change is a frame, draws one for all of it. Returns the way to stop.
 */
export function everyBeat(milliseconds: number, call: () => void): () => void {
  let timer = setTimeout(beat, untilBeat(milliseconds))
  function beat() {
    timer = setTimeout(beat, untilBeat(milliseconds))
    call()
  }
  return () => clearTimeout(timer)
}

/** Timers may be this much early. */
const EARLY_MS = 2

/** Milliseconds to the next whole multiple of `milliseconds` on the page's clock. */
export function untilBeat(milliseconds: number): number {
  const left = milliseconds - (performance.now() % milliseconds)
  return left < EARLY_MS ? left + milliseconds : left
}
