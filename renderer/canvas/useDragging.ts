import { type NodeChange, type OnNodeDrag, useStoreApi } from '@xyflow/react'
import { useRef, useState } from 'react'
import { setInsertEdge, useCanvasViews } from '../state/canvasView.ts'
import { useSelection } from '../state/selection.ts'
import { insertOnEdge, moveNodes } from './actions.ts'
import { controls } from './controls.ts'
import { type Point, tasksOfGroup } from './geometry.ts'
import { groupNodeId, nodeKind, noteNodeId } from './nodeId.ts'
import { edgeAt, type Graph, nodeBox, nodesIn } from './paint/graph.ts'
import { type Snap, snapTo } from './snapping.ts'

const NOTHING: ReadonlyMap<string, Point> = new Map()

/** Pixels of the screen from which an edge is drawn to that of a neighbour. */
const REACH = 8
const NO_SNAP: Snap = { dx: 0, dy: 0, guides: [] }

/** What follows a node that is dragged, and where everything was when that began. */
interface Carried {
  readonly from: Point
  readonly followers: readonly (readonly [nodeId: string, at: Point])[]
}

/**
 * Things on their way under the pointer. While it lasts only this map changes; the document gets one edit at the end.
 * A group takes its tasks along, and the node under the pointer what else is selected: React Flow moves only what is
 * mounted.
 */
export function useDragging(graph: Graph) {
  const flow = useStoreApi()
  const [moving, setMoving] = useState(NOTHING)
  const latest = useRef(NOTHING)
  const carried = useRef<ReadonlyMap<string, Carried>>(new Map())
  const active = useRef(false)
  /** The node under the pointer: what is dragged with it keeps its distance. */
  const held = useRef<string | null>(null)
  const [guides, setGuides] = useState(NO_SNAP.guides)
  const takeChanges = (changes: readonly NodeChange[]) => {
    const places = changes.flatMap((change) => {
      if (change.type !== 'position' || !change.dragging || !change.position) return []
      const at: Point = [change.position.x, change.position.y]
      return [[change.id, at] as const, ...following(carried.current.get(change.id), at)]
    })
    if (places.length === 0) return
    const under = held.current === null ? undefined : places.find(([id]) => id === held.current)
    const snap = under ? snapInGraph(graph, under, places, REACH / flow.getState().transform[2]) : NO_SNAP
    const snapped = places.map(([id, [x, y]]) => [id, [x + snap.dx, y + snap.dy]] as const)
    latest.current = new Map([...latest.current, ...snapped])
    setMoving(latest.current)
    setGuides(snap.guides)
  }
  const onDragStart: OnNodeDrag = (_, node, nodes) => {
    active.current = true
    held.current = node.id
    const dragged = new Set([node.id, ...nodes.map(({ id }) => id)])
    carried.current = new Map(
      [...dragged].map((id) => {
        const others = id === node.id ? selectedNodes().filter((other) => !dragged.has(other)) : []
        return [id, carriedBy(graph, id, others)]
      }),
    )
  }
  const onDrag: OnNodeDrag = (event, node, nodes) => {
    const alone = nodes.length === 1 && isUnlinked(graph, node.id)
    const at = alone && 'clientX' in event ? controls()?.toCanvas({ x: event.clientX, y: event.clientY }) : null
    const edge = at ? edgeAt(graph, at, flow.getState().transform[2], new Set([node.id])) : null
    setInsertEdge(edge?.id ?? null)
  }
  const onDragStop: OnNodeDrag = (_, node) => {
    const edge = useCanvasViews.getState().insertEdge
    const moved = latest.current
    active.current = false
    held.current = null
    setGuides(NO_SNAP.guides)
    latest.current = NOTHING
    setInsertEdge(null)
    if (edge !== null) insertOnEdge(node.id, edge, moved.get(node.id))
    else if (moved.size > 0) moveNodes(moved)
    setMoving(NOTHING)
  }
  return { moving, guides, active, takeChanges, onDragStart, onDrag, onDragStop }
}

/** What stands farther away is no neighbour. Canvas pixels. */
const NEAR = 640

function snapInGraph(
  graph: Graph,
  [id, [x, y]]: readonly [nodeId: string, at: Point],
  places: readonly (readonly [nodeId: string, at: Point])[],
  reach: number,
): Snap {
  const own = nodeBox(graph, id)
  if (!own) return NO_SNAP
  const box = { ...own, x, y }
  const moved = new Set(places.map(([nodeId]) => nodeId))
  const near = { x: x - NEAR, y: y - NEAR, width: box.width + 2 * NEAR, height: box.height + 2 * NEAR }
  const others = nodesIn(graph, near, 'inside').flatMap((other) =>
    moved.has(other) || graph.frameOf.has(other) ? [] : (nodeBox(graph, other) ?? []),
  )
  return snapTo(box, others, reach)
}

function selectedNodes(): readonly string[] {
  const { tasks, groups, notes } = useSelection.getState()
  return [...tasks, ...[...groups].map(groupNodeId), ...[...notes].map(noteNodeId)]
}

function carriedBy(graph: Graph, id: string, others: readonly string[]): Carried {
  const all = [id, ...others].flatMap((nodeId) => {
    const { kind, id: group } = nodeKind(nodeId)
    const tasks = kind === 'groups' ? tasksOfGroup(graph.groups, group) : []
    return nodeId === id ? tasks : [nodeId, ...tasks]
  })
  return {
    from: placeIn(graph, id) ?? [0, 0],
    followers: all.flatMap((nodeId) => {
      const at = placeIn(graph, nodeId)
      return at ? [[nodeId, at] as const] : []
    }),
  }
}

function placeIn(graph: Graph, id: string): Point | null {
  const frame = graph.frameOf.get(id)
  if (frame) return [frame.box.x, frame.box.y]
  return graph.cardOf.get(id)?.at ?? graph.noteOf.get(id)?.note.at ?? graph.positions.get(id) ?? null
}

function following(carried: Carried | undefined, now: Point): readonly (readonly [string, Point])[] {
  if (!carried) return []
  const [dx, dy] = [now[0] - carried.from[0], now[1] - carried.from[1]]
  return carried.followers.map(([id, [x, y]]) => [id, [x + dx, y + dy]] as const)
}

/** Only a task without links can be dropped on an edge: with links of its own it would not be clear what is meant. */
function isUnlinked(graph: Graph, id: string): boolean {
  const card = graph.cardOf.get(id)
  return card?.task != null && card.edges.length === 0 && card.task.needs.length === 0
}
