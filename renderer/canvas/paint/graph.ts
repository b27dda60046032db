import type { Group, Note, Pipeline, Task } from '#shared/model/pipeline.ts'
import { edgeId } from '../../state/selection.ts'
import {
  type Box,
  boundsOf,
  groupBox,
  groupDepth,
  knownPositions,
  type Point,
  TASK_HEIGHT,
  TASK_WIDTH,
  tasksOfGroup,
} from '../geometry.ts'
import { groupNodeId, noteNodeId } from '../nodeId.ts'
import { CURVE_NUMBERS, curveBetween, curveBounds, curveDistance, type Direction, type EdgeStyle } from './curve.ts'
import { createGrid, type Grid } from './grid.ts'

/**
 * What there is to draw, from the document and the way it is looked at: cards, frames, notes and edges with their
 * places, and grids by which those in a window are found. Selection, states and what is under way are not in here: they
 * change often, this only with the document.
 */
export interface Graph {
  readonly direction: Direction
  readonly edgeStyle: EdgeStyle
  readonly groups: readonly Group[]
  /** Of all tasks that have one, those in collapsed groups too. */
  readonly positions: ReadonlyMap<string, Point>
  readonly cards: readonly Card[]
  /** Open groups, outer ones first. */
  readonly frames: readonly Frame[]
  readonly notes: readonly PlacedNote[]
  readonly edges: readonly Link[]
  /** By node id. */
  readonly cardOf: ReadonlyMap<string, Card>
  readonly frameOf: ReadonlyMap<string, Frame>
  readonly noteOf: ReadonlyMap<string, PlacedNote>
  /** By `edgeId` of its ends as they are drawn, and of every dependency it stands for. */
  readonly edgeOf: ReadonlyMap<string, Link>
  /** CURVE_NUMBERS for each edge, in order. */
  readonly curves: Float64Array
  readonly cardGrid: Grid
  readonly edgeGrid: Grid
  /** Round everything; null: there is nothing. */
  readonly bounds: Box | null
}

/** A task, or a collapsed group. */
export type Card = TaskCard | GroupCard

interface AnyCard {
  /** Of its node on the canvas. */
  readonly id: string
  /** Place in `cards`. */
  readonly number: number
  readonly at: Point
  /** Numbers of the edges that begin or end here. */
  readonly edges: readonly number[]
}

interface TaskCard extends AnyCard {
  readonly task: Task
}

interface GroupCard extends AnyCard {
  readonly task: null
  readonly group: Group
  /** Its tasks, those of nested groups included. */
  readonly members: readonly string[]
}

export interface Frame {
  readonly id: string
  readonly group: Group
  readonly tasks: readonly string[]
  readonly depth: number
  readonly box: Box
}

export interface PlacedNote {
  readonly id: string
  readonly note: Note
}

export interface Link {
  readonly id: string
  /** Place in `edges` and, times CURVE_NUMBERS, in `curves`. */
  readonly number: number
  /** Node ids of the cards it joins. */
  readonly source: string
  readonly target: string
  /** The first dependency it stands for. */
  readonly from: string
  readonly to: string
  readonly when: string | null
  /** It is one dependency of the file, not several into or out of a collapsed group. */
  readonly asWritten: boolean
}

export interface GraphInput {
  readonly pipeline: Pipeline
  readonly placed: ReadonlyMap<string, Point>
  readonly collapsed: ReadonlySet<string>
  readonly direction: Direction
  readonly edgeStyle: EdgeStyle
}

