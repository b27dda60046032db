import { useEffect, useState } from 'react'

export type MonacoModule = typeof import('./monaco.ts')
let loading: Promise<MonacoModule> | null = null

/** Loads Monaco once, when the first editor is shown. Rejects where its files cannot be fetched; the next call tries again. */
export function loadMonaco(): Promise<MonacoModule> {
  loading ??= import('./monaco.ts').catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

export type MonacoState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly monaco: MonacoModule['monaco'] }
  | { readonly status: 'failed'; readonly message: string; readonly retry: () => void }

export function useMonaco(): MonacoState {
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<MonacoState>({ status: 'loading' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt loads anew
  useEffect(() => {
    let current = true
    loadMonaco().then(
      (module) => current && setState({ status: 'ready', monaco: module.monaco }),
      (error: unknown) =>
        current &&
        setState({
          status: 'failed',
          message: error instanceof Error ? error.message : String(error),
          retry: () => {
            setState({ status: 'loading' })
            setAttempt((count) => count + 1)
          },
        }),
    )
    return () => {
      current = false
    }
  }, [attempt])
  return state
}
