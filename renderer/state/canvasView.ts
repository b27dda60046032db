import { create } from 'zustand'
import { useDocuments } from './documents.ts'
import { useView } from './view.ts'

/** How a document's canvas is looked at: kept while its tab is open, never written to the file. */
export interface CanvasView {
  /** Top-left corners of tasks that have none in the file: what the automatic layout gave them. */
  readonly placed: ReadonlyMap<string, readonly [x: number, y: number]>
  /** Groups shown as one card. */
  readonly collapsed: ReadonlySet<string>
}

const NO_VIEW: CanvasView = { placed: new Map(), collapsed: new Set() }

interface CanvasViews {
  readonly views: ReadonlyMap<string, CanvasView>
  /** Node id of the task or group whose name, or of the note whose text, is being edited on the canvas. */
  readonly renaming: string | null
  /** Tasks of a cycle that was just refused, for as long as they flash. */
  readonly refused: readonly string[]
  /** The edge a dragged task would be inserted on. */
  readonly insertEdge: string | null
  /** Counts up when a layout was made, so that the canvas moves there instead of jumping. */
  readonly layouts: number
}

export const useCanvasViews = create<CanvasViews>(() => ({
  views: new Map(),
  renaming: null,
  refused: [],
  insertEdge: null,
  layouts: 0,
}))

export function useCanvasView(path: string | null): CanvasView {
  return useCanvasViews((state) => (path === null ? NO_VIEW : (state.views.get(path) ?? NO_VIEW)))
}

export function canvasViewOf(path: string): CanvasView {
  return useCanvasViews.getState().views.get(path) ?? NO_VIEW
}

function changeView(path: string, change: (view: CanvasView) => CanvasView): void {
  useCanvasViews.setState(({ views }) => ({ views: new Map(views).set(path, change(views.get(path) ?? NO_VIEW)) }))
}

/** Adds positions that the layout found; those of other tasks stay. */
export function placeTasks(path: string, positions: ReadonlyMap<string, readonly [number, number]>): void {
  changeView(path, (view) => ({ ...view, placed: new Map([...view.placed, ...positions]) }))
}

export function toggleCollapsed(path: string, group: string): void {
  changeView(path, (view) => {
    const collapsed = new Set(view.collapsed)
    if (!collapsed.delete(group)) collapsed.add(group)
    return { ...view, collapsed }
  })
}

export function startRenaming(node: string | null): void {
  useCanvasViews.setState({ renaming: node })
}

const FLASH_MS = 1_600
let flashTimer: ReturnType<typeof setTimeout> | undefined

/** Flashes a path of tasks in red: the cycle a link would have closed. */
export function flashRefused(path: readonly string[]): void {
  clearTimeout(flashTimer)
  useCanvasViews.setState({ refused: path })
  flashTimer = setTimeout(() => useCanvasViews.setState({ refused: [] }), FLASH_MS)
}

export function setInsertEdge(edge: string | null): void {
  if (useCanvasViews.getState().insertEdge !== edge) useCanvasViews.setState({ insertEdge: edge })
}

export function announceLayout(): void {
  useCanvasViews.setState(({ layouts }) => ({ layouts: layouts + 1 }))
}

/** Views of closed tabs are forgotten. */
useDocuments.subscribe(({ open }, before) => {
  if (open.length >= before.open.length) return
  const paths = new Set(open.map((document) => document.path))
  useCanvasViews.setState(({ views }) => ({ views: new Map([...views].filter(([path]) => paths.has(path))) }))
})

/** Another direction or engine asks for another layout; only what people have placed stays. */
useView.subscribe(({ settings }, before) => {
  const { layoutDirection, layoutEngine } = before.settings
  if (settings.layoutDirection === layoutDirection && settings.layoutEngine === layoutEngine) return
  useCanvasViews.setState(({ views }) => ({
    views: new Map([...views].map(([path, view]) => [path, { ...view, placed: new Map() }])),
  }))
})