export function buildGraph(input: GraphInput): Graph {
  const { pipeline, collapsed, direction, edgeStyle } = input
  const positions = knownPositions(pipeline, input.placed)
  const hiddenIn = outermostCollapsed(pipeline.groups, collapsed)
  const frames = framesOf(pipeline.groups, collapsed, hiddenIn, positions)
  const { cards, cardOf } = cardsOf(pipeline, collapsed, hiddenIn, positions)
  const { edges, edgeOf } = linksOf(pipeline, hiddenIn, cardOf)
  const curves = new Float64Array(edges.length * CURVE_NUMBERS)
  for (const { number, source, target } of edges) {
    const [from, to] = [cardOf.get(source)!, cardOf.get(target)!]
    from.edges.push(number)
    if (to !== from) to.edges.push(number)
    curveBetween(from.at, to.at, direction, edgeStyle, curves, number * CURVE_NUMBERS)
  }
  const cardGrid = createGrid(cards.length, (number) => cardBox(cards[number]!.at))
  const notes = pipeline.notes.map((note): PlacedNote => ({ id: noteNodeId(note.id), note }))
  return {
    direction,
    edgeStyle,
    groups: pipeline.groups,
    positions,
    cards,
    frames,
    notes,
    edges,
    cardOf,
    frameOf: new Map(frames.map((frame) => [frame.id, frame])),
    noteOf: new Map(notes.map((note) => [note.id, note])),
    edgeOf,
    curves,
    cardGrid,
    edgeGrid: createGrid(edges.length, (number) => curveBounds(curves, number * CURVE_NUMBERS)),
    bounds: boundsOf([
      ...(cardGrid.bounds ? [cardGrid.bounds] : []),
      ...frames.map(({ box }) => box),
      ...notes.map(({ note }) => noteBox(note)),
    ]),
  }
}

export function cardBox([x, y]: Point): Box {
  return { x, y, width: TASK_WIDTH, height: TASK_HEIGHT }
}

/** Of a card, a note or a frame, by its node id. */
export function nodeBox(graph: Graph, id: string): Box | undefined {
  const card = graph.cardOf.get(id)
  const note = graph.noteOf.get(id)
  return card ? cardBox(card.at) : note ? noteBox(note.note) : graph.frameOf.get(id)?.box
}

export function noteBox({ at: [x, y], size: [width, height] }: Note): Box {
  return { x, y, width, height }
}

/** By member: the outermost collapsed group round it. What is in none is not in the map. */
function outermostCollapsed(groups: readonly Group[], collapsed: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (collapsed.size === 0) return found
  const parents = new Map(groups.flatMap((group) => group.tasks.map((member) => [member, group.id] as const)))
  for (const member of parents.keys()) {
    const met = new Set<string>()
    for (let group = parents.get(member); group !== undefined && !met.has(group); group = parents.get(group)) {
      met.add(group)
      if (collapsed.has(group)) found.set(member, group)
    }
  }
  return found
}

function framesOf(
  groups: readonly Group[],
  collapsed: ReadonlySet<string>,
  hiddenIn: ReadonlyMap<string, string>,
  positions: ReadonlyMap<string, Point>,
): readonly Frame[] {
  return groups
    .flatMap((group): Frame[] => {
      const box = collapsed.has(group.id) || hiddenIn.has(group.id) ? null : groupBox(groups, group.id, positions)
      if (!box) return []
      const tasks = tasksOfGroup(groups, group.id)
      return [{ id: groupNodeId(group.id), group, tasks, depth: groupDepth(groups, group.id), box }]
    })
    .sort((a, b) => a.depth - b.depth)
}

type OpenCard = Card & { readonly edges: number[] }

function cardsOf(
  { tasks, groups }: Pipeline,
  collapsed: ReadonlySet<string>,
  hiddenIn: ReadonlyMap<string, string>,
  positions: ReadonlyMap<string, Point>,
) {
  const cards: OpenCard[] = []
  for (const group of groups) {
    const box = collapsed.has(group.id) && !hiddenIn.has(group.id) ? groupBox(groups, group.id, positions) : null
    if (!box) continue
    const members = tasksOfGroup(groups, group.id)
    const id = groupNodeId(group.id)
    cards.push({ id, number: cards.length, at: middleOf(box), task: null, group, members, edges: [] })
  }
  for (const task of tasks) {
    const at = positions.get(task.id)
    if (at && !hiddenIn.has(task.id)) cards.push({ id: task.id, number: cards.length, at, task, edges: [] })
  }
  return { cards, cardOf: new Map(cards.map((card) => [card.id, card])) }
}

/** A collapsed group is one card in the middle of where its frame would be. */
function middleOf(box: Box): Point {
  return [Math.round(box.x + (box.width - TASK_WIDTH) / 2), Math.round(box.y + (box.height - TASK_HEIGHT) / 2)]
}

