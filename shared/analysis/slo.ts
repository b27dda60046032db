import { isTimezone, nextTimeOfDay } from '../expression/cron.ts'
import type { Pipeline, Slo } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import { durationText } from './duration-text.ts'
import { entriesByTask } from './history.ts'
import { isExecutedSuccess, type RunFacts } from './run-facts.ts'

/**
 * Whether the objectives of a pipeline and its tasks (DESIGN section 3, `slo`) are met over their window. Only whole runs
 * count: everything selected and executed, ended in success or failure. A window may hold fewer runs than it asks for;
 * `judged` says how many there were.
 */
export interface SloReport {
  readonly pipeline: string
  /** The worst of all objectives; `no_data` only where every one of them is. */
  readonly status: SloStatus
  readonly objectives: readonly Objective[]
}

export type SloStatus = 'met' | 'at_risk' | 'missed' | 'no_data'

export interface Objective {
  /** null: the pipeline's own. */
  readonly task: string | null
  readonly kind: 'duration' | 'successRate' | 'finishBy'
  /** As a person would say it: "p95 within 5 m", "99% succeed", "done by 07:00 Europe/Berlin". */
  readonly promise: string
  /** Of `duration`: the percentile as a share (0.95 of p95). */
  readonly target: number
  readonly limit: Micros | null
  /** Of `duration`: the smallest duration that `target` of the runs kept within (nearest rank); null without runs. */
  readonly measured: Micros | null
  /** Runs asked for and runs found. */
  readonly window: number
  readonly judged: number
  readonly kept: number
  /** kept ÷ judged; null without runs. */
  readonly attainment: number | null
  readonly budget: ErrorBudget
  /** Misses of the latest quarter (at least 3 runs) over what the budget allows in as many; above 1 it is being used up. */
  readonly burnRate: number | null
  /** Of the next run, from a simulation; null where none was made. */
  readonly chanceToMeet: number | null
  readonly status: SloStatus
  /** Ids of the runs that broke it, newest first. */
  readonly missedBy: readonly string[]
}

/** In runs; `allowed` may be a fraction. */
export interface ErrorBudget {
  readonly allowed: number
  readonly used: number
  readonly left: number
}

/** Chance that the next run keeps an objective, by `sloKey`: what a simulation adds to the report. */
export type ChancesToMeet = ReadonlyMap<string, number>

export function sloKey(task: string | null, kind: Objective['kind'], target: number): string {
  return JSON.stringify([task, kind, target])
}

/** A chance below this, or below the target where that is lower, puts an objective that is still met at risk. */
const RISKY_CHANCE = 0.9
const LATEST_SHARE = 0.25
const FEWEST_LATEST = 3

/** One run as an objective sees it. */
interface Observation {
  readonly run: string
  readonly succeeded: boolean
  /** Of a success. */
  readonly duration: Micros | null
  readonly logicalDate: string
  readonly endedAt: string
}

/**
 * Takes the facts of runs, newest first. null where neither the pipeline nor a task of it has objectives.
 */
export function sloReport(
  pipeline: Pipeline,
  runs: readonly RunFacts[],
  chances: ChancesToMeet = new Map(),
): SloReport | null {
  const whole = runs.filter((run) => run.whole)
  const objectives: Objective[] = []
  if (pipeline.slo) objectives.push(...judged(null, pipeline.slo, whole.map(ofRun), chances))
  const withSlo = pipeline.tasks.filter((task) => task.slo !== null)
  if (withSlo.length > 0) {
    const aliases = new Map(pipeline.tasks.map((task) => [task.id, task.aliases]))
    const entries = entriesByTask(whole, aliases)
    const runOf = new Map(whole.map((run) => [run.run, run]))
    for (const task of withSlo) {
      const seen = (entries.get(task.id) ?? []).flatMap(({ run, facts }): Observation[] => {
        const succeeded = isExecutedSuccess(facts)
        if (!succeeded && facts.state !== 'failed') return []
        const { logicalDate, endedAt } = runOf.get(run.run)!
        const duration = succeeded ? facts.duration : null
        return [{ run: run.run, succeeded, duration, logicalDate, endedAt: facts.endedAt ?? endedAt }]
      })
      objectives.push(...judged(task.id, task.slo!, seen, chances))
    }
  }
  return objectives.length === 0 ? null : { pipeline: pipeline.id, status: worstStatus(objectives), objectives }
}

/** A partial run failed only in tasks that need not succeed. */
function ofRun({ run, state, makespan, logicalDate, endedAt }: RunFacts): Observation {
  const succeeded = state !== 'failed'
  return { run, succeeded, duration: succeeded ? makespan : null, logicalDate, endedAt }
}

