import { type Node, type NodeHandle, Position } from '@xyflow/react'
import type { Group, Note, Task } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import type { Selection } from '../state/selection.ts'
import { type Box, groupDepth, type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import { type Card, cardBox, type Frame, type Graph, noteBox, type PlacedNote } from './paint/graph.ts'
import { type ProblemCounts, placeOf } from './paint/scene.ts'

/**
 * What React Flow draws: only what is mounted, that is near enough to be worked with. Objects of things that did not
 * change are the ones of the last time, so that only what changed is drawn again. A run's states are not in here: every
 * card asks the runs store itself.
 */
export type TaskNode = Node<{ readonly task: Task; readonly problems: number; readonly worst: string | null }, 'task'>
export type GroupNode = Node<{ readonly group: Group; readonly tasks: readonly string[] }, 'cluster' | 'collapsed'>
export type NoteNode = Node<{ readonly note: Note }, 'note'>
export type CanvasNode = TaskNode | GroupNode | NoteNode

export interface NodeScene {
  readonly graph: Graph
  readonly mounted: ReadonlySet<string>
  readonly problems: ProblemCounts
  readonly selection: Selection
  readonly moving: ReadonlyMap<string, Point>
  /** See `movedFrames`. */
  readonly frames: ReadonlyMap<string, Box>
}

/** Makes nodes again and again, keeping the objects that did not change. */
export function createNodeMaker(): (scene: NodeScene) => readonly CanvasNode[] {
  let known = new Map<string, CanvasNode>()
  return (scene) => {
    const nodes = nodesOf(scene).map((node) => {
      const before = known.get(node.id)
      return before && sameNode(before, node) ? before : node
    })
    known = new Map(nodes.map((node) => [node.id, node]))
    return nodes
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

/** Frames, notes, and cards in the order of the file: that is also the order in which they are read out. */
function nodesOf(scene: NodeScene): readonly CanvasNode[] {
  const { graph, mounted } = scene
  const nodes: CanvasNode[] = []
  const cards: Card[] = []
  for (const id of mounted) {
    const card = graph.cardOf.get(id)
    const frame = graph.frameOf.get(id)
    const note = graph.noteOf.get(id)
    if (card) cards.push(card)
    else if (frame) nodes.push(frameNode(scene, frame))
    else if (note) nodes.push(noteNode(scene, note))
  }
  cards.sort((a, b) => a.number - b.number)
  return [...nodes, ...cards.map((card) => cardNode(scene, card))]
}

/** What the problems panel lists, by task; mere information is not counted. */
export function countProblems(problems: readonly Problem[]): ProblemCounts {
  const found = new Map<string, { readonly count: number; readonly worst: string }>()
  for (const problem of problems) {
    if (problem.task === undefined || problem.severity === 'info') continue
    const before = found.get(problem.task)
    const worst = before?.worst === 'error' || problem.severity === 'error' ? 'error' : 'warning'
    found.set(problem.task, { count: (before?.count ?? 0) + 1, worst })
  }
  return found
}

/** `measured` too: so nothing waits to be measured. */
function sized({ width, height }: { readonly width: number; readonly height: number }) {
  return { width, height, measured: { width, height } }
}

/** A point each, from which and to which links are drawn. */
function handles(direction: 'LR' | 'TB'): NodeHandle[] {
  const size = { width: 1, height: 1 }
  return direction === 'LR'
    ? [
        { type: 'target', position: Position.Left, x: 0, y: TASK_HEIGHT / 2, ...size },
        { type: 'source', position: Position.Right, x: TASK_WIDTH - 1, y: TASK_HEIGHT / 2, ...size },
      ]
    : [
        { type: 'target', position: Position.Top, x: TASK_WIDTH / 2, y: 0, ...size },
        { type: 'source', position: Position.Bottom, x: TASK_WIDTH / 2, y: TASK_HEIGHT - 1, ...size },
      ]
}

function sides(direction: 'LR' | 'TB') {
  return direction === 'LR'
    ? { sourcePosition: Position.Right, targetPosition: Position.Left }
    : { sourcePosition: Position.Bottom, targetPosition: Position.Top }
}

function cardNode(scene: NodeScene, card: Card): TaskNode | GroupNode {
  const [x, y] = placeOf(card, scene.moving)
  const { direction } = scene.graph
  const common = {
    id: card.id,
    position: { x, y },
    ...sized(cardBox(card.at)),
    handles: handles(direction),
    ...sides(direction),
    zIndex: scene.moving.has(card.id) ? 3 : 2,
  }
  if (!card.task) {
    return {
      ...common,
      type: 'collapsed',
      selected: scene.selection.groups.has(card.group.id),
      connectable: false,
      data: { group: card.group, tasks: card.members },
    }
  }
  const found = scene.problems.get(card.id)
  return {
    ...common,
    type: 'task',
    selected: scene.selection.tasks.has(card.id),
    ariaRole: 'group',
    ariaLabel: `Task ${card.task.name}`,
    data: { task: card.task, problems: found?.count ?? 0, worst: found?.worst ?? null },
  }
}

/** Only the header of a frame takes the pointer. */
function frameNode(scene: NodeScene, { id, group, tasks, box }: Frame): GroupNode {
  const place = scene.frames.get(id) ?? box
  return {
    id,
    type: 'cluster',
    position: { x: place.x, y: place.y },
    ...sized(place),
    handles: [],
    ...sides(scene.graph.direction),
    selected: scene.selection.groups.has(group.id),
    connectable: false,
    zIndex: groupDepth(scene.graph.groups, group.id) - 10,
    dragHandle: '[data-group-handle]',
    data: { group, tasks },
  }
}

function noteNode(scene: NodeScene, { id, note }: PlacedNote): NoteNode {
  const [x, y] = scene.moving.get(id) ?? note.at
  return {
    id,
    type: 'note',
    position: { x, y },
    ...sized(noteBox(note)),
    selected: scene.selection.notes.has(note.id),
    connectable: false,
    zIndex: 1,
    ariaRole: 'note',
    data: { note },
  }
}
