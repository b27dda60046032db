import { parseDocument } from '../model/document.ts'
import type { Pipeline } from '../model/pipeline.ts'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import { didYouMean } from '../model/suggestion.ts'
import type { Micros } from '../model/time.ts'
import { compilePlan, type Plan } from '../scheduler/plan.ts'

/** Many pipelines, one pool of workers, one window: a morning rush. Plain data; times count from the window's start. */
export interface Rush {
  readonly name: string
  /** When all must have ended, where a pipeline has no deadline of its own. */
  readonly window: Micros
  /** The wall clock at the window's start, "06:00"; null: times are shown as they count. */
  readonly start: string | null
  readonly pipelines: readonly RushPipeline[]
  /** Workers over time as they are today; null: not said. The first step is at 0. */
  readonly workers: readonly WorkerStep[] | null
  /** The most workers there can be at once. */
  readonly most: number
  /** How often workers can be added or given back. */
  readonly interval: Micros
  /** Utilisation to aim at, 0 to 1: never above `high`, so that there is room for a bad day; below `low` is waste. */
  readonly band: { readonly low: number; readonly high: number }
  /** Of one worker for an hour. */
  readonly price: { readonly perHour: number; readonly currency: string } | null
}

export interface WorkerStep {
  readonly at: Micros
  readonly workers: number
}

export interface RushPipeline {
  readonly id: string
  /** Nothing of it starts before. */
  readonly release: Micros
  readonly deadline: Micros
  /** Pipelines that must have ended before it starts. */
  readonly needs: readonly string[]
  readonly tasks: readonly RushTask[]
}

export interface RushTask {
  readonly id: string
  readonly duration: Micros
  /** Tasks of the same pipeline. */
  readonly needs: readonly string[]
}

/** In which order pipelines get free workers. */
export type RushOrder =
  /** As runs do: the longest remaining path first, pipelines that wait for it included. */
  | 'longest_path'
  /** What must start soonest to meet its deadline first. */
  | 'least_slack'

/** A rush as one plan for the scheduler: every task of every pipeline, and one release a pipeline. */
export interface RushPlan {
  readonly plan: Plan
  readonly durations: Float64Array
  /** Per task of the plan: its pipeline. */
  readonly pipelineOf: Int32Array
  /** 1: stands for the release of its pipeline, and takes no time. */
  readonly isRelease: Uint8Array
  /** For SimulationOptions. */
  readonly late: Float64Array
  /** The latest start of each task that can still meet every deadline after it, with unlimited workers. */
  readonly latestStart: Float64Array
  readonly earliestStart: Float64Array
}

/** Fails with problems on needs that do not exist and on circles, naming them. */
export function rushPlan(rush: Rush, order: RushOrder, most: number): Result<RushPlan> {
  const problems = needProblems(rush)
  if (problems.length > 0) return failure(...problems)
  const nodes = nodesOf(rush)
  const basis = new Map(nodes.map((node) => [node.key, node.duration]))
  const compile = (priorities: Int32Array | null) =>
    compilePlan(asPipeline(nodes, priorities), {
      slots: most,
      pools: new Map(),
      basis: (key) => basis.get(key) ?? 0,
      failFast: false,
    })
  const plain = compile(null)
  if (!plain.ok) return failure(circleProblem(rush, nodes, plain.problems))
  const durations = Float64Array.from(nodes, (node) => node.duration)
  const late = Float64Array.from(nodes, (node) => node.release)
  const latestStart = latestStarts(plain.value, durations, rush, nodes)
  const compiled = order === 'longest_path' ? plain : compile(prioritiesBy(latestStart))
  if (!compiled.ok) return compiled
  return success({
    plan: compiled.value,
    durations,
    pipelineOf: Int32Array.from(nodes, (node) => node.pipeline),
    isRelease: Uint8Array.from(nodes, (node) => (node.isRelease ? 1 : 0)),
    late,
    latestStart,
    earliestStart: earliestStarts(plain.value, durations, late),
  })
}

interface Node {
  readonly key: string
  readonly pipeline: number
  readonly isRelease: boolean
  readonly duration: Micros
  readonly release: Micros
  readonly needs: readonly string[]
}

function keyOf(pipeline: string, task: string): string {
  return JSON.stringify([pipeline, task])
}

/** A release needs nothing and is late by its time; first tasks need it, and the last tasks of the pipelines before. */
function nodesOf({ pipelines }: Rush): Node[] {
  const lastOf = new Map(
    pipelines.map(({ id, tasks }) => {
      const needed = new Set(tasks.flatMap((task) => task.needs))
      return [id, tasks.filter((task) => !needed.has(task.id)).map((task) => keyOf(id, task.id))]
    }),
  )
  return pipelines.flatMap(({ id, release, needs, tasks }, pipeline): Node[] => {
    const gate = JSON.stringify([id])
    const before = needs.flatMap((other) => lastOf.get(other) ?? [])
    return [
      { key: gate, pipeline, isRelease: true, duration: 0, release, needs: [] },
      ...tasks.map((task) => ({
        key: keyOf(id, task.id),
        pipeline,
        isRelease: false,
        duration: task.duration,
        release: 0,
        needs: task.needs.length > 0 ? task.needs.map((other) => keyOf(id, other)) : [gate, ...before],
      })),
    ]
  })
}

