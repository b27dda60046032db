import {
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionLineType,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  ReactFlow,
  SelectionMode,
} from '@xyflow/react'
import { type DragEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { type Pipeline, TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { setInsertEdge, useCanvasView } from '../state/canvasView.ts'
import { useActivePath, useProblems } from '../state/documents.ts'
import { clearSelection, useSelection } from '../state/selection.ts'
import { useView } from '../state/view.ts'
import { ContextMenu } from '../ui/Menu.tsx'
import { addTaskAt, connectTasks, currentPositions } from './actions.ts'
import { CanvasTools } from './CanvasTools.tsx'
import { type MenuTarget, menuItems } from './contextMenu.ts'
import { GroupCard, GroupFrame } from './GroupFrame.tsx'
import { GRID } from './geometry.ts'
import { edgeAt, nodeAt } from './hits.ts'
import { KIND_TYPE } from './kindType.ts'
import { LensStrip } from './LensStrip.tsx'
import { MiniMapNode } from './MiniMapNode.tsx'
import { NeedEdge } from './NeedEdge.tsx'
import { NoteCard } from './NoteCard.tsx'
import { createDrawer, type NeedEdge as NeedEdgeType, nodeKind } from './nodes.ts'
import { openQuickPalette } from './quickPalette.ts'
import styles from './Stage.module.css'
import { takeEdgeSelection, takeNodeSelection } from './selecting.ts'
import { TaskCard } from './TaskCard.tsx'
import { FIT, useControls } from './useControls.ts'
import { useDragging } from './useDragging.ts'
import { useEnsurePositions } from './useEnsurePositions.ts'
import { useTween } from './useTween.ts'

const NODE_TYPES = { task: TaskCard, cluster: GroupFrame, collapsed: GroupCard, note: NoteCard }
const EDGE_TYPES = { need: NeedEdge }
/** React Flow needs its size to know what fits into it. */
const MINI_MAP = { width: 176, height: 112 }
const LEAST_ZOOM = 0.05
const MOST_ZOOM = 2.5

export function Stage({ pipeline }: { readonly pipeline: Pipeline }) {
  const path = useActivePath()
  const root = useRef<HTMLDivElement>(null)
  const view = useCanvasView(path)
  const problems = useProblems()
  const selection = useSelection()
  const lens = useView((state) => state.lens)
  const settings = useView((state) => state.settings)
  const [draw] = useState(createDrawer)
  const [target, setTarget] = useState<MenuTarget>({ type: 'canvas', at: [0, 0] })
  const dragging = useDragging(pipeline, currentPositions)
  const tween = useTween(pipeline, view.placed)
  const ready = useEnsurePositions(path, pipeline, view.placed, settings.layoutDirection)
  const controls = useControls(root, ready)
  const moving = dragging.moving.size > 0 ? dragging.moving : tween
  const drawing = useMemo(
    () =>
      draw({
        pipeline,
        problems,
        placed: view.placed,
        moving,
        collapsed: view.collapsed,
        selection,
        direction: settings.layoutDirection,
      }),
    [draw, pipeline, problems, view, moving, selection, settings.layoutDirection],
  )
  useEffect(() => () => setInsertEdge(null), [])

  const nodesChange = (changes: NodeChange[]) => {
    takeNodeSelection(changes)
    dragging.takeChanges(changes)
  }
  const connect = ({ source, target: to }: Connection) => connectTasks(source, to)
  const connectEnd = (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
    root.current?.classList.remove('connecting')
    if (state.isValid || !state.fromNode || !('clientX' in event)) return
    const point = { x: event.clientX, y: event.clientY }
    const from = state.fromNode.id
    const outgoing = state.fromHandle?.type !== 'target'
    const over = nodeAt(point)
    if (over && over !== from && nodeKind(over).kind === 'tasks') {
      if (outgoing) connectTasks(from, over)
      else connectTasks(over, from)
    } else if (!over) {
      openQuickPalette({ at: controls.toCanvas(point), screen: point, ...(outgoing ? { from } : { to: from }) })
    }
  }
  const drop = (event: DragEvent) => {
    const kind = kindIn(event)
    if (!kind) return
    event.preventDefault()
    const point = { x: event.clientX, y: event.clientY }
    const edge = edgeAt(point, new Set())
    setInsertEdge(null)
    addTaskAt(kind, controls.toCanvas(point), edge ? { edge } : {})
  }
  const doubleClick = (event: MouseEvent) => {
    const onPane = event.target instanceof Element && event.target.classList.contains('react-flow__pane')
    if (!onPane) return
    const point = { x: event.clientX, y: event.clientY }
    openQuickPalette({ at: controls.toCanvas(point), screen: point })
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
        onDoubleClick={doubleClick}
        onDrop={drop}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(KIND_TYPE)) return
          event.preventDefault()
          event.dataTransfer.dropEffect = 'copy'
          setInsertEdge(edgeAt({ x: event.clientX, y: event.clientY }, new Set()))
        }}
        onDragLeave={() => setInsertEdge(null)}
      >
        {ready && (
          <ReactFlow
            nodes={drawing.nodes as never[]}
            edges={drawing.edges as NeedEdgeType[]}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            onNodesChange={nodesChange}
            onEdgesChange={takeEdgeSelection}
            onNodeDragStart={(_, __, nodes) => dragging.onDragStart(nodes)}
            onNodeDrag={dragging.onDrag}
            onNodeDragStop={dragging.onDragStop}
            onConnect={connect}
            onConnectEnd={connectEnd}
            onConnectStart={() => root.current?.classList.add('connecting')}
            onPaneClick={clearSelection}
            onNodeContextMenu={(_, node) => setTarget({ type: 'node', id: node.id })}
            onEdgeContextMenu={(_, edge) => setTarget({ type: 'edge', id: edge.id })}
            onPaneContextMenu={(event) =>
              setTarget({ type: 'canvas', at: controls.toCanvas({ x: event.clientX, y: event.clientY }) })
            }
            onSelectionContextMenu={() => setTarget({ type: 'selection' })}
            onNodeDoubleClick={controls.openNode}
            onMove={controls.onMove}
            onInit={controls.onInit}
            onlyRenderVisibleElements
            fitView
            fitViewOptions={FIT}
            minZoom={LEAST_ZOOM}
            maxZoom={MOST_ZOOM}
            snapToGrid={settings.snapToGrid}
            snapGrid={[GRID, GRID]}
            selectionMode={SelectionMode.Partial}
            connectionRadius={32}
            connectionLineType={ConnectionLineType.Bezier}
            zoomOnDoubleClick={false}
            deleteKeyCode={null}
            multiSelectionKeyCode={['Meta', 'Control']}
            panOnDrag={[0, 1]}
            nodesFocusable={false}
            edgesFocusable={false}
            disableKeyboardA11y
            elevateNodesOnSelect={false}
            proOptions={{ hideAttribution: true }}
          >
            <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--canvas-dot)" />
            {drawing.nodes.length > 0 && (
              <MiniMap
                pannable
                zoomable
                className={styles.miniMap ?? ''}
                style={MINI_MAP}
                nodeComponent={MiniMapNode}
                ariaLabel="Map of the whole pipeline"
              />
            )}
            <CanvasTools controls={controls} />
          </ReactFlow>
        )}
        <LensStrip />
      </div>
    </ContextMenu>
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