function judged(
  task: string | null,
  slo: Slo,
  observations: readonly Observation[],
  chances: ChancesToMeet,
): readonly Objective[] {
  const window = observations.slice(0, slo.windowRuns)
  const promises: Promised[] = []
  for (const [name, limit] of slo.duration) {
    const timed = window.filter((one) => one.duration !== null)
    const target = Number(name.slice(1)) / 100
    promises.push({ kind: 'duration', target, limit, seen: timed, keeps: (one) => one.duration! <= limit })
  }
  if (slo.successRate !== null) {
    promises.push({
      kind: 'successRate',
      target: slo.successRate,
      limit: null,
      seen: window,
      keeps: (one) => one.succeeded,
    })
  }
  if (slo.finishBy !== null && isTimezone(slo.finishBy.timezone)) {
    const { at, timezone } = slo.finishBy
    const inTime = (one: Observation) =>
      Date.parse(one.endedAt) <= nextTimeOfDay(at, timezone, Date.parse(one.logicalDate))
    // A run that failed was not done by then.
    const keeps = (one: Observation) => one.succeeded && inTime(one)
    promises.push({ kind: 'finishBy', target: 1, limit: null, seen: window, keeps })
  }
  return promises.map((promised) => {
    const chance = chances.get(sloKey(task, promised.kind, promised.target)) ?? null
    return objectiveOf(task, slo, promised, chance)
  })
}

interface Promised {
  readonly kind: Objective['kind']
  readonly target: number
  readonly limit: Micros | null
  /** Newest first. */
  readonly seen: readonly Observation[]
  readonly keeps: (one: Observation) => boolean
}

function objectiveOf(task: string | null, slo: Slo, promised: Promised, chanceToMeet: number | null): Objective {
  const { kind, target, limit, seen, keeps } = promised
  const missed = seen.filter((one) => !keeps(one))
  const kept = seen.length - missed.length
  const allowed = roundedRuns((1 - target) * seen.length)
  const budget = { allowed, used: missed.length, left: roundedRuns(allowed - missed.length) }
  const burnRate = burnRateOf(seen, keeps, target)
  const attainment = seen.length === 0 ? null : kept / seen.length
  return {
    task,
    kind,
    target,
    limit,
    promise: promiseText(slo, promised),
    measured:
      kind === 'duration'
        ? nearestRank(
            seen.map((one) => one.duration!),
            target,
          )
        : null,
    window: slo.windowRuns,
    judged: seen.length,
    kept,
    attainment,
    budget,
    burnRate,
    chanceToMeet,
    status: statusOf(seen.length, budget, burnRate, chanceToMeet, Math.min(target, RISKY_CHANCE)),
    missedBy: missed.map((one) => one.run),
  }
}

/** Shares such as 0.95 are not exact in binary: 20 runs allow 1 miss, not 0.9999999999999998. */
function roundedRuns(runs: number): number {
  return Math.round(runs * 1e6) / 1e6
}

function statusOf(
  seen: number,
  budget: ErrorBudget,
  burnRate: number | null,
  chance: number | null,
  leastChance: number,
): SloStatus {
  if (seen === 0) return 'no_data'
  if (budget.left < 0) return 'missed'
  if (burnRate !== null && burnRate > 1) return 'at_risk'
  return chance !== null && chance < leastChance ? 'at_risk' : 'met'
}

/** As the Site Reliability Workbook (Google, 2018, chapter 5) defines it; null where no miss is allowed, or no run. */
function burnRateOf(seen: readonly Observation[], keeps: (one: Observation) => boolean, target: number): number | null {
  const latest = seen.slice(0, Math.max(FEWEST_LATEST, Math.ceil(seen.length * LATEST_SHARE)))
  if (target >= 1 || latest.length < FEWEST_LATEST) return null
  return latest.filter((one) => !keeps(one)).length / (latest.length * (1 - target))
}

/** The smallest value that at least `share` of the values do not exceed. */
function nearestRank(values: readonly Micros[], share: number): Micros | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(roundedRuns(share * values.length)) - 1)]!
}

function promiseText(slo: Slo, { kind, target, limit }: Promised): string {
  const share = `${Number((target * 100).toFixed(4))}`
  if (kind === 'duration') return `p${share} within ${durationText(limit!)}`
  if (kind === 'successRate') return `${share}% succeed`
  return `done by ${slo.finishBy!.at} ${slo.finishBy!.timezone}`
}

const WORST_FIRST: readonly SloStatus[] = ['missed', 'at_risk', 'met', 'no_data']

export function worstStatus(objectives: readonly { readonly status: SloStatus }[]): SloStatus {
  return WORST_FIRST.find((status) => objectives.some((objective) => objective.status === status)) ?? 'no_data'
}
