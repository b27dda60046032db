import { useSyncExternalStore } from 'react'
import type { Point } from './geometry.ts'
import type { Direction } from './walk.ts'

/** What the mounted canvas lets the rest of the window do; null while none is shown. */
export interface CanvasControls {
  fit(tasks?: readonly string[]): void
  zoomTo(zoom: number): void
  zoomBy(factor: number): void
  /** Moves the view only where the task, group or note, by its node id, is not in it. */
  reveal(node: string): void
  /** Where an arrow key leads from a node, or from nowhere; null: nothing is there. */
  step(from: string | null, direction: Direction): string | null
  /** Brings the task into the middle, close enough to read it. */
  show(task: string): void
  focus(): void
  /** Middle of what is in view, in canvas pixels. */
  centre(): Point
  /** From pixels of the window to pixels of the canvas. */
  toCanvas(point: { readonly x: number; readonly y: number }): Point
  /** Half way along an edge, in canvas pixels; null: it is not drawn. */
  edgeMiddle(id: string): Point | null
  /** The pointer, in window pixels, where it was last seen over the canvas; null where it is elsewhere. */
  pointer(): { readonly x: number; readonly y: number } | null
}

let current: CanvasControls | null = null
const listeners = new Set<() => void>()

export function setControls(controls: CanvasControls | null): void {
  current = controls
  for (const listener of listeners) listener()
}

export function controls(): CanvasControls | null {
  return current
}

/** As `controls`, for a component that says what they can do. */
export function useControls(): CanvasControls | null {
  return useSyncExternalStore(listen, controls)
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
