import { useEffect, useRef, useState } from 'react'
import type { RunSource } from '#shared/analysis/simulation-source.ts'
import BottleneckWorker from './bottleneck.worker.ts?worker'
import type { BottleneckAnswer, PlanInput } from './bottleneck-input.ts'

/** The answer to the newest question; while it is worked out, the answer before it stays. null: none yet. */
export function useBottlenecks(input: RunSource | PlanInput | null): BottleneckAnswer | null {
  const worker = useRef<Worker | null>(null)
  const asked = useRef(0)
  const [answer, setAnswer] = useState<BottleneckAnswer | null>(null)
  useEffect(() => {
    const own = new BottleneckWorker()
    own.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly answer: BottleneckAnswer }>) => {
      if (data.id === asked.current) setAnswer(data.answer)
    }
    own.onerror = (event) =>
      setAnswer({
        ok: false,
        problems: [
          {
            code: 'INTERNAL',
            severity: 'error',
            message: `The simulation failed: ${event.message}`,
            hint: 'This is a fault in Dagwright; please report it with the code.',
          },
        ],
      })
    worker.current = own
    return () => {
      worker.current = null
      own.terminate()
    }
  }, [])
  useEffect(() => {
    asked.current++
    if (input === null) setAnswer(null)
    else worker.current?.postMessage({ id: asked.current, input })
  }, [input])
  return answer
}
