import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves after the milliseconds, and at once when the call is aborted. */
export async function pauseForCall(milliseconds: number, options: { signal?: AbortSignal }): Promise<void> {
  await sleep(milliseconds, undefined, { signal: options.signal }).catch(() => undefined)
}
