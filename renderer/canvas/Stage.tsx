import {
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionLineType,
  type FinalConnectionState,
  type Node,
  type NodeChange,
  ReactFlow,
  SelectionMode,
  useKeyPress,
  useStoreApi,
} from '@xyflow/react'
import { type DragEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { type Pipeline, TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { setInsertEdge, useCanvasView, useCanvasViews } from '../state/canvasView.ts'
import { useActivePath, useProblems } from '../state/documents.ts'
import { clearSelection, useSelection } from '../state/selection.ts'
import { useView } from '../state/view.ts'
import { ContextMenu } from '../ui/Menu.tsx'
import { addTaskAt, connectTasks } from './actions.ts'
import { CanvasTools } from './CanvasTools.tsx'
import { ChainMarks } from './ChainMarks.tsx'
import { CurrentTask } from './CurrentTask.tsx'
import { type MenuTarget, menuItems } from './contextMenu.ts'
import { EdgeMarks } from './EdgeMarks.tsx'
import { LEAST_ZOOM } from './fitting.ts'
import { GroupCard, GroupFrame } from './GroupFrame.tsx'
import { Guides } from './Guides.tsx'
import { GRID } from './geometry.ts'
import { KIND_TYPE } from './kindType.ts'
import { LensStrip } from './LensStrip.tsx'
import { LinkHint } from './LinkHint.tsx'
import { MiniMap } from './MiniMap.tsx'
import { NoteCard } from './NoteCard.tsx'
import { nodeKind } from './nodeId.ts'
import { countProblems, createNodeMaker } from './nodes.ts'
import { buildGraph, nodeAt, nodesIn } from './paint/graph.ts'
import { movedFrames } from './paint/scene.ts'
import { createPointing, isOnPane, pointOf } from './pointing.ts'
import { openQuickPalette } from './quickPalette.ts'
import styles from './Stage.module.css'
import { selectEdge, selectNode, selectNodes, takeNodeSelection } from './selecting.ts'
import { TaskCard } from './TaskCard.tsx'
import { MOST_ZOOM, useControls } from './useControls.ts'
import { useDragging } from './useDragging.ts'
import { useEnsurePositions } from './useEnsurePositions.ts'
import { useMounted } from './useMounted.ts'
import { usePainter } from './usePainter.ts'
import { useScene } from './useScene.ts'
import { useSteady } from './useSteady.ts'
import { useTween } from './useTween.ts'

const NODE_TYPES = { task: TaskCard, cluster: GroupFrame, collapsed: GroupCard, note: NoteCard }
/** What was pressed and let go within so many pixels was clicked, not dragged. */
const CLICK_REACH = 3
const SNAP_GRID: [number, number] = [GRID, GRID]
const MULTI_SELECTION_KEYS = ['Meta', 'Control', 'Shift']
const PAN_BUTTONS = [0, 1]
const PRO_OPTIONS = { hideAttribution: true }

/**
 * The canvas: React Flow for what is near enough to be worked with, and under it a painter that draws everything else,
 * and all edges.
 */
export function Stage({ pipeline }: { readonly pipeline: Pipeline }) {
  const path = useActivePath()
  const root = useRef<HTMLDivElement>(null)
  const ground = useRef<HTMLDivElement>(null)
  const store = useStoreApi()
  const view = useCanvasView(path)
  const reported = useProblems()
  const selection = useSelection()
  const renaming = useCanvasViews((state) => state.renaming)
  const lens = useView((state) => state.lens)
  const { layoutDirection, edgeStyle, snapToGrid } = useView((state) => state.settings)
  const [makeNodes] = useState(createNodeMaker)
  const [target, setTarget] = useState<MenuTarget>({ type: 'canvas', at: [0, 0] })
  const [hoveredEdge, setHoveredEdge] = useState<string | null>(null)
  const graph = useMemo(
    () => buildGraph({ pipeline, ...view, direction: layoutDirection, edgeStyle }),
    [pipeline, view, layoutDirection, edgeStyle],
  )
  const pressed = useRef({ x: 0, y: 0 })
  const latest = useRef(graph)
  latest.current = graph
  const problems = useMemo(() => countProblems(reported), [reported])
  const dragging = useDragging(graph)
  // Then cards are no more than the ground.
  const panning = useKeyPress('Space')
  const tween = useTween(pipeline, view.placed)
  const ready = useEnsurePositions(path, pipeline, view.placed, layoutDirection)
  const controls = useControls(root, latest, ready)
  const pointing = useMemo(
    () =>
      createPointing(
        () => latest.current,
        controls.toCanvas,
        () => store.getState().transform[2],
      ),
    [controls, store],
  )
  const moving = dragging.moving.size > 0 ? dragging.moving : tween
  const isHeld = () => dragging.active.current || store.getState().connection.inProgress
  const mounted = useMounted(graph, [selection.lead, renaming], isHeld)
  const frames = useMemo(() => movedFrames(graph, moving), [graph, moving])
  const nodes = useMemo(
    () => makeNodes({ graph, mounted: mounted.ids, problems, selection, moving, frames }),
    [makeNodes, graph, mounted.ids, problems, selection, moving, frames],
  )
  const scene = useScene({ graph, problems, selection, moving, mounted: mounted.unpainted, hovered: hoveredEdge })
  usePainter(ground, scene, mounted.moved)
  useSelectionRectangle(latest)
  useEffect(() => () => setInsertEdge(null), [])
  useEffect(() => {
    if (ready) controls.refit()
  }, [ready, controls])

  const connectEnd = (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
    root.current?.classList.remove('connecting')
    if (state.isValid || !state.fromNode || !('clientX' in event)) return
    const at = controls.toCanvas(pointOf(event))
    const from = state.fromNode.id
    const outgoing = state.fromHandle?.type !== 'target'
    const over = nodeAt(graph, at)
    if (over !== null && over !== from && nodeKind(over).kind === 'tasks') {
      if (outgoing) connectTasks(from, over)
      else connectTasks(over, from)
    } else if (over === null || graph.frameOf.has(over)) {
      openQuickPalette({ at, screen: pointOf(event), ...(outgoing ? { from } : { to: from }) })
    }
  }
  const steady = useSteady({
    onNodesChange: (changes: NodeChange[]) => {
      const { multiSelectionActive, userSelectionRect } = store.getState()
      if (!userSelectionRect) takeNodeSelection(changes, !multiSelectionActive)
      dragging.takeChanges(changes)
    },
    onNodeDragStart: dragging.onDragStart,
    onNodeDrag: dragging.onDrag,
    onNodeDragStop: dragging.onDragStop,
    onConnect: ({ source, target: to }: Connection) => connectTasks(source, to),
    onConnectStart: () => root.current?.classList.add('connecting'),
    onConnectEnd: connectEnd,
    onNodeClick: (event: MouseEvent, { id }: Node) => {
      // One of several selected things is then the only one; React Flow leaves them all selected.
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) selectNode(id, false)
    },
    onNodeContextMenu: (_: MouseEvent, { id }: Node) => setTarget({ type: 'node', id }),
    onPaneContextMenu: (event: globalThis.MouseEvent | MouseEvent) => {
      const hit = pointing.at(event)
      if (hit && !graph.frameOf.has(hit.id)) setTarget(hit)
      else setTarget({ type: 'canvas', at: controls.toCanvas(pointOf(event)) })
    },
    onSelectionContextMenu: () => setTarget({ type: 'selection' }),
  })
  const drop = (event: DragEvent) => {
    const kind = kindIn(event)
    if (!kind) return
    event.preventDefault()
    const edge = pointing.edgeAt(pointOf(event))
    setInsertEdge(null)
    addTaskAt(kind, controls.toCanvas(pointOf(event)), edge ? { edge } : {})
  }
  const point = (event: MouseEvent) => {
    if (event.buttons !== 0 && !store.getState().connection.inProgress) return
    const hit = pointing.at(event)
    if (isOnPane(event.target) && !isHeld()) mounted.hover(hit?.type === 'node' ? hit.id : null)
    setHoveredEdge(hit?.type === 'edge' ? hit.id : null)
  }
  /** Before React Flow takes it as one on the empty pane. */
  const click = (event: MouseEvent) => {
    const { x, y } = pressed.current
    const hit = Math.hypot(event.clientX - x, event.clientY - y) > CLICK_REACH ? null : pointing.at(event)
    if (hit === null) return
    const adding = event.ctrlKey || event.metaKey || event.shiftKey
    if (hit.type === 'edge') selectEdge(hit.id, adding)
    else if (!graph.frameOf.has(hit.id)) selectNode(hit.id, adding)
    else return
    event.stopPropagation()
  }
  return (
    <ContextMenu items={menuItems(target)}>
      <div
        ref={root}
        className={styles.stage}
        data-canvas
        data-lens={lens}
        data-zoom="near"
        role="application"
        aria-label={canvasLabel(pipeline)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes keys; the outline is its textual twin
        tabIndex={0}
        onPointerDownCapture={(event) => {
          pressed.current = pointOf(event)
        }}
        onPointerMove={point}
        onPointerLeave={() => setHoveredEdge(null)}
        onClickCapture={click}
        onDoubleClick={(event) => {
          if (!isOnPane(event.target) || pointing.at(event) !== null) return
          openQuickPalette({ at: controls.toCanvas(pointOf(event)), screen: pointOf(event) })
        }}
        onDrop={drop}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(KIND_TYPE)) return
          event.preventDefault()
          event.dataTransfer.dropEffect = 'copy'
          setInsertEdge(pointing.edgeAt(pointOf(event)))
        }}
        onDragLeave={() => setInsertEdge(null)}
      >
        <div ref={ground} className={styles.ground} aria-hidden />
        {ready && (
          <ReactFlow
            nodes={nodes as never[]}
            nodeTypes={NODE_TYPES}
            {...steady}
            onPaneClick={clearSelection}
            onNodeDoubleClick={controls.openNode}
            onMove={controls.onMove}
            onInit={controls.refit}
            minZoom={LEAST_ZOOM}
            maxZoom={MOST_ZOOM}
            snapToGrid={snapToGrid}
            snapGrid={SNAP_GRID}
            selectionMode={SelectionMode.Partial}
            connectionRadius={32}
            connectionLineType={ConnectionLineType.Bezier}
            zoomOnDoubleClick={false}
            deleteKeyCode={null}
            multiSelectionKeyCode={MULTI_SELECTION_KEYS}
            panOnDrag={PAN_BUTTONS}
            nodesDraggable={!panning}
            nodesFocusable={false}
            edgesFocusable={false}
            disableKeyboardA11y
            elevateNodesOnSelect={false}
            proOptions={PRO_OPTIONS}
          >
            <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--canvas-dot)" />
            <EdgeMarks graph={graph} mounted={mounted.ids} />
            {scene.chain.length > 0 && <ChainMarks lines={scene.chain} />}
            <LinkHint graph={graph} />
            <Guides guides={dragging.guides} />
            <MiniMap scene={scene} />
            <CanvasTools controls={controls} />
          </ReactFlow>
        )}
        <LensStrip />
        <CurrentTask graph={graph} lead={selection.lead} />
      </div>
    </ContextMenu>
  )
}

/** React Flow draws the rectangle and knows what is mounted; what lies in it is asked of the graph. */
function useSelectionRectangle(graph: { readonly current: Parameters<typeof nodesIn>[0] }): void {
  const store = useStoreApi()
  useEffect(
    () =>
      store.subscribe(({ userSelectionRect: rectangle, userSelectionActive, transform: [x, y, zoom] }, before) => {
        if (!rectangle || !userSelectionActive || rectangle === before.userSelectionRect) return
        const window = {
          x: (rectangle.x - x) / zoom,
          y: (rectangle.y - y) / zoom,
          width: rectangle.width / zoom,
          height: rectangle.height / zoom,
        }
        selectNodes(nodesIn(graph.current, window, 'inside'))
      }),
    [store, graph],
  )
}

function kindIn(event: DragEvent): TaskKind | null {
  const text = event.dataTransfer.getData(KIND_TYPE)
  return TASK_KINDS.find((kind) => kind === text) ?? null
}

function canvasLabel(pipeline: Pipeline): string {
  const count = pipeline.tasks.length
  return `Canvas of ${pipeline.name}, ${count} ${count === 1 ? 'task' : 'tasks'}. Arrow keys walk the graph, Tab adds a task, Shift+Tab leaves.`
}
