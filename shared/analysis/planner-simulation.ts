import type { Cause } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import type { Rush, RushPlan, WorkerStep } from './planner-input.ts'
import { type SimulatedInstance, simulate } from './simulation.ts'
import { type CapacityStep, SimulationCore } from './simulation-core.ts'
import { modelFromDurations, type SimulationModel } from './simulation-model.ts'
import { SimulationTrace } from './simulation-trace.ts'
import { peaks, slotUseOf } from './slot-use.ts'

/** Workers by interval: `workers[k]` from k × interval on, the last one for good. */
export type Profile = readonly number[]

/** What a profile comes to. */
export interface Weighed {
  /** All pipelines ended, each by its deadline. */
  readonly inTime: boolean
  /** Summed over the pipelines; infinite where some never end. */
  readonly lateness: Micros
  /** When the last pipeline ended. */
  readonly done: Micros
  /** Workers at hand in each interval: those asked for, or those that still had a task to end, if more. */
  readonly hand: readonly number[]
  /** Workers that stand by in each interval, so that utilisation stays within the band. */
  readonly reserve: readonly number[]
  /** There is no room for all of the reserve under the most workers there can be. */
  readonly short: boolean
  /** Worker time paid for, reserve included, in worker-microseconds. */
  readonly cost: Micros
  /** Workers that come and go, reserve included. */
  readonly changes: number
}

/** Weighs profile after profile by the scheduler under a virtual clock. Nothing that runs is stopped. */
export class RushSimulation {
  /** Profiles weighed so far. */
  weighed = 0
  readonly work: Micros
  readonly intervals: number
  private readonly rush: Rush
  private readonly rushPlan: RushPlan
  private readonly model: SimulationModel
  private readonly trace = new SimulationTrace()
  private readonly core: SimulationCore
  private readonly capacity: CapacityStep[]
  private readonly known = new Map<string, Weighed>()

  constructor(rush: Rush, rushPlan: RushPlan, intervals: number) {
    this.rush = rush
    this.rushPlan = rushPlan
    this.intervals = intervals
    this.work = rushPlan.durations.reduce((sum, duration) => sum + duration, 0)
    this.model = modelOf(rushPlan)
    this.capacity = Array.from({ length: intervals }, (_, at) => ({
      at: at * rush.interval,
      slots: 0,
      pools: NO_POOLS,
    }))
    this.core = new SimulationCore(rushPlan.plan, { late: rushPlan.late, capacity: this.capacity }, this.trace)
  }

  weigh(profile: Profile): Weighed {
    const key = profile.join()
    const known = this.known.get(key)
    if (known !== undefined) return known
    this.weighed++
    const weighed = this.simulate(profile)
    this.known.set(key, weighed)
    return weighed
  }

  private simulate(profile: Profile): Weighed {
    const { core, trace, rush } = this
    for (let at = 0; at < this.intervals; at++) {
      this.capacity[at] = { at: at * rush.interval, slots: profile[at] ?? 0, pools: NO_POOLS }
    }
    trace.clear(core)
    core.run(this.model)
    if (!core.state.ended) {
      const never = { lateness: Infinity, done: Infinity, cost: Infinity, changes: Infinity }
      return { inTime: false, hand: profile, reserve: [], short: true, ...never }
    }
    const { lateness, done } = this.ends()
    const busy = peaks(slotUseOf(trace, done), rush.interval)
    const hand = busy.map((used, at) => Math.max(used, profile[at] ?? profile.at(-1) ?? 0))
    const own = hand.reduce((sum, workers) => sum + workers, 0)
    const missing = Math.max(0, Math.ceil(this.work / rush.band.high / rush.interval - 1e-9) - own)
    const reserve = spread(missing, hand, busy, rush.most)
    const standing = reserve.reduce((sum, workers) => sum + workers, 0)
    const cost = (own + standing) * rush.interval
    const there = hand.map((workers, at) => workers + (reserve[at] as number))
    const changes = there.reduce(
      (sum, workers, at) => sum + Math.abs(workers - (there[at - 1] ?? 0)),
      there.at(-1) ?? 0,
    )
    return { inTime: lateness === 0, lateness, done, hand, reserve, short: standing < missing, cost, changes }
  }

  private ends(): { lateness: Micros; done: Micros } {
    const { rush, rushPlan, core } = this
    const ended = new Float64Array(rush.pipelines.length)
    rushPlan.pipelineOf.forEach((pipeline, task) => {
      ended[pipeline] = Math.max(ended[pipeline] as number, core.ends[task] as number)
    })
    let lateness = 0
    let done = 0
    rush.pipelines.forEach(({ deadline }, pipeline) => {
      const end = ended[pipeline] as number
      lateness += Math.max(0, end - deadline)
      done = Math.max(done, end)
    })
    return { lateness, done }
  }
}

