import { type Node, type OnMove, useReactFlow } from '@xyflow/react'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { motionAllowed, showInspector, useView } from '../state/view.ts'
import { currentPositions } from './actions.ts'
import { type CanvasControls, setControls } from './controls.ts'
import { boundsOf, type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import { nodeKind } from './nodes.ts'

/** Everything, as large as it can be read. */
export const FIT = { padding: '12px', maxZoom: 1 } as const
/** Below these zooms cards show less. */
const READABLE = 0.85
const MIDDLE = 0.72
const FAR = 0.48
const FARTHER = 0.2

export interface StageControls extends CanvasControls {
  readonly onMove: OnMove
  readonly onInit: () => void
  readonly openNode: (event: unknown, node: Node) => void
}

/** Hands the canvas' view to the rest of the window, and keeps the level of detail in `data-zoom`. */
export function useControls(root: RefObject<HTMLDivElement | null>, ready: boolean): StageControls {
  const flow = useReactFlow()
  const pointer = useRef<{ x: number; y: number } | null>(null)
  /** Everything is in view, and nobody has moved the view since. */
  const fitted = useRef(true)
  const made = useMemo<StageControls>(() => {
    const duration = () => (motionAllowed() ? 150 : 0)
    const showZoom = (zoom: number) => {
      const level = zoom < FARTHER ? 'farther' : zoom < FAR ? 'far' : zoom < MIDDLE ? 'middle' : 'near'
      if (root.current && root.current.dataset.zoom !== level) root.current.dataset.zoom = level
      if (Math.round(useView.getState().zoom * 100) !== Math.round(zoom * 100)) useView.setState({ zoom })
    }
    const showMap = () => {
      const stage = root.current
      if (stage) stage.dataset.map = fitted.current && mapCovers(flow, stage) ? 'away' : 'shown'
    }
    const toCanvas = (point: { readonly x: number; readonly y: number }): Point => {
      const { x, y } = flow.screenToFlowPosition(point, { snapToGrid: false })
      return [x, y]
    }
    const centre = (): Point => {
      const box = root.current?.getBoundingClientRect()
      return box ? toCanvas({ x: box.x + box.width / 2, y: box.y + box.height / 2 }) : [0, 0]
    }
    return {
      fit: (tasks) => {
        fitted.current = tasks === undefined
        void fitInto(flow, tasks, duration())
      },
      zoomTo: (zoom) => {
        fitted.current = false
        void flow.zoomTo(zoom, { duration: duration() })
      },
      zoomBy: (factor) => {
        fitted.current = false
        void flow.zoomTo(flow.getZoom() * factor, { duration: duration() })
      },
      reveal: (task) => reveal(flow, root.current, task, duration()),
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
      onInit: () => {
        showZoom(flow.getZoom())
        showMap()
      },
      openNode: (_, node) => {
        if (nodeKind(node.id).kind === 'tasks') showInspector('task')
      },
    }
  }, [flow, root])
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
    const resized = new ResizeObserver(() => {
      if (fitted.current) void fitInto(flow, undefined, 0)
    })
    resized.observe(stage)
    stage.addEventListener('pointermove', move)
    stage.addEventListener('pointerleave', leave)
    return () => {
      resized.disconnect()
      stage.removeEventListener('pointermove', move)
      stage.removeEventListener('pointerleave', leave)
    }
  }, [root, flow])
  return made
}

type Flow = ReturnType<typeof useReactFlow>

function fitInto(flow: Flow, tasks: readonly string[] | undefined, duration: number): Promise<boolean> {
  const nodes = tasks?.map((id) => ({ id }))
  return flow.fitView({ ...FIT, duration, ...(nodes && nodes.length > 0 ? { nodes } : {}) })
}

/** The map adds nothing to a view that holds everything, so there it must not stand on cards. */
function mapCovers(flow: Flow, stage: HTMLElement): boolean {
  const map = stage.querySelector('.react-flow__minimap')?.getBoundingClientRect()
  if (!map) return false
  const { x, y } = flow.screenToFlowPosition({ x: map.left, y: map.top }, { snapToGrid: false })
  return flow
    .getNodes()
    .some(
      ({ type, position, width = 0, height = 0 }) =>
        type !== 'cluster' && position.x + width > x && position.y + height > y,
    )
}

/** Less than what "fit" leaves free: a view that holds everything need not move. */
const MARGIN = 8

function reveal(flow: Flow, stage: HTMLElement | null, task: string, duration: number): void {
  const at = currentPositions().get(task)
  const frame = stage?.getBoundingClientRect()
  if (!at || !frame) return
  const box = boundsOf([{ x: at[0], y: at[1], width: TASK_WIDTH, height: TASK_HEIGHT }])!
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
