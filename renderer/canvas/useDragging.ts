import type { Node, NodeChange, OnNodeDrag } from '@xyflow/react'
import { useRef, useState } from 'react'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { setInsertEdge, useCanvasViews } from '../state/canvasView.ts'
import { insertOnEdge, moveNodes } from './actions.ts'
import { type Point, tasksOfGroup } from './geometry.ts'
import { edgeAt } from './hits.ts'
import { nodeKind } from './nodes.ts'

const NOTHING: ReadonlyMap<string, Point> = new Map()

interface CarriedGroup {
  /** Corner of the group's node when the drag began. */
  readonly from: Point
  readonly tasks: readonly (readonly [task: string, at: Point])[]
}

/**
 * Things on their way under the pointer. While it lasts only this map changes; the document gets one edit at the end.
 * A group takes its tasks along.
 */
export function useDragging(pipeline: Pipeline, positions: () => ReadonlyMap<string, Point>) {
  const [moving, setMoving] = useState(NOTHING)
  const latest = useRef(NOTHING)
  const carried = useRef<ReadonlyMap<string, CarriedGroup>>(new Map())
  const put = (places: readonly (readonly [string, Point])[]) => {
    if (places.length === 0) return
    latest.current = new Map([...latest.current, ...places])
    setMoving(latest.current)
  }
  const takeChanges = (changes: readonly NodeChange[]) => {
    put(
      changes.flatMap((change) => {
        if (change.type !== 'position' || !change.dragging || !change.position) return []
        const at: Point = [change.position.x, change.position.y]
        return [[change.id, at] as const, ...followers(carried.current.get(change.id), at)]
      }),
    )
  }
  const onDragStart = (nodes: readonly Node[]) => {
    const now = positions()
    const groups = nodes.filter((node) => nodeKind(node.id).kind === 'groups')
    carried.current = new Map(groups.map((node) => [node.id, carriedGroup(pipeline, node, now)]))
  }
  const onDrag: OnNodeDrag = (event, node, nodes) => {
    const alone = nodes.length === 1 && isUnlinked(pipeline, node.id)
    setInsertEdge(
      alone && 'clientX' in event ? edgeAt({ x: event.clientX, y: event.clientY }, new Set([node.id])) : null,
    )
  }
  const onDragStop: OnNodeDrag = (_, node) => {
    const edge = useCanvasViews.getState().insertEdge
    const moved = latest.current
    latest.current = NOTHING
    setInsertEdge(null)
    if (edge !== null) insertOnEdge(node.id, edge, moved.get(node.id))
    else if (moved.size > 0) moveNodes(moved)
    setMoving(NOTHING)
  }
  return { moving, takeChanges, onDragStart, onDrag, onDragStop }
}

function carriedGroup(pipeline: Pipeline, node: Node, positions: ReadonlyMap<string, Point>): CarriedGroup {
  const tasks = tasksOfGroup(pipeline.groups, nodeKind(node.id).id).flatMap((task) => {
    const at = positions.get(task)
    return at ? [[task, at] as const] : []
  })
  return { from: [node.position.x, node.position.y], tasks }
}

function followers(group: CarriedGroup | undefined, now: Point): readonly (readonly [string, Point])[] {
  if (!group) return []
  const [dx, dy] = [now[0] - group.from[0], now[1] - group.from[1]]
  return group.tasks.map(([task, [x, y]]) => [task, [x + dx, y + dy]] as const)
}

/** Only a task without links can be dropped on an edge: with links of its own it would not be clear what is meant. */
function isUnlinked(pipeline: Pipeline, id: string): boolean {
  const task = pipeline.tasks.find((other) => other.id === id)
  return (
    task !== undefined &&
    task.needs.length === 0 &&
    !pipeline.tasks.some((other) => other.needs.some((need) => need.task === id))
  )
}
