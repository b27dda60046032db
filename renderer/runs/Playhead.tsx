import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import type { Micros } from '#shared/model/time.ts'
import { leaveReplay, pauseReplay, seekReplay, stepReplay, toggleReplay } from '../state/replay.ts'
import { useRuns } from '../state/runs.ts'
import { clockText } from './clock-text.ts'
import { type TimeWindow, timeToX, xToTime } from './gantt-geometry.ts'
import styles from './Playhead.module.css'

/** A press of Shift and an arrow moves by this share of the run. */
const LEAP = 0.05

/** The keys of a replay: space plays, comma and full stop step, Escape ends it. True where it was one of them. */
export function replayByKey(key: string): boolean {
  if (key === ' ') toggleReplay()
  else if (key === ',') stepReplay(-1)
  else if (key === '.') stepReplay(1)
  else if (key === 'Escape' && useRuns.getState().replayAt !== null) leaveReplay()
  else return false
  return true
}

/** The axis of a timeline: pressing or dragging on it shows the run as it was at that instant. */
export function Ruler({
  window,
  width,
  end,
  children,
}: {
  readonly window: TimeWindow
  readonly width: number
  readonly end: Micros
  readonly children: ReactNode
}) {
  const at = useRuns((state) => state.replayAt)
  const dragged = useRef(false)
  const seek = (event: PointerEvent<HTMLElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect()
    seekReplay(xToTime(event.clientX - left, window, width))
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const now = at ?? end
    if (event.key === 'Home') seekReplay(0)
    else if (event.key === 'End') seekReplay(end)
    else if (event.shiftKey && event.key === 'ArrowLeft') seekReplay(now - end * LEAP)
    else if (event.shiftKey && event.key === 'ArrowRight') seekReplay(now + end * LEAP)
    else if (event.key === 'ArrowLeft') stepReplay(-1)
    else if (event.key === 'ArrowRight') stepReplay(1)
    else if (!replayByKey(event.key)) return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      className={styles.ruler}
      role="slider"
      tabIndex={0}
      aria-label="Instant of the run that is shown: arrows step from event to event, Shift leaps, space plays, Escape ends the replay"
      aria-valuemin={0}
      aria-valuemax={end / 1_000_000}
      aria-valuenow={(at ?? end) / 1_000_000}
      aria-valuetext={at === null ? 'The end' : `${clockText(at, end)} of ${clockText(end, end)}`}
      title="Drag to see the run as it was"
      onKeyDown={keyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        dragged.current = true
        pauseReplay()
        seek(event)
      }}
      onPointerMove={(event) => dragged.current && seek(event)}
      onPointerUp={() => {
        dragged.current = false
      }}
      onPointerCancel={() => {
        dragged.current = false
      }}
    >
      {children}
      <span
        className={styles.head}
        style={{ left: timeToX(at ?? end, window, width) }}
        data-active={at !== null || undefined}
      />
    </div>
  )
}

/** Over the bars: where the replay stands; what was still to come steps back. */
export function Veil({
  window,
  left,
  width,
  height,
}: {
  readonly window: TimeWindow
  readonly left: number
  readonly width: number
  readonly height: number
}) {
  const at = useRuns((state) => state.replayAt)
  if (at === null) return null
  const x = Math.max(-1, Math.min(width, timeToX(at, window, width)))
  return <div className={styles.veil} style={{ left: left + x, width: width - x, height }} aria-hidden />
}
