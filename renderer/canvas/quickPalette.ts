import { create } from 'zustand'
import { controls } from './controls.ts'
import type { Point } from './geometry.ts'

/** The small palette at the pointer, by which a task is added where it is wanted. */
export interface QuickPaletteRequest {
  /** Where the task goes, in canvas pixels; null: the middle of what is in view. */
  readonly at: Point | null
  /** Where the palette shows, in window pixels. */
  readonly screen?: { readonly x: number; readonly y: number }
  /** The new task needs this one. */
  readonly from?: string
  /** This one needs the new task. */
  readonly to?: string
  /** The new task goes between the ends of this edge. */
  readonly edge?: string
  /** What is chosen takes the place of this task: a kind changes it, another task replaces it. */
  readonly replace?: string
}

export const useQuickPalette = create<{ readonly request: QuickPaletteRequest | null }>(() => ({ request: null }))

export function openQuickPalette(request: QuickPaletteRequest): void {
  askedFrom = document.activeElement
  useQuickPalette.setState({ request })
}

/** What had the focus when the palette was opened. */
let askedFrom: Element | null = null

/** Back to the outline where it was asked from there, else to the canvas. */
export function focusAfterPalette(): void {
  if (askedFrom instanceof HTMLElement && askedFrom.isConnected && askedFrom.closest('[role="treegrid"]')) {
    askedFrom.focus()
  } else controls()?.focus()
}

/** As Tab asks for it: at the pointer if it is over the canvas, else in the middle. */
export function openQuickPaletteAtPointer(): void {
  const canvas = controls()
  const screen = canvas?.pointer()
  openQuickPalette(screen && canvas ? { at: canvas.toCanvas(screen), screen } : { at: null })
}

export function closeQuickPalette(): void {
  useQuickPalette.setState({ request: null })
}
