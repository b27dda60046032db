import { TASK_HEIGHT, TASK_WIDTH } from '#shared/graph/spacing.ts'
import { frameOf } from '#shared/graph/task-layout.ts'
import type { Group, Pipeline } from '#shared/model/pipeline.ts'

export { TASK_HEIGHT, TASK_WIDTH }

/** Canvas pixels. */
export const GRID = 8

export type Point = readonly [x: number, y: number]
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface KnownPositions {
  readonly placed: ReadonlyMap<string, Point>
  readonly positions: ReadonlyMap<string, Point>
}

/** What was last asked of each pipeline: several ask the same of it before its first picture. */
const asked = new WeakMap<Pipeline, KnownPositions>()

/** Where the tasks are, as far as it is known: from the file, else from the layout kept with the view. */
export function knownPositions(pipeline: Pipeline, placed: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
  const before = asked.get(pipeline)
  if (before?.placed === placed) return before.positions
  const positions = new Map<string, Point>()
  for (const { id } of pipeline.tasks) {
    const at = pipeline.canvas.get(id) ?? placed.get(id)
    if (at) positions.set(id, at)
  }
  asked.set(pipeline, { placed, positions })
  return positions
}

/** All tasks in a group, those of nested groups too. A group that holds itself is met once. */
export function tasksOfGroup(groups: readonly Group[], id: string): readonly string[] {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const met = new Set<string>()
  const tasks: string[] = []
  const visit = (name: string) => {
    const group = byId.get(name)
    if (!group) tasks.push(name)
    else if (!met.has(name)) {
      met.add(name)
      group.tasks.forEach(visit)
    }
  }
  visit(id)
  return byId.has(id) ? tasks : []
}

/** How deep a group is nested: 0 for one that stands in no other. */
export function groupDepth(groups: readonly Group[], id: string): number {
  let depth = 0
  let current = id
  const met = new Set<string>()
  for (;;) {
    met.add(current)
    const parent = groups.find((group) => group.tasks.includes(current))
    if (!parent || met.has(parent.id)) return depth
    depth++
    current = parent.id
  }
}

/** How many levels of groups stand inside a group. */
function groupHeight(groups: readonly Group[], id: string, met: ReadonlySet<string> = new Set()): number {
  const group = groups.find((other) => other.id === id)
  if (!group || met.has(id)) return 0
  const inner = new Set(met).add(id)
  let height = 0
  for (const member of group.tasks) {
    if (groups.some((other) => other.id === member)) height = Math.max(height, 1 + groupHeight(groups, member, inner))
  }
  return height
}

/** The frame of a group around its tasks; null where none of them has a place. */
export function groupBox(groups: readonly Group[], id: string, positions: ReadonlyMap<string, Point>): Box | null {
  const box = boundsOf(tasksOfGroup(groups, id).flatMap((task) => boxOfTask(positions.get(task))))
  if (!box) return null
  const { left, top, right, bottom } = frameOf(1 + groupHeight(groups, id))
  return { x: box.x - left, y: box.y - top, width: box.width + left + right, height: box.height + top + bottom }
}

function boxOfTask(at: Point | undefined): readonly Box[] {
  return at ? [{ x: at[0], y: at[1], width: TASK_WIDTH, height: TASK_HEIGHT }] : []
}

export function boundsOf(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (const box of boxes) {
    left = Math.min(left, box.x)
    top = Math.min(top, box.y)
    right = Math.max(right, box.x + box.width)
    bottom = Math.max(bottom, box.y + box.height)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The outermost collapsed group a task stands in; null where it shows as itself. */
export function collapsedGroupOf(
  groups: readonly Group[],
  collapsed: ReadonlySet<string>,
  member: string,
): string | null {
  let found: string | null = null
  let current = member
  const met = new Set<string>()
  while (!met.has(current)) {
    met.add(current)
    const parent = groups.find((group) => group.tasks.includes(current))
    if (!parent) break
    if (collapsed.has(parent.id)) found = parent.id
    current = parent.id
  }
  return found
}

/** Room between tasks that are put beside each other without a layout. */
const STEP_X = TASK_WIDTH + 48
const STEP_Y = TASK_HEIGHT + 24

/**
 * Places for tasks that have none while most others do: beside their upstreams (left of their downstreams, else under
 * everything), moved until they cover nothing. Takes and returns top-left corners; in file order, so that the same
 * document gives the same picture.
 */
export function placeBeside(
  pipeline: Pipeline,
  known: ReadonlyMap<string, Point>,
  direction: 'LR' | 'TB',
): Map<string, Point> {
  const positions = new Map(known)
  const added = new Map<string, Point>()
  for (const task of pipeline.tasks) {
    if (positions.has(task.id)) continue
    const wish = wishedPlace(pipeline, task.id, positions, direction)
    const at = freePlace(wish, positions, direction)
    positions.set(task.id, at)
    added.set(task.id, at)
  }
  return added
}

/** Places for all tasks in rows, in file order, where nobody waits for a layout. */
export function placeInRows(pipeline: Pipeline): Map<string, Point> {
  const columns = Math.ceil(Math.sqrt(pipeline.tasks.length / 2))
  return new Map(
    pipeline.tasks.map((task, index) => [task.id, [(index % columns) * STEP_X, Math.floor(index / columns) * STEP_Y]]),
  )
}

function wishedPlace(
  pipeline: Pipeline,
  id: string,
  positions: ReadonlyMap<string, Point>,
  direction: 'LR' | 'TB',
): Point {
  const along = direction === 'LR' ? 0 : 1
  const step = direction === 'LR' ? STEP_X : STEP_Y
  const task = pipeline.tasks.find((other) => other.id === id)
  const upstream = (task?.needs ?? []).flatMap((need) => pointOf(positions, need.task))
  const downstream = pipeline.tasks.flatMap((other) =>
    other.needs.some((need) => need.task === id) ? pointOf(positions, other.id) : [],
  )
  const beside = (points: readonly Point[], edge: number): Point => {
    const across = points.reduce((sum, point) => sum + point[1 - along]!, 0) / points.length
    return direction === 'LR' ? [edge, across] : [across, edge]
  }
  if (upstream.length > 0) return beside(upstream, Math.max(...upstream.map((point) => point[along]!)) + step)
  if (downstream.length > 0) return beside(downstream, Math.min(...downstream.map((point) => point[along]!)) - step)
  const all = [...positions.values()]
  if (all.length === 0) return [0, 0]
  return [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([, y]) => y)) + STEP_Y]
}

function pointOf(positions: ReadonlyMap<string, Point>, id: string): readonly Point[] {
  const point = positions.get(id)
  return point ? [point] : []
}

/** The wished place, or the next free one across the direction of the flow. */
export function freePlace(wish: Point, positions: ReadonlyMap<string, Point>, direction: 'LR' | 'TB'): Point {
  let [x, y] = [snapped(wish[0]), snapped(wish[1])]
  const covers = ([otherX, otherY]: Point) =>
    Math.abs(otherX - x) < TASK_WIDTH + GRID && Math.abs(otherY - y) < TASK_HEIGHT + GRID
  const others = [...positions.values()]
  while (others.some(covers)) {
    if (direction === 'LR') y += STEP_Y
    else x += STEP_X
  }
  return [x, y]
}

export function snapped(value: number): number {
  return Math.round(value / GRID) * GRID
}
