import { type KeyboardEvent, useState } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { PathSegment, RealizedPath } from '#shared/analysis/realized-path.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { selectTask } from '../state/selection.ts'
import { classes } from '../ui/classes.ts'
import styles from './SegmentBar.module.css'

/** More parts than pixels say nothing one by one: of longer chains the longest are shown. */
const MOST = 120

/** The makespan from left to right: every part of the chain that led to the end. One stop for Tab; arrows walk the parts. */
export function SegmentBar({
  path,
  onSegment,
}: {
  readonly path: RealizedPath
  readonly onSegment: ((segment: PathSegment) => void) | undefined
}) {
  const [at, setAt] = useState<number | null>(null)
  const segments = shown(path.segments)
  const segment = at === null ? null : (segments[at] ?? null)
  const show = (place: number, element: HTMLElement | undefined) => {
    const next = segments[place]
    if (next === undefined) return
    setAt(place)
    selectTask(next.task)
    onSegment?.(next)
    element?.focus()
  }
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const last = segments.length - 1
    const place = { ArrowRight: (at ?? -1) + 1, ArrowLeft: (at ?? 1) - 1, Home: 0, End: last }[event.key]
    if (place === undefined) return
    event.preventDefault()
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('button')
    const next = Math.max(0, Math.min(last, place))
    show(next, buttons[next])
  }
  return (
    <>
      <div
        className={styles.bar}
        role="toolbar"
        aria-label="Parts of the makespan, in order of time"
        onKeyDown={keyDown}
      >
        {segments.map((part, place) => (
          <button
            key={`${part.from} ${part.to} ${part.kind}`}
            type="button"
            tabIndex={place === (at ?? 0) ? 0 : -1}
            aria-label={segmentText(part, path.makespan)}
            aria-pressed={place === at}
            title={segmentText(part, path.makespan)}
            className={classes(styles.part, styles[part.kind])}
            style={{ flexGrow: part.to - part.from }}
            onClick={(event) => show(place, event.currentTarget)}
          />
        ))}
      </div>
      {segment !== null && <p className={styles.said}>{segmentText(segment, path.makespan)}</p>}
    </>
  )
}

function shown(segments: readonly PathSegment[]): readonly PathSegment[] {
  if (segments.length <= MOST) return segments
  const least = segments.map(({ from, to }) => to - from).toSorted((a, b) => b - a)[MOST - 1]!
  return segments.filter(({ from, to }) => to - from >= least)
}

const WHAT = {
  work: 'worked',
  retry: 'waited to retry',
  overhead: 'was about to start',
  interrupted: 'was interrupted',
}

function segmentText({ kind, task, index, from, to }: PathSegment, makespan: number): string {
  const share = makespan === 0 ? 0 : Math.round(((to - from) / makespan) * 100)
  return `${instanceLabel(task, index)} ${WHAT[kind]} for ${durationText(to - from)} (${share}%), from ${exactDurationText(from)} to ${exactDurationText(to)}`
}
