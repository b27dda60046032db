import type { Rectangle } from 'electron'
import { z } from 'zod'

/** Where the window was, kept between sessions. */
export interface WindowState {
  readonly bounds: Rectangle
  readonly maximized: boolean
}

const stored = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(640), height: z.int().min(480) }),
  maximized: z.boolean(),
})

/** How much of a window must lie on some display for a person to reach it, in pixels. */
const REACHABLE = 120

/**
 * The remembered state if it can still be used: readable, and on a display that is there (people unplug them).
 * `text` is what was stored, null where nothing was.
 */
export function usableState(text: string | null, workAreas: readonly Rectangle[]): WindowState | null {
  if (text === null) return null
  const state = parse(text)
  if (!state) return null
  const { bounds } = state
  const reachable = workAreas.some(
    (area) =>
      Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x) >= REACHABLE &&
      bounds.y >= area.y - 8 &&
      bounds.y <= area.y + area.height - REACHABLE,
  )
  return reachable ? state : null
}

function parse(text: string): WindowState | null {
  try {
    return stored.parse(JSON.parse(text))
  } catch {
    return null
  }
}
