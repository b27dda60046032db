import { type Result, success } from '../model/problem.ts'
import type { Micros } from '../model/time.ts'
import { lowerBound } from './planner-bound.ts'
import { type Rush, type RushOrder, type RushPlan, rushPlan, type WorkerStep } from './planner-input.ts'
import {
  fatesOf,
  type PipelineFate,
  type PlannedTask,
  type Profile,
  RushSimulation,
  type Weighed,
} from './planner-simulation.ts'

/** What a planner says, as plain data. Times are whole microseconds from the window's start. */
export interface RushAnswer {
  /** With the workers given; where none are given, with as many as there can be at most. */
  readonly inTime: boolean
  /** Total time of all tasks. */
  readonly work: Micros
  /** The workers given; null where none are. */
  readonly given: PlannedProfile | null
  /** The fewest workers that bring all home, held and paid through the whole window; null where the most there can be are not enough. */
  readonly fixed: PlannedProfile | null
  /** The cheapest workers over time; null where the most there can be are not enough. */
  readonly planned: PlannedProfile | null
  /** No profile that is in time and within the band costs less worker time. */
  readonly bound: Micros
  /** There is no cheaper one: it costs the bound, or every profile was weighed by both orders. */
  readonly proven: boolean
  /** Pipelines that no number of workers brings home in time, by their own length and needs. */
  readonly hopeless: readonly string[]
}

export interface PlannedProfile {
  readonly order: RushOrder
  /** One step an interval. */
  readonly steps: readonly PlannedStep[]
  readonly inTime: boolean
  /** null: some pipelines never end. */
  readonly done: Micros | null
  /** Worker time paid for, reserve included, and in money; null where no price is given. */
  readonly workerTime: Micros
  readonly price: number | null
  /** Work ÷ worker time, 0 to 1; of a profile that does not end everything, null. */
  readonly utilisation: number | null
  readonly band: 'below' | 'within' | 'above' | null
  readonly pipelines: readonly PipelineFate[]
  /** What ran, in the order of the starts. */
  readonly tasks: readonly PlannedTask[]
}

export interface PlannedStep {
  readonly at: Micros
  /** Asked for. */
  readonly workers: number
  /** Asked for, or more where a worker had a task to end. */
  readonly hand: number
  /** Standing by on top of them, so that utilisation stays within the band. */
  readonly reserve: number
}

const ORDERS: readonly RushOrder[] = ['longest_path', 'least_slack']
/** Up to so many profiles all are tried. */
const MOST_TRIED = 4_000
/** How many profiles a search weighs at most, for each order. */
const MOST_WEIGHED = 12_000
const HOUR: Micros = 3_600_000_000

/**
 * Whether all pipelines end in time, and the cheapest number of workers over time that brings them home; with a reserve
 * that keeps utilisation within the band, so that there is room for a bad day. Every profile is weighed by the scheduler.
 *
 * Few profiles are all tried. Else: local search over integer vectors (descent with single and exchange moves from
 * several starts; see Aarts and Lenstra, "Local Search in Combinatorial Optimization", 1997), reported with a lower
 * bound. Scheduling with precedence and release times under a resource profile is NP-hard (Garey and Johnson, SS), and
 * list scheduling has anomalies (Graham, 1969): more workers may end later, so nothing is inferred that was not weighed.
 *
 * Fails with problems on needs that do not exist and on circles.
 */
export function planRush(rush: Rush): Result<RushAnswer> {
  const plans = ORDERS.map((order) => ({ order, compiled: rushPlan(rush, order, rush.most) }))
  const candidates: Candidate[] = []
  for (const { order, compiled } of plans) {
    if (!compiled.ok) return compiled
    const simulation = new RushSimulation(rush, compiled.value, intervalsOf(rush))
    candidates.push({ order, plan: compiled.value, simulation })
  }
  const [first] = candidates as [Candidate]
  const given = rush.workers === null ? null : best(candidates.map((one) => ({ ...one, profile: givenProfile(rush) })))
  const bound = lowerBound(rush, first.plan, intervalsOf(rush))
  const found = candidates.map((one) => ({ ...one, ...search(rush, one.simulation) }))
  const planned = best(found.flatMap((one) => (one.profile === null ? [] : [{ ...one, profile: one.profile }])))
  const fixed = best(candidates.flatMap((one) => fixedProfile(rush, one)))
  const result = {
    planned: planned && profileOf(rush, planned, 'planned'),
    fixed: fixed && profileOf(rush, fixed, 'fixed'),
    given: given && profileOf(rush, given, 'given'),
  }
  return success({
    inTime: (result.given ?? result.planned)?.inTime ?? false,
    work: first.simulation.work,
    ...result,
    bound,
    proven: result.planned?.workerTime === bound || found.every(({ exhaustive }) => exhaustive),
    hopeless: hopelessOf(rush, first.plan),
  })
}

