import type { Box } from './geometry.ts'
import type { View } from './paint/layer.ts'

/** Screen pixels left free around everything. */
const PADDING = 12
const MOST_FITTED = 1
export const LEAST_ZOOM = 0.005
/** Screen pixels: where less is left between what floats at the top and at the bottom, it is not made way for. */
const LEAST_HEIGHT = 120

/** What floats over the canvas at one of its edges, in pixels of the stage. */
export interface Overlay {
  readonly side: 'top' | 'bottom'
  readonly box: Box
}

/**
 * The view that shows all of `bounds` as large as it can be read, in the middle of what is free: room is made for what
 * floats over the canvas only where it would cover something. `isCovered` says so of a box of the canvas.
 */
export function fittedView(
  bounds: Box,
  stage: { readonly width: number; readonly height: number },
  overlays: readonly Overlay[],
  isCovered: (window: Box) => boolean,
): View {
  const room = { top: PADDING, bottom: PADDING }
  const needs = ({ side, box }: Overlay) => PADDING + (side === 'top' ? box.y + box.height : stage.height - box.y)
  for (;;) {
    const view = viewOf(bounds, stage, room)
    const covering = overlays.find((overlay) => {
      const free = stage.height - needs(overlay) - (overlay.side === 'top' ? room.bottom : room.top)
      return room[overlay.side] < needs(overlay) && free >= LEAST_HEIGHT && isCovered(onCanvas(overlay.box, view))
    })
    if (!covering) return view
    room[covering.side] = needs(covering)
  }
}

function viewOf(
  { x, y, width, height }: Box,
  stage: { readonly width: number; readonly height: number },
  { top, bottom }: { readonly top: number; readonly bottom: number },
): View {
  const free = { width: stage.width - 2 * PADDING, height: stage.height - top - bottom }
  const fitting = Math.min(free.width / Math.max(1, width), free.height / Math.max(1, height))
  const zoom = Math.min(MOST_FITTED, Math.max(LEAST_ZOOM, fitting))
  return {
    x: PADDING + free.width / 2 - (x + width / 2) * zoom,
    y: top + free.height / 2 - (y + height / 2) * zoom,
    zoom,
  }
}

function onCanvas({ x, y, width, height }: Box, view: View): Box {
  return {
    x: (x - view.x) / view.zoom,
    y: (y - view.y) / view.zoom,
    width: width / view.zoom,
    height: height / view.zoom,
  }
}

/** What lies over the stage now: elements in it that say so by `data-over-canvas`. */
export function overlaysOf(stage: HTMLElement): readonly Overlay[] {
  const { left, top } = stage.getBoundingClientRect()
  return [...stage.querySelectorAll<HTMLElement>('[data-over-canvas]')].flatMap((element): Overlay[] => {
    const box = element.getBoundingClientRect()
    if (box.height === 0) return []
    const side = element.dataset.overCanvas === 'top' ? 'top' : 'bottom'
    return [{ side, box: { x: box.left - left, y: box.top - top, width: box.width, height: box.height } }]
  })
}
