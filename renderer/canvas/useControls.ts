import { type Node, type OnMove, useReactFlow, useStoreApi } from '@xyflow/react'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { toggleCollapsed } from '../state/canvasView.ts'
import { activeDocument } from '../state/documents.ts'
import { showInspector, useView } from '../state/view.ts'
import { motionAllowed } from '../ui/motion.ts'
import { currentPositions } from './actions.ts'
import { type CanvasControls, setControls } from './controls.ts'
import { fittedView, overlaysOf } from './fitting.ts'
import { type Box, boundsOf, type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import { nodeKind } from './nodeId.ts'
import { CURVE_NUMBERS, curvePoint } from './paint/curve.ts'
import { cardBox, type Graph, meets, nodeBox, nodesIn } from './paint/graph.ts'
import { levelOf } from './paint/level.ts'
import { stepFrom } from './walk.ts'

export const MOST_ZOOM = 2.5
/** Closer than this a task is brought to be read. */
const READABLE = 0.85
const MOVE_MS = 150

export interface StageControls extends CanvasControls {
  readonly onMove: OnMove
  /** Shows everything again where that is what was shown; to be called when the stage has another size. */
  readonly refit: () => void
  readonly openNode: (event: unknown, node: Node) => void
}

/** Hands the canvas' view to the rest of the window, and keeps the level of detail in `data-zoom`. */
export function useControls(
  root: RefObject<HTMLDivElement | null>,
  graph: RefObject<Graph>,
  ready: boolean,
): StageControls {
  const flow = useReactFlow()
  const store = useStoreApi()
  const pointer = useRef<{ x: number; y: number } | null>(null)
  /** Everything is in view, and nobody has moved the view since. */
  const fitted = useRef(true)
  const made = useMemo<StageControls>(() => {
    const duration = () => (motionAllowed() ? MOVE_MS : 0)
    const showZoom = (zoom: number) => {
      const level = levelOf(zoom)
      if (root.current && root.current.dataset.zoom !== level) root.current.dataset.zoom = level
      // Pixels of the canvas to one of the screen, in steps and only where they are used: each styles all cards anew.
      const pixel = level === 'far' || level === 'farther' ? String(2 ** Math.round(Math.log2(1 / zoom))) : '1'
      if (root.current && root.current.style.getPropertyValue('--pixel') !== pixel)
        root.current.style.setProperty('--pixel', pixel)
      if (Math.round(useView.getState().zoom * 100) !== Math.round(zoom * 100)) useView.setState({ zoom })
    }
    const showMap = () => {
      const stage = root.current
      if (stage) stage.dataset.map = fitted.current && mapCovers(graph.current, toCanvas, stage) ? 'away' : 'shown'
    }
    const toCanvas = (point: { readonly x: number; readonly y: number }): Point => {
      const { x, y } = flow.screenToFlowPosition(point, { snapToGrid: false })
      return [x, y]
    }
    const fitInto = (tasks: readonly string[] | undefined, over: number) => {
      const { width, height } = store.getState()
      const cards = tasks?.flatMap((id) => graph.current.cardOf.get(id) ?? []) ?? []
      const bounds = cards.length > 0 ? boundsOf(cards.map(({ at }) => cardBox(at))) : graph.current.bounds
      if (!bounds || width === 0) return
      const isCovered = (window: Box) =>
        tasks ? meets(bounds, window) : nodesIn(graph.current, window, 'met').length > 0
      const overlays = root.current ? overlaysOf(root.current) : []
      void flow.setViewport(fittedView(bounds, { width, height }, overlays, isCovered), { duration: over })
    }
    const centre = (): Point => {
      const box = root.current?.getBoundingClientRect()
      return box ? toCanvas({ x: box.x + box.width / 2, y: box.y + box.height / 2 }) : [0, 0]
    }
    return {
      fit: (tasks) => {
        fitted.current = tasks === undefined
        fitInto(tasks, duration())
      },
      zoomTo: (zoom) => {
        fitted.current = false
        void flow.zoomTo(zoom, { duration: duration() })
      },
      zoomBy: (factor) => {
        fitted.current = false
        void flow.zoomTo(flow.getZoom() * factor, { duration: duration() })
      },
      reveal: (node) => reveal(flow, root.current, nodeBox(graph.current, node), duration()),
      step: (from, direction) => stepFrom(graph.current, from, direction),
      show: (task) => {
        const at = currentPositions().get(task)
        if (!at) return
        fitted.current = false
        const zoom = Math.max(flow.getZoom(), READABLE)
        void flow.setCenter(at[0] + TASK_WIDTH / 2, at[1] + TASK_HEIGHT / 2, { zoom, duration: duration() })
      },
      focus: () => root.current?.focus({ preventScroll: true }),
      centre,
      toCanvas,
      pointer: () => pointer.current,
      onMove: (event, { zoom }) => {
        if (event) fitted.current = false
        showZoom(zoom)
        showMap()
      },
      refit: () => {
        if (fitted.current) fitInto(undefined, 0)
        showZoom(flow.getZoom())
        showMap()
      },
      edgeMiddle: (id) => {
        const edge = graph.current.edgeOf.get(id)
        return edge ? curvePoint(graph.current.curves, 0.5, edge.number * CURVE_NUMBERS) : null
      },
      openNode: (_, node) => {
        const { kind, id } = nodeKind(node.id)
        const path = activeDocument()?.path
        if (kind === 'tasks') showInspector('task')
        // A click anywhere on it: a collapsed group is a card.
        else if (kind === 'groups' && path && graph.current.cardOf.has(node.id)) toggleCollapsed(path, id)
      },
    }
  }, [flow, store, graph, root])
  useEffect(() => {
    if (!ready) return
    setControls(made)
    return () => setControls(null)
  }, [made, ready])
  useEffect(() => {
    const stage = root.current
    if (!stage) return
    const move = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY }
    }
    const leave = () => {
      pointer.current = null
    }
    const stop = store.subscribe((state, before) => {
      if (state.width !== before.width || state.height !== before.height) made.refit()
    })
    const floating = new ResizeObserver(() => made.refit())
    for (const element of stage.querySelectorAll('[data-over-canvas]')) floating.observe(element)
    stage.addEventListener('pointermove', move)
    stage.addEventListener('pointerleave', leave)
    return () => {
      stop()
      floating.disconnect()
      stage.removeEventListener('pointermove', move)
      stage.removeEventListener('pointerleave', leave)
    }
  }, [root, store, made])
  return made
}