/** Everything but ids, needs and priorities is as a file would have it by default. */
function asPipeline(nodes: readonly Node[], priorities: Int32Array | null): Pipeline {
  const { pipeline } = parseDocument('dagwright: 1\nid: rush\ntasks: { plain: { kind: noop } }\n')
  const plain = pipeline?.tasks[0]
  if (pipeline === null || plain === undefined) throw new Error('The plainest pipeline there is cannot be read')
  const tasks = nodes.map(({ key, needs }, number) => ({
    ...plain,
    id: key,
    needs: needs.map((task) => ({ task, when: null })),
    priority: priorities?.[number] ?? 0,
  }))
  return { ...pipeline, tasks }
}

function byPosition({ position }: Plan): number[] {
  return [...position.keys()].sort((a, b) => (position[a] as number) - (position[b] as number))
}

function earliestStarts(plan: Plan, durations: Float64Array, late: Float64Array): Float64Array {
  const start = late.slice()
  for (const task of byPosition(plan)) {
    for (let edge = plan.upStart[task] as number; edge < (plan.upStart[task + 1] as number); edge++) {
      const up = plan.up[edge] as number
      start[task] = Math.max(start[task] as number, (start[up] as number) + (durations[up] as number))
    }
  }
  return start
}

function latestStarts(plan: Plan, durations: Float64Array, { pipelines }: Rush, nodes: readonly Node[]): Float64Array {
  const latest = Float64Array.from(nodes, ({ pipeline, duration }) => (pipelines[pipeline]?.deadline ?? 0) - duration)
  for (const task of byPosition(plan).reverse()) {
    for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
      const before = (latest[plan.down[place] as number] as number) - (durations[task] as number)
      latest[task] = Math.min(latest[task] as number, before)
    }
  }
  return latest
}

/** The earlier the latest start, the higher the priority; equal ones are equal. */
function prioritiesBy(latestStart: Float64Array): Int32Array {
  const places = new Map([...new Set(latestStart)].sort((a, b) => b - a).map((time, place) => [time, place]))
  return Int32Array.from(latestStart, (time) => places.get(time) ?? 0)
}

function needProblems({ pipelines }: Rush): Problem[] {
  const ids = pipelines.map(({ id }) => id)
  return pipelines.flatMap(({ id, needs, tasks }) => {
    const own = tasks.map((task) => task.id)
    const pipelineNeeds = needs
      .filter((need) => !ids.includes(need))
      .map((need) =>
        problemOf('UNKNOWN_PIPELINE', `\`${id}\` needs the pipeline \`${need}\`, which the plan does not have.`, [
          need,
          ids,
        ]),
      )
    const taskNeeds = tasks.flatMap((task) =>
      task.needs
        .filter((need) => !own.includes(need))
        .map((need) =>
          problemOf(
            'UNKNOWN_TASK',
            `\`${task.id}\` of \`${id}\` needs \`${need}\`, which the pipeline does not have.`,
            [need, own],
          ),
        ),
    )
    return [...pipelineNeeds, ...taskNeeds]
  })
}

function problemOf(code: string, message: string, [word, known]: readonly [string, readonly string[]]): Problem {
  return { code, severity: 'error', message, hint: didYouMean(word, known, 'Correct the name, or add it.') }
}

function circleProblem({ pipelines }: Rush, nodes: readonly Node[], problems: readonly Problem[]): Problem {
  if (problems[0]?.code !== 'CYCLE') {
    return problems[0] ?? { code: 'INTERNAL', severity: 'error', message: 'The plan could not be compiled.' }
  }
  const circle = stuckPipelines(nodes).slice(0, 5)
  return {
    code: 'CYCLE',
    severity: 'error',
    message: `Some pipelines (or tasks of one) wait for each other in a circle: among ${circle
      .map((number) => pipelines[number]?.id)
      .join(', ')}.`,
    hint: 'Remove one of the needs that close the circle.',
  }
}

/** Pipelines of the nodes that no order can reach. */
function stuckPipelines(nodes: readonly Node[]): number[] {
  let left = nodes
  for (;;) {
    const open = new Set(left.map(({ key }) => key))
    const stuck = left.filter(({ needs }) => needs.some((need) => open.has(need)))
    if (stuck.length === left.length) return [...new Set(stuck.map(({ pipeline }) => pipeline))]
    left = stuck
  }
}
