/**
 * Long work in steps: a generator that yields wherever it may be interrupted and returns what came of it. Whoever must
 * answer others meanwhile takes the steps a few at a time (electron/turns); everybody else takes them all.
 */
export type Steps<T> = Generator<void, T, void>

/** Takes all steps at once. */
export function takeAll<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
