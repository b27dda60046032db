import type { Group, Task } from '#shared/model/pipeline.ts'
import { type Box, TASK_HEIGHT, TASK_WIDTH } from '../geometry.ts'
import { layerColor } from '../tint.ts'
import { blockColor, type CardPaint, paintCard } from './card.ts'
import { applyLine, plainLine, traceCurve } from './edges.ts'
import { paintFrame, paintFrameHeader, paintGroupCard, paintNote } from './frame.ts'
import { type Card, cardBox, meets, noteBox } from './graph.ts'
import type { GroupLook } from './groupLook.ts'
import { paintLabel } from './label.ts'
import type { Target } from './layer.ts'
import { levelOf } from './level.ts'
import type { CardLook } from './look.ts'
import type { Palette } from './palette.ts'
import { blockOf, lookOfGroup, lookOfTask, placeOf, type Scene } from './scene.ts'

/** What the painter's layers hold, painted step by step. Things on the move are left out: the overlay has them. */

/** How much is painted between two looks at the clock. */
const EDGES_A_STEP = 48
const CARDS_A_STEP = 10
const BLOCKS_A_STEP = 500

/** What the cards say, worked out when it is first asked for. */
export interface Looks {
  task(number: number, task: Task): CardLook
  group(number: number, group: Group, members: readonly string[]): GroupLook
}

export function cardPaint(target: Target, palette: Palette): CardPaint {
  const { view, context } = target
  return { context, palette, level: levelOf(view.zoom), pixel: 1 / view.zoom }
}

/** Frames, and the plain lines over them. */
export function* paintGround(
  target: Target,
  scene: Scene,
  palette: Palette,
  moved: ReadonlyMap<string, Box>,
): Generator<void, void, void> {
  const { graph } = scene
  for (const { id, group, box } of graph.frames) {
    if (moved.has(id) || !meets(box, target.window)) continue
    paintFrame(cardPaint(target, palette), group, box, scene.selection.groups.has(group.id))
    yield
  }
  const plain: number[] = []
  const conditional: number[] = []
  graph.edgeGrid.visit(target.window, (number) => {
    const { source, target: to, when } = graph.edges[number]!
    if (scene.moving.has(source) || scene.moving.has(to)) return
    if (when === null) plain.push(number)
    else conditional.push(number)
  })
  yield* strokeLines(target, scene, palette, plain, false)
  yield* strokeLines(target, scene, palette, conditional, true)
  target.context.globalAlpha = 1
  target.context.setLineDash([])
  if (levelOf(target.view.zoom) === 'far' || levelOf(target.view.zoom) === 'farther') return
  for (const number of conditional) paintLabel(target.context, palette, graph, graph.edges[number]!)
}

function* strokeLines(
  { context, view, ratio }: Target,
  { graph, lens }: Scene,
  palette: Palette,
  numbers: readonly number[],
  conditional: boolean,
): Generator<void, void, void> {
  applyLine(context, plainLine(conditional, lens), palette, 1 / view.zoom, 1 / (view.zoom * ratio))
  for (let begin = 0; begin < numbers.length; begin += EDGES_A_STEP) {
    const end = Math.min(numbers.length, begin + EDGES_A_STEP)
    context.beginPath()
    for (let index = begin; index < end; index++) traceCurve(context, graph.curves, numbers[index]!)
    context.stroke()
    yield
  }
}

/** Cards, notes and the headers of frames. */
export function* paintThings(
  target: Target,
  scene: Scene,
  palette: Palette,
  looks: Looks,
  moved: ReadonlyMap<string, Box>,
): Generator<void, void, void> {
  const { graph, mounted, moving, selection } = scene
  const paint = cardPaint(target, palette)
  for (const frame of graph.frames) {
    if (moved.has(frame.id) || mounted.has(frame.id) || !meets(frame.box, target.window)) continue
    paintFrameHeader(paint, { name: frame.group.name, count: frame.tasks.length }, frame.box)
    yield
  }
  for (const { id, note } of graph.notes) {
    const box = noteBox(note)
    if (moving.has(id) || mounted.has(id) || !meets(box, target.window)) continue
    paintNote(paint, note, box, selection.notes.has(note.id))
    yield
  }
  const found: number[] = []
  graph.cardGrid.visit(target.window, (number) => {
    if (!isLeftOut(scene, graph.cards[number]!, paint.level)) found.push(number)
  })
  if (paint.level === 'farther') yield* paintBlocks(target, scene, palette, looks, found)
  else {
    for (const [index, number] of found.entries()) {
      paintThing(target, scene, palette, looks, number)
      if (index % CARDS_A_STEP === 0) yield
    }
  }
}

