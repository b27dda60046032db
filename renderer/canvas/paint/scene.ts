import type { ExpectedDuration } from '#shared/analysis/basis.ts'
import type { PipelineAnalysis } from '#shared/analysis/summary.ts'
import type { Pin } from '#shared/contract/data.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Group, Task } from '#shared/model/pipeline.ts'
import type { EdgeChange } from '#shared/model/pipeline-difference.ts'
import { taskShown } from '../../runs/shown-state.ts'
import { runTimeouts } from '../../state/frozenSpec.ts'
import { pinOf } from '../../state/pins.ts'
import type { Selection } from '../../state/selection.ts'
import { type Lens, RUNLESS } from '../../state/view.ts'
import { type BadgesByTask, NO_BADGES } from '../badges.ts'
import type { ChainLine } from '../chain.ts'
import { type Box, groupBox, type Point } from '../geometry.ts'
import type { LensWords } from '../told.ts'
import type { BlockLook } from './card.ts'
import type { Card, Graph } from './graph.ts'
import { type GroupLook, groupLook } from './groupLook.ts'
import { type CardLook, cardLook } from './look.ts'

/** What is drawn, and what the drawing is asked to say. A new object for what changed, the same for what did not. */
export interface Scene {
  readonly graph: Graph
  readonly problems: ProblemCounts
  /** By task, see `pinOf`. */
  readonly pins: ReadonlyMap<string, Pin>
  readonly badges: BadgesByTask
  readonly selection: Selection
  /** Where things are while they are dragged or on their way to a new place; by node id. */
  readonly moving: ReadonlyMap<string, Point>
  readonly lens: Lens
  /** What the lens says of tasks; null: what cards say of themselves. */
  readonly words: LensWords | null
  /** The chosen run, mutated as its events come; `takeStates` tells the painter. */
  readonly run: RunView | null
  readonly typical: ReadonlyMap<string, ExpectedDuration>
  readonly plan: PipelineAnalysis | null
  readonly longest: number
  readonly criticalTasks: ReadonlySet<string>
  /** Those with little float. */
  readonly nearTasks: ReadonlySet<string>
  readonly criticalEdges: ReadonlySet<string>
  /** Of the realized path, where the lens shows that; else empty. */
  readonly chain: readonly ChainLine[]
  /** In the diff lens: what happened to dependencies; else none. */
  readonly changedEdges: readonly EdgeChange[]
  /** Node ids that React draws, too: where they are no mere blocks they are left out. */
  readonly mounted: ReadonlySet<string>
  /** Edge ids. */
  readonly hovered: string | null
  readonly inserting: string | null
  /** Tasks of a refused cycle, in order. */
  readonly refused: readonly string[]
  /** Dashes may move. */
  readonly motion: boolean
}

/** By task: how many problems it has, and the worst of them. */
export type ProblemCounts = ReadonlyMap<string, { readonly count: number; readonly worst: string }>

export function lookOfTask(scene: Scene, task: Task): CardLook {
  const found = scene.problems.get(task.id)
  return cardLook({
    task,
    problems: found?.count ?? 0,
    worst: found?.worst ?? null,
    pinned: pinOf(scene.pins, task) !== null,
    badges: scene.badges.get(task.id) ?? NO_BADGES,
    lens: scene.lens,
    view: scene.run,
    run: scene.run?.tasks.get(task.id) ?? null,
    timeout: runTimeouts().get(task.id) ?? null,
    typical: scene.typical.get(task.id) ?? null,
    plan: scene.plan?.tasks[task.id] ?? null,
    longest: scene.longest,
    critical: scene.criticalTasks.has(task.id),
    near: scene.nearTasks.has(task.id),
    told: scene.words?.get(task.id) ?? null,
  })
}

/** What decides the colours of cards as mere blocks. */
export type BlockScene = Pick<Scene, 'lens' | 'words' | 'run' | 'plan' | 'criticalTasks' | 'nearTasks'>

export function lookOfGroup(scene: BlockScene, group: Group, tasks: readonly string[]): GroupLook {
  return groupLook(group, tasks, { ...scene, view: scene.run })
}

/** What decides a far card's colour, worked out without its words. */
export function blockOf(scene: BlockScene, task: Task): BlockLook {
  const run = scene.run?.tasks.get(task.id)
  return {
    lens: scene.lens,
    ground: scene.words?.get(task.id)?.ground ?? null,
    hatched: scene.words?.get(task.id)?.hatched ?? false,
    warm: scene.lens === 'critical' && scene.criticalTasks.has(task.id),
    near: scene.lens === 'critical' && scene.nearTasks.has(task.id),
    state: RUNLESS.has(scene.lens) || run === undefined ? null : taskShown(run),
  }
}

export function placeOf(card: Card, moving: Scene['moving']): Point {
  return moving.get(card.id) ?? card.at
}

/** Frames round tasks that are on the move, by node id: they grow and shrink with them. */
export function movedFrames(graph: Graph, moving: Scene['moving']): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>()
  if (moving.size === 0) return boxes
  for (const { id, group, tasks } of graph.frames) {
    if (!tasks.some((task) => moving.has(task))) continue
    const places = tasks.flatMap((task) => {
      const at = moving.get(task) ?? graph.positions.get(task)
      return at ? [[task, at] as const] : []
    })
    const box = groupBox(graph.groups, group.id, new Map(places))
    if (box) boxes.set(id, box)
  }
  return boxes
}

export function sameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const key of a.keys()) if (!b.has(key)) return false
  return true
}

export function sameMembers<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  if (a.size !== b.size) return false
  for (const member of a) if (!b.has(member)) return false
  return true
}
