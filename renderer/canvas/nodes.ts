import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react'
import type { Group, Note, Pipeline, Task } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import { edgeId, type Selection } from '../state/selection.ts'
import {
  type Box,
  collapsedGroupOf,
  groupBox,
  groupDepth,
  knownPositions,
  type Point,
  TASK_HEIGHT,
  TASK_WIDTH,
  tasksOfGroup,
} from './geometry.ts'

/**
 * What React Flow draws, made from the document. Objects of things that did not change are the ones of the last time,
 * so that only what changed is drawn again. A run's states are not in here: every card asks the runs store itself.
 */
export type TaskNode = Node<{ readonly task: Task; readonly problems: number; readonly worst: string | null }, 'task'>
export type GroupNode = Node<{ readonly group: Group; readonly tasks: readonly string[] }, 'cluster' | 'collapsed'>
export type NoteNode = Node<{ readonly note: Note }, 'note'>
export type CanvasNode = TaskNode | GroupNode | NoteNode

export type NeedEdge = Edge<{ readonly from: string; readonly to: string; readonly when: string | null }, 'need'>

export interface Scene {
  readonly pipeline: Pipeline
  readonly problems: readonly Problem[]
  readonly placed: ReadonlyMap<string, Point>
  /** Where things are while they are dragged or move to their new place; by node id. */
  readonly moving: ReadonlyMap<string, Point>
  readonly collapsed: ReadonlySet<string>
  readonly selection: Selection
  readonly direction: 'LR' | 'TB'
}

/** Node ids: tasks are named by themselves, the others by a prefix that no id can hold. */
export const groupNodeId = (id: string) => `group\n${id}`
export const noteNodeId = (id: string) => `note\n${id}`

export function nodeKind(nodeId: string): { readonly kind: 'tasks' | 'groups' | 'notes'; readonly id: string } {
  if (nodeId.startsWith('group\n')) return { kind: 'groups', id: nodeId.slice(6) }
  if (nodeId.startsWith('note\n')) return { kind: 'notes', id: nodeId.slice(5) }
  return { kind: 'tasks', id: nodeId }
}

export interface Drawing {
  readonly nodes: readonly CanvasNode[]
  readonly edges: readonly NeedEdge[]
}

/** Makes drawings one after the other, keeping the objects that did not change. */
export function createDrawer(): (scene: Scene) => Drawing {
  let nodes = new Map<string, CanvasNode>()
  let edges = new Map<string, NeedEdge>()
  return (scene) => {
    const nextNodes = nodesOf(scene).map((node) => {
      const before = nodes.get(node.id)
      return before && sameNode(before, node) ? before : node
    })
    const nextEdges = edgesOf(scene).map((edge) => {
      const before = edges.get(edge.id)
      return before && sameEdge(before, edge) ? before : edge
    })
    nodes = new Map(nextNodes.map((node) => [node.id, node]))
    edges = new Map(nextEdges.map((edge) => [edge.id, edge]))
    return { nodes: nextNodes, edges: nextEdges }
  }
}

function sameNode(a: CanvasNode, b: CanvasNode): boolean {
  return (
    a.type === b.type &&
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.selected === b.selected &&
    a.sourcePosition === b.sourcePosition &&
    sameData(a, b)
  )
}

function sameData(a: CanvasNode, b: CanvasNode): boolean {
  if (a.type === 'task' && b.type === 'task') {
    return sameCard(a.data.task, b.data.task) && a.data.problems === b.data.problems && a.data.worst === b.data.worst
  }
  if (a.type === 'note' && b.type === 'note') return a.data.note.text === b.data.note.text
  if ('group' in a.data && 'group' in b.data) {
    return (
      a.data.group.name === b.data.group.name &&
      a.data.group.color === b.data.group.color &&
      a.data.tasks.join('\n') === b.data.tasks.join('\n')
    )
  }
  return false
}

/** A card shows no more of a task than this. */
function sameCard(a: Task, b: Task): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.name === b.name &&
      a.kind === b.kind &&
      a.layer === b.layer &&
      a.required === b.required &&
      (a.forEach === null) === (b.forEach === null))
  )
}

function sameEdge(a: NeedEdge, b: NeedEdge): boolean {
  return a.source === b.source && a.target === b.target && a.selected === b.selected && a.data?.when === b.data?.when
}

/** Where every task and group card is, `moving` included. */
export function scenePositions(scene: Scene): Map<string, Point> {
  const positions = knownPositions(scene.pipeline, scene.placed)
  for (const [id, at] of scene.moving) if (positions.has(id)) positions.set(id, at)
  return positions
}

function nodesOf(scene: Scene): readonly CanvasNode[] {
  const positions = scenePositions(scene)
  const { groups } = scene.pipeline
  const found = problemsByTask(scene.problems)
  const hidden = (member: string) => collapsedGroupOf(groups, scene.collapsed, member) !== null
  const nodes: CanvasNode[] = []
  for (const group of groups) {
    if (hidden(group.id)) continue
    const node = groupNode(scene, group, positions)
    if (node) nodes.push(node)
  }
  for (const task of scene.pipeline.tasks) {
    const at = positions.get(task.id)
    if (at && !(groups.length > 0 && hidden(task.id))) {
      nodes.push(taskNode(scene, task, at, found.get(task.id) ?? NO_PROBLEMS))
    }
  }
  for (const note of scene.pipeline.notes) nodes.push(noteNode(scene, note))
  return nodes
}