type Flow = ReturnType<typeof useReactFlow>

/** The map adds nothing to a view that holds everything, so there it must not stand on cards. */
function mapCovers(graph: Graph, toCanvas: StageControls['toCanvas'], stage: HTMLElement): boolean {
  const map = stage.querySelector('[data-map-of-all]')?.getBoundingClientRect()
  if (!map) return false
  const [x, y] = toCanvas({ x: map.left, y: map.top })
  const [right, bottom] = toCanvas({ x: map.right, y: map.bottom })
  const frames = new Set(graph.frames.map((frame) => frame.id))
  return nodesIn(graph, { x, y, width: right - x, height: bottom - y }, 'inside').some((id) => !frames.has(id))
}

/** Less than what "fit" leaves free: a view that holds everything need not move. */
const MARGIN = 8

function reveal(flow: Flow, stage: HTMLElement | null, box: Box | undefined, duration: number): void {
  const frame = stage?.getBoundingClientRect()
  if (!box || !frame) return
  const topLeft = flow.flowToScreenPosition({ x: box.x, y: box.y })
  const bottomRight = flow.flowToScreenPosition({ x: box.x + box.width, y: box.y + box.height })
  const inside =
    topLeft.x >= frame.left + MARGIN &&
    topLeft.y >= frame.top + MARGIN &&
    bottomRight.x <= frame.right - MARGIN &&
    bottomRight.y <= frame.bottom - MARGIN
  if (inside) return
  void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: flow.getZoom(), duration })
}