interface Candidate {
  readonly order: RushOrder
  readonly plan: RushPlan
  readonly simulation: RushSimulation
}
interface Chosen extends Candidate {
  readonly profile: Profile
}

/** Intervals that begin before the last deadline, or before the window's end. */
function intervalsOf({ window, interval, pipelines }: Rush): number {
  const last = pipelines.reduce((latest, { deadline }) => Math.max(latest, deadline), window)
  return Math.max(1, Math.ceil(last / interval))
}

function givenProfile(rush: Rush): Profile {
  const steps = rush.workers ?? []
  return Array.from(
    { length: intervalsOf(rush) },
    (_, at) => steps.findLast((step) => step.at <= at * rush.interval)?.workers ?? 0,
  )
}

/** In time before late, room for the reserve before none, then cheapest, fewest changes, earliest done; ties: the first. */
function best(choices: readonly Chosen[]): Chosen | null {
  return choices.reduce<Chosen | null>((least, choice) => {
    if (least === null) return choice
    return compareWeighed(choice.simulation.weigh(choice.profile), least.simulation.weigh(least.profile)) < 0
      ? choice
      : least
  }, null)
}

function compareWeighed(a: Weighed, b: Weighed): number {
  if (a.lateness !== b.lateness) return a.lateness - b.lateness
  if (a.short !== b.short) return a.short ? 1 : -1
  if (a.cost !== b.cost) return a.cost - b.cost
  return a.changes - b.changes || a.done - b.done
}

function fixedProfile(rush: Rush, candidate: Candidate): Chosen[] {
  const { simulation } = candidate
  for (let workers = 1; workers <= rush.most; workers++) {
    const profile = new Array<number>(simulation.intervals).fill(workers)
    const { inTime } = simulation.weigh(profile)
    const paid = workers * simulation.intervals * rush.interval
    if (inTime && simulation.work <= rush.band.high * paid) return [{ ...candidate, profile }]
  }
  return []
}

interface Found {
  readonly profile: Profile | null
  /** Every profile was weighed. */
  readonly exhaustive: boolean
}

function search(rush: Rush, simulation: RushSimulation): Found {
  const profiles = (rush.most + 1) ** simulation.intervals
  if (profiles <= MOST_TRIED) return { profile: tryAll(rush, simulation), exhaustive: true }
  return { profile: new Descent(rush, simulation).run(), exhaustive: false }
}

function tryAll(rush: Rush, simulation: RushSimulation): Profile | null {
  let least: Profile | null = null
  const profile = new Array<number>(simulation.intervals).fill(0)
  for (;;) {
    const weighed = simulation.weigh(profile)
    const better = least === null || compareWeighed(weighed, simulation.weigh(least)) < 0
    if (better && weighed.inTime) least = profile.slice()
    let at = 0
    while (at < profile.length && profile[at] === rush.most) profile[at++] = 0
    if (at === profile.length) return least
    profile[at] = (profile[at] as number) + 1
  }
}

/** Takes workers away, interval by interval, as long as all end in time; then exchanges between intervals. */
class Descent {
  private readonly rush: Rush
  private readonly simulation: RushSimulation

  constructor(rush: Rush, simulation: RushSimulation) {
    this.rush = rush
    this.simulation = simulation
  }

