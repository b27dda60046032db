import { useEffect, useRef, useState } from 'react'
import { api } from '../state/client.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { LogBuffer } from './log-buffer.ts'
import { type CallError, callErrorOf } from './use-call.ts'

export interface LogSource {
  readonly run: string
  readonly task: string
  readonly index: number | null
  readonly attempt: number
}

export interface LogState {
  readonly buffer: LogBuffer
  readonly status: 'loading' | 'following' | 'ended' | 'failed'
  readonly error: CallError | null
  readonly retry: () => void
}

/** Chunks may come hundreds a second; the screen follows at this pace. */
const FRAME_MS = 50

/** The log of one attempt, read to its end and followed while the attempt runs. null: none is wanted. */
export function useLog(source: LogSource | null): LogState {
  const [attempt, setAttempt] = useState(0)
  const [, redraw] = useState(0)
  const state = useRef<Omit<LogState, 'retry'>>({ buffer: new LogBuffer(), status: 'loading', error: null })
  const key = source === null ? null : JSON.stringify([source.run, source.task, source.index, source.attempt])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source, attempt for a retry
  useEffect(() => {
    const buffer = new LogBuffer()
    state.current = { buffer, status: 'loading', error: null }
    redraw((count) => count + 1)
    if (source === null) return
    const own = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        redraw((count) => count + 1)
      }, FRAME_MS)
    }
    const finish = (next: Partial<LogState>) => {
      if (own.signal.aborted) return
      state.current = { ...state.current, ...next }
      draw()
    }
    readLog(source, buffer, own.signal, () => finish({ status: 'following' })).then(
      () => finish({ status: 'ended' }),
      (error: unknown) => finish({ status: 'failed', error: callErrorOf(error) }),
    )
    return () => {
      own.abort()
      clearTimeout(timer)
    }
  }, [key, attempt])
  return { ...state.current, retry: () => setAttempt((count) => count + 1) }
}

async function readLog(source: LogSource, buffer: LogBuffer, signal: AbortSignal, onChunk: () => void): Promise<void> {
  const input = { workspace: workspaceRoot(), ...source, after: 0, follow: true }
  const chunks = await api().runs.log(input, { signal })
  for await (const chunk of chunks) {
    buffer.append(chunk)
    onChunk()
    if (chunk.end) return
  }
}