/** Links into and out of a collapsed group lead to its card; those inside it are not drawn; doubles are drawn once. */
function linksOf(
  { tasks }: Pipeline,
  hiddenIn: ReadonlyMap<string, string>,
  cardOf: ReadonlyMap<string, Card>,
): { readonly edges: readonly Link[]; readonly edgeOf: ReadonlyMap<string, Link> } {
  const edges: Link[] = []
  const edgeOf = new Map<string, Link>()
  const nodeOf = (task: string) => {
    const group = hiddenIn.get(task)
    return group === undefined ? task : groupNodeId(group)
  }
  for (const task of tasks) {
    const target = nodeOf(task.id)
    for (const need of task.needs) {
      const source = nodeOf(need.task)
      const asWritten = source === need.task && target === task.id
      const id = asWritten ? edgeId(source, target) : `${source}\n\n${target}`
      if ((source === target && !asWritten) || !cardOf.has(source) || !cardOf.has(target)) continue
      let edge = edgeOf.get(id)
      if (edge === undefined) {
        const when = asWritten ? need.when : null
        edge = { id, number: edges.length, source, target, from: need.task, to: task.id, when, asWritten }
        edges.push(edge)
        edgeOf.set(id, edge)
      }
      if (!asWritten) edgeOf.set(edgeId(need.task, task.id), edge)
    }
  }
  return { edges, edgeOf }
}

/** Something a pointer can be over. */
export type Hit = { readonly type: 'node'; readonly id: string } | { readonly type: 'edge'; readonly id: string } | null

/** The strip at the top of a frame by which it is taken, at its highest. */
const FRAME_HEADER = 40
/** Pixels of the screen around an edge's line that count as on it. */
const EDGE_REACH = 10

/** What lies under a point of the canvas: cards before notes before headers of frames before edges. */
export function hitAt(graph: Graph, point: Point, zoom: number): Hit {
  const node = nodeAt(graph, point)
  if (node !== null) return { type: 'node', id: node }
  const edge = edgeAt(graph, point, zoom)
  return edge === null ? null : { type: 'edge', id: edge.id }
}

/** Id of the card, note or frame's header under a point. */
export function nodeAt(graph: Graph, point: Point): string | null {
  const window = { x: point[0], y: point[1], width: 0, height: 0 }
  let found: number | null = null
  graph.cardGrid.visit(window, (number) => {
    if (found === null || number > found) found = number
  })
  if (found !== null) return graph.cards[found]!.id
  const note = graph.notes.findLast((other) => meets(noteBox(other.note), window))
  if (note) return note.id
  const frame = graph.frames.findLast((other) => meets({ ...other.box, height: FRAME_HEADER }, window))
  return frame?.id ?? null
}

/** The nearest edge within reach of a point; those at the named tasks, and those into collapsed groups, don't count. */
export function edgeAt(
  graph: Graph,
  point: Point,
  zoom: number,
  apartFrom: ReadonlySet<string> = new Set(),
): Link | null {
  const reach = EDGE_REACH / zoom
  const window = { x: point[0] - reach, y: point[1] - reach, width: 2 * reach, height: 2 * reach }
  let found: Link | null = null
  let least = reach
  graph.edgeGrid.visit(window, (number) => {
    const edge = graph.edges[number]!
    if (!edge.asWritten || apartFrom.has(edge.source) || apartFrom.has(edge.target)) return
    const distance = curveDistance(graph.curves, point, number * CURVE_NUMBERS)
    if (distance > least) return
    least = distance
    found = edge
  })
  return found
}

/** Node ids of what a window meets: cards, notes, and the frames that it holds whole (`inside`) or meets. */
export function nodesIn(graph: Graph, window: Box, frames: 'inside' | 'met'): string[] {
  const ids: string[] = []
  for (const { id, box } of graph.frames) {
    if (frames === 'met' ? meets(box, window) : holds(window, box)) ids.push(id)
  }
  for (const { id, note } of graph.notes) if (meets(noteBox(note), window)) ids.push(id)
  graph.cardGrid.visit(window, (number) => ids.push(graph.cards[number]!.id))
  return ids
}

export function meets(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height
}

function holds(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  )
}
