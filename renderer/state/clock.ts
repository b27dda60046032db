import { useEffect, useRef, useState } from 'react'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { everyBeat } from '../ui/beat.ts'
import { useRuns } from './runs.ts'

/** Now on the chosen run's own clock (microseconds since its epoch), never before its last event; in a replay its instant. */
export function runClock(view: RunView): Micros {
  const { whole, live, replayAt } = useRuns.getState()
  if (replayAt !== null && view !== whole) return replayAt
  if (view.endedAt === null && !live) return view.t
  if (view.endedAt !== null) return view.endedAt
  const anchor = view.anchors.at(-1) ?? { t: 0, wall: view.header.wall }
  return Math.max(view.t, anchor.t + (Date.now() - Date.parse(anchor.wall)) * 1_000)
}

/**
 * Draws the component again every `milliseconds`, and as a replay goes on, while `active`: for durations that grow. A
 * beat is left out where the component has been drawn shortly before it.
 */
export function useTick(active: boolean, milliseconds = 500): void {
  useRuns((state) => (active ? state.replayAt : null))
  const [, setCount] = useState(0)
  const drawnAt = useRef(0)
  useEffect(() => {
    drawnAt.current = performance.now()
  })
  useEffect(() => {
    const tick = () => {
      if (performance.now() - drawnAt.current > milliseconds / 2) setCount((count) => count + 1)
    }
    return active ? everyBeat(milliseconds, tick) : undefined
  }, [active, milliseconds])
}
