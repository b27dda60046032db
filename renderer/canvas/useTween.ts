import { useEffect, useRef, useState } from 'react'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { useCanvasViews } from '../state/canvasView.ts'
import { motionAllowed } from '../ui/motion.ts'
import { knownPositions, type Point } from './geometry.ts'

const MILLISECONDS = 150
/** More than these move at once without an animation: each frame would draw them all. */
const MOST_TASKS = 800
const NOTHING: ReadonlyMap<string, Point> = new Map()

/** Where tasks are on their way from their old to their new places, after a layout. Empty while nothing moves. */
export function useTween(pipeline: Pipeline, placed: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
  const layouts = useCanvasViews((state) => state.layouts)
  const [moving, setMoving] = useState(NOTHING)
  const before = useRef<{ layouts: number; positions: ReadonlyMap<string, Point> }>({ layouts, positions: NOTHING })
  useEffect(() => {
    const target = knownPositions(pipeline, placed)
    const from = before.current.positions
    const animate =
      layouts !== before.current.layouts &&
      samePlaces(from, target) === false &&
      target.size <= MOST_TASKS &&
      motionAllowed()
    if (layouts !== before.current.layouts && from.size > 0 && samePlaces(from, target)) return
    before.current = { layouts, positions: target }
    if (!animate) return
    const start = performance.now()
    let frame = 0
    const step = (now: number) => {
      const share = Math.min(1, (now - start) / MILLISECONDS)
      setMoving(share === 1 ? NOTHING : between(from, target, 1 - (1 - share) ** 3))
      if (share < 1) frame = requestAnimationFrame(step)
    }
    setMoving(between(from, target, 0))
    frame = requestAnimationFrame(step)
    return () => {
      cancelAnimationFrame(frame)
      setMoving(NOTHING)
    }
  }, [pipeline, placed, layouts])
  return moving
}

function samePlaces(a: ReadonlyMap<string, Point>, b: ReadonlyMap<string, Point>): boolean {
  if (a.size !== b.size) return false
  for (const [id, [x, y]] of a) {
    const other = b.get(id)
    if (!other || other[0] !== x || other[1] !== y) return false
  }
  return true
}

function between(
  from: ReadonlyMap<string, Point>,
  to: ReadonlyMap<string, Point>,
  share: number,
): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>()
  for (const [id, end] of to) {
    const start = from.get(id) ?? end
    places.set(id, [start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share])
  }
  return places
}
