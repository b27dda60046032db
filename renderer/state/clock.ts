import { useEffect, useState } from 'react'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'

/** Now on a run's own clock (microseconds since its epoch), never before its last event. */
export function runClock(view: RunView): Micros {
  if (view.endedAt !== null) return view.endedAt
  const anchor = view.anchors.at(-1) ?? { t: 0, wall: view.header.wall }
  return Math.max(view.t, anchor.t + (Date.now() - Date.parse(anchor.wall)) * 1_000)
}

/** Draws the component again every `milliseconds` while `active`: for durations that grow. */
export function useTick(active: boolean, milliseconds = 500): void {
  const [, setCount] = useState(0)
  useEffect(() => {
    if (!active) return
    const timer = setInterval(() => setCount((count) => count + 1), milliseconds)
    return () => clearInterval(timer)
  }, [active, milliseconds])
}