interface Found {
  readonly count: number
  readonly worst: string | null
}
const NO_PROBLEMS: Found = { count: 0, worst: null }

function problemsByTask(problems: readonly Problem[]): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>()
  for (const problem of problems) {
    if (problem.task === undefined || problem.severity === 'info') continue
    const before = found.get(problem.task) ?? NO_PROBLEMS
    const worst = before.worst === 'error' || problem.severity === 'error' ? 'error' : 'warning'
    found.set(problem.task, { count: before.count + 1, worst })
  }
  return found
}

/** `measured` too: without it React Flow leaves out of "fit" what was never on screen. */
function sized(width: number, height: number) {
  return { width, height, measured: { width, height } }
}

/** A point each, as React Flow needs it to draw edges of nodes that are not on screen. */
function handles(width: number, height: number, direction: 'LR' | 'TB'): NodeHandle[] {
  const size = { width: 1, height: 1 }
  return direction === 'LR'
    ? [
        { type: 'target', position: Position.Left, x: 0, y: height / 2, ...size },
        { type: 'source', position: Position.Right, x: width - 1, y: height / 2, ...size },
      ]
    : [
        { type: 'target', position: Position.Top, x: width / 2, y: 0, ...size },
        { type: 'source', position: Position.Bottom, x: width / 2, y: height - 1, ...size },
      ]
}

function sides(direction: 'LR' | 'TB') {
  return direction === 'LR'
    ? { sourcePosition: Position.Right, targetPosition: Position.Left }
    : { sourcePosition: Position.Bottom, targetPosition: Position.Top }
}

function taskNode(scene: Scene, task: Task, at: Point, found: Found): TaskNode {
  return {
    id: task.id,
    type: 'task',
    position: { x: at[0], y: at[1] },
    ...sized(TASK_WIDTH, TASK_HEIGHT),
    handles: handles(TASK_WIDTH, TASK_HEIGHT, scene.direction),
    ...sides(scene.direction),
    selected: scene.selection.tasks.has(task.id),
    zIndex: 2,
    ariaRole: 'group',
    ariaLabel: `Task ${task.name}`,
    data: { task, problems: found.count, worst: found.worst },
  }
}

function groupNode(scene: Scene, group: Group, positions: ReadonlyMap<string, Point>): GroupNode | null {
  const box = groupBox(scene.pipeline.groups, group.id, positions)
  if (!box) return null
  const collapsed = scene.collapsed.has(group.id)
  const place: Box = collapsed ? collapsedBox(box) : box
  const id = groupNodeId(group.id)
  const moved = scene.moving.get(id)
  return {
    id,
    type: collapsed ? 'collapsed' : 'cluster',
    position: { x: moved?.[0] ?? place.x, y: moved?.[1] ?? place.y },
    ...sized(place.width, place.height),
    handles: collapsed ? handles(place.width, place.height, scene.direction) : [],
    ...sides(scene.direction),
    selected: scene.selection.groups.has(group.id),
    connectable: false,
    zIndex: collapsed ? 2 : groupDepth(scene.pipeline.groups, group.id) - 10,
    ...(collapsed ? {} : { dragHandle: '[data-group-handle]' }),
    data: { group, tasks: tasksOfGroup(scene.pipeline.groups, group.id) },
  }
}

/** A collapsed group is one card in the middle of where its frame would be. */
function collapsedBox(box: Box): Box {
  return {
    x: Math.round(box.x + (box.width - TASK_WIDTH) / 2),
    y: Math.round(box.y + (box.height - TASK_HEIGHT) / 2),
    width: TASK_WIDTH,
    height: TASK_HEIGHT,
  }
}

function noteNode(scene: Scene, note: Note): NoteNode {
  const id = noteNodeId(note.id)
  const [x, y] = scene.moving.get(id) ?? note.at
  return {
    id,
    type: 'note',
    position: { x, y },
    ...sized(note.size[0], note.size[1]),
    selected: scene.selection.notes.has(note.id),
    connectable: false,
    zIndex: 1,
    ariaRole: 'note',
    data: { note },
  }
}

/** Links into and out of a collapsed group lead to its card; those inside it are not drawn; doubles are drawn once. */
function edgesOf(scene: Scene): readonly NeedEdge[] {
  const { tasks, groups } = scene.pipeline
  const ids = new Set(tasks.map((task) => task.id))
  const cardOf = (task: string) => {
    const group = groups.length > 0 ? collapsedGroupOf(groups, scene.collapsed, task) : null
    return group === null ? task : groupNodeId(group)
  }
  const edges: NeedEdge[] = []
  const met = new Set<string>()
  for (const task of tasks) {
    for (const need of task.needs) {
      if (!ids.has(need.task)) continue
      const source = cardOf(need.task)
      const target = cardOf(task.id)
      const key = `${source}\n\n${target}`
      const asWritten = source === need.task && target === task.id
      if ((source === target && source !== task.id) || met.has(key)) continue
      met.add(key)
      const id = asWritten ? edgeId(need.task, task.id) : key
      edges.push({
        id,
        type: 'need',
        source,
        target,
        selected: scene.selection.edges.has(id),
        selectable: asWritten,
        data: { from: need.task, to: task.id, when: asWritten ? need.when : null },
      })
    }
  }
  return edges
}
