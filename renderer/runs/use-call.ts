import { useCallback, useEffect, useState } from 'react'
import { appErrorOf } from '#shared/contract/call-error.ts'

export interface CallError {
  readonly message: string
  readonly next: string | null
  readonly code: string
}

export type CallState<T> =
  | { readonly status: 'loading'; readonly value: T | null }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly value: T | null; readonly error: CallError }

/**
 * The answer to a question to the host, asked again when `key` changes; null asks nothing. While it loads again the
 * last answer to the same key stays, so that nothing jumps.
 */
export function useCall<T>(
  key: string | null,
  call: (signal: AbortSignal) => Promise<T>,
): CallState<T> & { readonly retry: () => void } {
  const [attempt, setAttempt] = useState(0)
  const [answer, setAnswer] = useState<{ readonly key: string | null; readonly state: CallState<T> }>({
    key: null,
    state: { status: 'loading', value: null },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  useEffect(() => {
    if (key === null) return
    const own = new AbortController()
    call(own.signal).then(
      (value) => !own.signal.aborted && setAnswer({ key, state: { status: 'ready', value } }),
      (error: unknown) =>
        !own.signal.aborted &&
        setAnswer((before) => ({
          key,
          state: { status: 'failed', value: before.key === key ? before.state.value : null, error: callErrorOf(error) },
        })),
    )
    return () => own.abort()
  }, [key, attempt])
  const retry = useCallback(() => setAttempt((count) => count + 1), [])
  const state: CallState<T> = answer.key === key && key !== null ? answer.state : { status: 'loading', value: null }
  return { ...state, retry }
}

/** A failed call in a person's words. */
export function callErrorOf(error: unknown): CallError {
  const data = appErrorOf(error)
  if (data) return { message: data.message, next: data.next ?? null, code: data.code }
  return { message: error instanceof Error ? error.message : String(error), next: null, code: 'CONNECTION' }
}
