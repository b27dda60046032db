import type { WorkspaceChange } from '#shared/contract/data.ts'
import { abortableStream, Signal } from './stream.ts'

/**
 * What changed in a workspace, for any number of watchers. A watcher that is slow gets the last word about each thing
 * only, so what waits for it is at most one change per file and run.
 */
export class ChangeHub {
  readonly #watchers = new Set<Watcher>()
  readonly #onWatched: (watched: boolean) => void

  /** `onWatched` is told when the first watcher comes and when the last one leaves. */
  constructor(onWatched: (watched: boolean) => void) {
    this.#onWatched = onWatched
  }

  get watched(): boolean {
    return this.#watchers.size > 0
  }

  publish(change: WorkspaceChange): void {
    for (const watcher of this.#watchers) {
      const key = keyOf(change)
      // Deleted first, so that the newest change comes last.
      watcher.waiting.delete(key)
      watcher.waiting.set(key, change)
      watcher.signal.fire()
    }
  }

  watch(outer: AbortSignal | undefined): AsyncIteratorObject<WorkspaceChange> {
    const watcher: Watcher = { waiting: new Map(), signal: new Signal() }
    this.#watchers.add(watcher)
    if (this.#watchers.size === 1) this.#onWatched(true)
    const leave = () => {
      if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#onWatched(false)
    }
    if (outer?.aborted) leave()
    else outer?.addEventListener('abort', leave, { once: true })
    return abortableStream(outer, async function* (signal) {
      try {
        while (!signal.aborted) {
          const next = watcher.waiting.entries().next()
          if (next.done) {
            await watcher.signal.wait(signal)
            continue
          }
          watcher.waiting.delete(next.value[0])
          yield next.value[1]
        }
      } finally {
        leave()
      }
    })
  }
}

interface Watcher {
  readonly waiting: Map<string, WorkspaceChange>
  readonly signal: Signal
}

function keyOf(change: WorkspaceChange): string {
  if (change.type === 'file') return `file ${change.path}`
  if (change.type === 'run') return `run ${change.summary.run}`
  if (change.type === 'runDeleted') return `run ${change.run}`
  return change.type
}