/** Drawn elsewhere: by the overlay, or near by, where it would only be painted under itself, by React. */
export function isLeftOut({ mounted, moving }: Scene, card: Card, level: CardPaint['level']): boolean {
  return moving.has(card.id) || ((level === 'near' || level === 'middle') && mounted.has(card.id))
}

/** One card, where it is now. */
export function paintThing(target: Target, scene: Scene, palette: Palette, looks: Looks, number: number): void {
  const card = scene.graph.cards[number]!
  target.moveTo(...placeOf(card, scene.moving))
  const paint = cardPaint(target, palette)
  if (card.task) {
    paintCard(paint, looks.task(number, card.task), layerColor(card.task.layer), scene.selection.tasks.has(card.id))
  } else {
    const look = looks.group(number, card.group, card.members)
    paintGroupCard(paint, look, scene.selection.groups.has(card.group.id))
  }
  target.moveTo(0, 0)
}

/** Blocks by colour: thousands of them take one fill each. */
function* paintBlocks(
  target: Target,
  scene: Scene,
  palette: Palette,
  looks: Looks,
  numbers: readonly number[],
): Generator<void, void, void> {
  const byColor = new Map<string, number[]>()
  const single: number[] = []
  for (const number of numbers) {
    const { task, id } = scene.graph.cards[number]!
    if (task === null || scene.selection.tasks.has(id)) {
      single.push(number)
      continue
    }
    const color = blockColor(palette, blockOf(scene, task), layerColor(task.layer))
    const own = byColor.get(color)
    if (own) own.push(number)
    else byColor.set(color, [number])
  }
  for (const [color, own] of byColor) {
    for (let begin = 0; begin < own.length; begin += BLOCKS_A_STEP) {
      fillBlocks(target, scene, color, own.slice(begin, begin + BLOCKS_A_STEP))
      yield
    }
  }
  for (const number of single) {
    paintThing(target, scene, palette, looks, number)
    yield
  }
}

/** Corners too small to be seen are not rounded. */
const ROUND_FROM_ZOOM = 0.11

function fillBlocks({ context, view }: Target, { graph }: Scene, color: string, numbers: readonly number[]): void {
  context.beginPath()
  for (const number of numbers) {
    const [x, y] = graph.cards[number]!.at
    if (view.zoom < ROUND_FROM_ZOOM) context.rect(x, y, TASK_WIDTH, TASK_HEIGHT)
    else context.roundRect(x, y, TASK_WIDTH, TASK_HEIGHT, 8)
  }
  context.fillStyle = color
  context.fill()
}

/** What is on the move, over everything else that is painted. */
export function paintMoving(target: Target, scene: Scene, palette: Palette, looks: Looks): void {
  for (const id of scene.moving.keys()) {
    const card = scene.graph.cardOf.get(id)
    if (!card || scene.mounted.has(id) || !meets(cardBox(placeOf(card, scene.moving)), target.window)) continue
    paintThing(target, scene, palette, looks, card.number)
  }
}

/** Made for one scene; `forget` where a task's state has changed. */
export function createLooks(scene: Scene): Looks & { forget(number: number): void } {
  const tasks: (CardLook | undefined)[] = []
  const groups: (GroupLook | undefined)[] = []
  return {
    task: (number, task) => {
      tasks[number] ??= lookOfTask(scene, task)
      return tasks[number]
    },
    group: (number, group, members) => {
      groups[number] ??= lookOfGroup(scene, group, members)
      return groups[number]
    },
    forget: (number) => {
      tasks[number] = undefined
      groups[number] = undefined
    },
  }
}