  /** From the workers given and every constant number of them that are in time, giving back late ones or early ones first. */
  run(): Profile | null {
    const { rush, simulation } = this
    const constant = (workers: number) => new Array<number>(simulation.intervals).fill(workers)
    const starts = Array.from({ length: rush.most }, (_, before) => constant(before + 1))
    if (rush.workers !== null) starts.unshift([...givenProfile(rush)])
    let least: Profile | null = null
    for (const start of starts) {
      if (!simulation.weigh(start).inTime) continue
      for (const fromEnd of [true, false]) {
        const found = this.exchange(this.shrink(start, fromEnd), fromEnd)
        if (least === null || compareWeighed(simulation.weigh(found), simulation.weigh(least)) < 0) least = found
        if (this.exhausted) return least
      }
    }
    return least
  }

  private get exhausted(): boolean {
    return this.simulation.weighed >= MOST_WEIGHED
  }

  private better(profile: Profile, than: Profile): boolean {
    return compareWeighed(this.simulation.weigh(profile), this.simulation.weigh(than)) < 0
  }

  private shrink(start: Profile, fromEnd: boolean): Profile {
    let current = start
    const order = [...start.keys()]
    if (fromEnd) order.reverse()
    for (let improved = true; improved && !this.exhausted; ) {
      improved = false
      for (const at of order) {
        for (let fewer = 0; fewer < (current[at] as number); fewer++) {
          const next = current.with(at, fewer)
          if (!this.better(next, current)) continue
          current = next
          improved = true
          break
        }
      }
    }
    return current
  }

  /** One more here and one or two fewer there; after each gain everything is tried again. */
  private exchange(start: Profile, fromEnd: boolean): Profile {
    let current = start
    for (let improved = true; improved && !this.exhausted; ) {
      improved = false
      for (const [more, less, by] of this.exchanges(current)) {
        const next = current.with(more, (current[more] as number) + 1).with(less, (current[less] as number) - by)
        if (!this.better(next, current)) continue
        current = this.shrink(next, fromEnd)
        improved = true
        break
      }
    }
    return current
  }

  private *exchanges(current: Profile): Generator<readonly [more: number, less: number, by: number]> {
    for (const by of [2, 1]) {
      for (const [less, workers] of current.entries()) {
        if (workers < by) continue
        for (const [more, others] of current.entries()) {
          if (this.exhausted) return
          if (more !== less && others < this.rush.most) yield [more, less, by]
        }
      }
    }
  }
}

/** `planned` comes with its reserve; `fixed` workers stay to the window's end, though all is done. */
function profileOf(
  rush: Rush,
  { order, plan, simulation, profile }: Chosen,
  kind: 'planned' | 'given' | 'fixed',
): PlannedProfile {
  const [held, reserved] = [kind === 'fixed', kind === 'planned']
  const weighed = simulation.weigh(profile)
  const ended = Number.isFinite(weighed.done)
  const intervals = held ? simulation.intervals : weighed.hand.length
  const steps = Array.from({ length: intervals }, (_, number): PlannedStep => {
    const asked = profile[number] ?? profile.at(-1) ?? 0
    const hand = Math.max(asked, weighed.hand[number] ?? 0)
    return { at: number * rush.interval, workers: asked, hand, reserve: reserved ? (weighed.reserve[number] ?? 0) : 0 }
  })
  const workerTime = steps.reduce((sum, step) => sum + step.hand + step.reserve, 0) * rush.interval
  const utilisation = ended && workerTime > 0 ? simulation.work / workerTime : null
  return {
    order,
    steps,
    inTime: weighed.inTime,
    done: ended ? weighed.done : null,
    workerTime,
    price: rush.price === null ? null : (workerTime / HOUR) * rush.price.perHour,
    utilisation,
    band: utilisation === null ? null : bandOf(rush, utilisation),
    ...fatesOf(rush, plan, workerSteps(rush, profile)),
  }
}

function workerSteps({ interval }: Rush, profile: Profile): WorkerStep[] {
  return profile.map((workers, at) => ({ at: at * interval, workers }))
}

function bandOf({ band }: Rush, utilisation: number): 'below' | 'within' | 'above' {
  return utilisation < band.low ? 'below' : utilisation > band.high ? 'above' : 'within'
}

function hopelessOf(rush: Rush, { earliestStart, latestStart, pipelineOf }: RushPlan): string[] {
  const late = new Set<number>()
  earliestStart.forEach((start, task) => {
    if (start > (latestStart[task] as number)) late.add(pipelineOf[task] as number)
  })
  return rush.pipelines.filter((_, number) => late.has(number)).map(({ id }) => id)
}
