import type { Graph } from './graph.ts'
import type { Frame, LayoutGroup } from './layout.ts'
import { GROUP_HEADER, GROUP_PADDING, TASK_HEIGHT, TASK_WIDTH } from './spacing.ts'
import { type TaskNode, taskGraph } from './task-graph.ts'

/** What a layout of tasks is made from; `Pipeline` of shared/model is one. */
export interface TaskScene {
  readonly tasks: readonly TaskNode[]
  /** Members are tasks and other groups, by id. */
  readonly groups: readonly { readonly id: string; readonly tasks: readonly string[] }[]
}

export interface TaskLayoutInput {
  readonly graph: Graph
  readonly sizes: Float64Array
  readonly groups: readonly LayoutGroup[]
}

/** What `layoutPipeline` takes for these tasks, in file order. `size`: width and height of a card. */
export function taskLayoutInput(
  scene: TaskScene,
  size: readonly [width: number, height: number] = [TASK_WIDTH, TASK_HEIGHT],
): TaskLayoutInput {
  const { graph, numberOf } = taskGraph(scene.tasks)
  const sizes = Float64Array.from({ length: 2 * scene.tasks.length }, (_, index) => size[index & 1]!)
  const groupNumber = new Map(scene.groups.map((group, index) => [group.id, index]))
  const parents = new Int32Array(scene.groups.length).fill(-1)
  scene.groups.forEach((group, index) => {
    for (const member of group.tasks) {
      const inner = groupNumber.get(member)
      if (inner !== undefined && parents[inner] === -1) parents[inner] = index
    }
  })
  const groups = scene.groups.map((group, index) => ({
    nodes: group.tasks.flatMap((member) => numberOf.get(member) ?? []),
    parent: parents[index]!,
    frame: frameOf(1 + heightOf(index, parents)),
  }))
  return { graph, sizes, groups }
}

/** How many levels of groups stand inside a group. */
function heightOf(group: number, parents: Int32Array, met: ReadonlySet<number> = new Set([group])): number {
  let height = 0
  parents.forEach((parent, inner) => {
    if (parent === group && !met.has(inner))
      height = Math.max(height, 1 + heightOf(inner, parents, new Set([...met, inner])))
  })
  return height
}

/** The room of a frame around its tasks: a ring for itself and one for each level of groups in it. */
export function frameOf(rings: number): Frame {
  const padding = GROUP_PADDING * rings
  return { left: padding, right: padding, bottom: padding, top: padding + GROUP_HEADER * rings - GROUP_PADDING / 2 }
}
