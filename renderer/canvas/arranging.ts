import { activeDocument } from '../state/documents.ts'
import { useSelection } from '../state/selection.ts'
import { currentPositions, moveNodes } from './actions.ts'
import { type Alignment, aligned, distributed } from './arrange.ts'
import { type Box, groupBox, type Point, TASK_HEIGHT, TASK_WIDTH, tasksOfGroup } from './geometry.ts'
import { groupNodeId, nodeKind, noteNodeId } from './nodeId.ts'

export type Arrangement = Alignment | 'horizontally' | 'vertically'

/** How many things of the selection are lined up: a group counts as one, with what is in it. */
export function countArranged(): number {
  return selectedBoxes().size
}

/** Lines up what is selected; one step of undo. */
export function arrangeSelection(how: Arrangement): void {
  const boxes = selectedBoxes()
  const pipeline = activeDocument()?.pipeline
  if (!pipeline || boxes.size < 2) return
  const distributing = how === 'horizontally' || how === 'vertically'
  const places = distributing ? distributed(boxes, how) : aligned(boxes, how)
  const positions = currentPositions()
  const moved = new Map<string, Point>()
  for (const [nodeId, [x, y]] of places) {
    const { kind, id } = nodeKind(nodeId)
    if (kind !== 'groups') {
      moved.set(nodeId, [x, y])
      continue
    }
    const box = boxes.get(nodeId)!
    for (const task of tasksOfGroup(pipeline.groups, id)) {
      const at = positions.get(task)
      if (at) moved.set(task, [at[0] + x - box.x, at[1] + y - box.y])
    }
  }
  moveNodes(moved, distributing ? `Distribute ${how}` : 'Align')
}

/** By node id. What stands in a selected group moves with it. */
function selectedBoxes(): ReadonlyMap<string, Box> {
  const pipeline = activeDocument()?.pipeline
  const { tasks, notes, groups } = useSelection.getState()
  const boxes = new Map<string, Box>()
  if (!pipeline) return boxes
  const positions = currentPositions()
  const held = new Set<string>()
  for (const id of groups) for (const task of tasksOfGroup(pipeline.groups, id)) held.add(task)
  for (const id of groups) {
    const outer = pipeline.groups.some((other) => groups.has(other.id) && other.tasks.includes(id))
    const box = outer ? null : groupBox(pipeline.groups, id, positions)
    if (box) boxes.set(groupNodeId(id), box)
  }
  for (const id of tasks) {
    const at = held.has(id) ? undefined : positions.get(id)
    if (at) boxes.set(id, { x: at[0], y: at[1], width: TASK_WIDTH, height: TASK_HEIGHT })
  }
  for (const { id, at, size } of pipeline.notes) {
    if (notes.has(id)) boxes.set(noteNodeId(id), { x: at[0], y: at[1], width: size[0], height: size[1] })
  }
  return boxes
}