/** One worker after the other to where the smallest part would stand by; ties: earlier. */
function spread(workers: number, hand: readonly number[], busy: readonly number[], most: number): number[] {
  const reserve: number[] = new Array(hand.length).fill(0)
  for (let left = workers; left > 0; left--) {
    let place = -1
    let tightest = -1
    for (let at = 0; at < hand.length; at++) {
      const there = (hand[at] as number) + (reserve[at] as number)
      const use = there === 0 ? 0 : (busy[at] as number) / there
      if (there >= most || use <= tightest) continue
      tightest = use
      place = at
    }
    if (place < 0) return reserve
    reserve[place] = (reserve[place] as number) + 1
  }
  return reserve
}

const NO_POOLS: ReadonlyMap<string, number> = new Map()

function modelOf({ plan, durations }: RushPlan): SimulationModel {
  return modelFromDurations(plan, (key) => durations[plan.numberOf.get(key) ?? -1] ?? 0)
}

/** How one pipeline fares. */
export interface PipelineFate {
  readonly pipeline: string
  readonly release: Micros
  /** null: it never starts, or never ends. */
  readonly start: Micros | null
  readonly end: Micros | null
  readonly deadline: Micros
  readonly inTime: boolean
  /** From when its first task could have started (released, its needs ended) to its start. */
  readonly waitedForWorkers: Micros
  /** From its release to the end of the last pipeline it needs. */
  readonly waitedForNeeds: Micros
  /** The pipeline whose end let it start: one it needs, or one that gave a worker back; null: neither. */
  readonly waitedFor: { readonly pipeline: string; readonly as: 'need' | 'worker' } | null
}

/** One task as it ran: it held a worker from `start` to `end`. */
export interface PlannedTask {
  readonly pipeline: string
  readonly task: string
  readonly start: Micros
  readonly end: Micros
}

/** The same simulation told pipeline by pipeline, in the order of the rush, and task by task. */
export function fatesOf(
  rush: Rush,
  rushPlan: RushPlan,
  steps: readonly WorkerStep[],
): { readonly pipelines: readonly PipelineFate[]; readonly tasks: readonly PlannedTask[] } {
  const { plan, pipelineOf, isRelease, late } = rushPlan
  const capacity = steps.map(({ at, workers }) => ({ at, slots: workers, pools: NO_POOLS }))
  const { starts, instances } = simulate(plan, modelOf(rushPlan), { late, capacity })
  const ends: (Micros | null)[] = rush.pipelines.map(() => 0)
  for (const { task, end, state } of instances) {
    const pipeline = pipelineOf[task] as number
    const known = ends[pipeline] ?? null
    ends[pipeline] = known === null || state !== 'success' ? null : Math.max(known, end)
  }
  const endOf = new Map(rush.pipelines.map(({ id }, number) => [id, ends[number] ?? null]))
  const pipelines = rush.pipelines.map((own, pipeline): PipelineFate => {
    const ofOwn = starts.filter(({ task }) => pipelineOf[task] === pipeline)
    const first = ofOwn.find(({ task }) => isRelease[task] === 0)
    const needed = own.needs.map((need) => endOf.get(need) ?? null)
    const ready = needed.some((end) => end === null) ? null : Math.max(own.release, ...(needed as Micros[]))
    const end = ends[pipeline] ?? null
    const waitedForWorkers = first === undefined || ready === null ? 0 : first.time - ready
    // Where it waited for a worker, its release may have waited in its place.
    const gave = [first, ofOwn.find(({ task }) => isRelease[task] === 1)]
      .map((one) => otherOf(one?.cause, pipeline))
      .find((other) => other !== null)
    const last = own.needs.find((need) => ready !== null && ready > own.release && endOf.get(need) === ready)
    return {
      pipeline: own.id,
      release: own.release,
      start: first?.time ?? null,
      end,
      deadline: own.deadline,
      inTime: end !== null && end <= own.deadline,
      waitedForWorkers,
      waitedForNeeds: ready === null ? 0 : ready - own.release,
      waitedFor: waitedForWorkers > 0 ? waitedFor(gave, 'worker') : waitedFor(last, 'need'),
    }
  })

  return { pipelines, tasks: tasksOf(rush, instances) }

  function otherOf(cause: Cause | undefined, pipeline: number): string | null {
    if (cause === undefined || !('task' in cause) || cause.task === null) return null
    const other = pipelineOf[plan.numberOf.get(cause.task) ?? -1]
    return other === undefined || other === pipeline ? null : (rush.pipelines[other]?.id ?? null)
  }
}

/** Nodes stand as in the plan: of every pipeline its release, then its tasks. */
function tasksOf({ pipelines }: Rush, instances: readonly SimulatedInstance[]): PlannedTask[] {
  const nodes = pipelines.flatMap(({ id, tasks }) => [null, ...tasks.map((task) => ({ pipeline: id, task: task.id }))])
  return instances
    .flatMap(({ task, start, end }): PlannedTask[] => {
      const node = nodes[task] ?? null
      return node === null || start === null ? [] : [{ ...node, start, end }]
    })
    .sort((a, b) => a.start - b.start)
}

function waitedFor(pipeline: string | null | undefined, as: 'need' | 'worker'): PipelineFate['waitedFor'] {
  return pipeline === null || pipeline === undefined ? null : { pipeline, as }
}
