/**
 * An async iterator whose `return()` also ends a `next()` that is still waiting: a plain async generator would only
 * finish at its next `yield`, and a watcher that left would hold its run's feed until the next event.
 *
 * `produce` must stop soon after its signal aborts. The signal follows `outer` (the call's own).
 */
export function abortableStream<T>(
  outer: AbortSignal | undefined,
  produce: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncIteratorObject<T, void, void> {
  const controller = new AbortController()
  const signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal
  const generator = produce(signal)
  const close = async (): Promise<IteratorReturnResult<void>> => {
    controller.abort()
    await generator.return(undefined)
    return { done: true, value: undefined }
  }
  return {
    next: () => generator.next(),
    return: close,
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await close()
    },
  }
}

/** Resolves at the next `fire`. Many may wait; nobody is remembered after it. */
export class Signal {
  #waiting = new Set<() => void>()

  fire(): void {
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const resolve of waiting) resolve()
  }

  /** Resolves at the next `fire`, after `milliseconds`, or when `signal` aborts, whatever comes first. */
  wait(signal: AbortSignal, milliseconds?: number): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done)
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds)
      signal.addEventListener('abort', done, { once: true })
      this.#waiting.add(done)
    })
  }
}
