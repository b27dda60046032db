import type { MouseEvent as ReactMouseEvent } from 'react'
import type { Point } from './geometry.ts'
import { edgeAt, type Graph, type Hit, hitAt } from './paint/graph.ts'

/** What the pointer is over where React Flow has no element for it: painted cards and edges. */
export interface Pointing {
  /** The painted thing under an event on the empty pane; null elsewhere. */
  at(event: MouseEvent | ReactMouseEvent): Hit
  /** Id of the edge that something dropped here would be inserted on. */
  edgeAt(point: { readonly x: number; readonly y: number }): string | null
}

export function createPointing(
  graph: () => Graph,
  toCanvas: (point: { readonly x: number; readonly y: number }) => Point,
  zoom: () => number,
): Pointing {
  return {
    at: (event) => (isOnPane(event.target) ? hitAt(graph(), toCanvas(pointOf(event)), zoom()) : null),
    edgeAt: (point) => edgeAt(graph(), toCanvas(point), zoom())?.id ?? null,
  }
}

export function isOnPane(target: EventTarget | null): boolean {
  return target instanceof Element && target.classList.contains('react-flow__pane')
}

export function pointOf({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }) {
  return { x: clientX, y: clientY }
}
