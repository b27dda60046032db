import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import { type Change, changeText } from '#shared/analysis/scenario.ts'
import { effectSentence } from '#shared/analysis/scenario-effect.ts'
import type { SimulationAnswer } from '#shared/analysis/simulation-answer.ts'
import type { SloGoal } from '#shared/analysis/slo-goals.ts'
import { typicalDuration } from '#shared/analysis/task-odds.ts'
import type { WhatIf } from '#shared/analysis/what-if.ts'
import { type Micros, secondsOf } from '#shared/model/time.ts'
import type { LoadedSimulation } from './simulation-load.ts'

export interface SimulationReport {
  readonly loaded: LoadedSimulation
  readonly answer: Extract<SimulationAnswer, { ok: true }>
  readonly objectives: readonly SloGoal[]
  /** The draws as things are, and with the scenario; null where none were made (or there is no scenario). */
  readonly before: MonteCarloResult | null
  readonly after: MonteCarloResult | null
  readonly interval: Micros
}

/** What `dagwright simulate --json` prints: times in seconds, shares and chances 0 to 1. */
export function simulationJson(report: SimulationReport) {
  const { loaded, answer, before, after } = report
  const { source, runs, workspace, notes } = loaded
  const { effect } = answer
  return {
    pipeline: source.pipeline.id,
    slots: source.slots,
    pools: Object.fromEntries(source.pools),
    runs: runs.map(({ run }) => run),
    notes,
    makespan: secondsOf(effect.before),
    state: effect.stateBefore,
    longestPath: answer.curve === null ? null : secondsOf(answer.curve.longestPath),
    draws: before === null ? null : drawsJson(before, report),
    tasks: source.pipeline.tasks.map(({ id }, number) => {
      const own = source.odds.get(id)!
      const drawn = before?.tasks[number]
      return {
        task: id,
        duration: secondsOf(typicalDuration(own.duration)),
        source: own.source,
        failureRates: own.failureRates,
        criticality: drawn?.criticality ?? null,
        success: drawn?.success ?? null,
        timedOut: drawn?.timedOut ?? null,
      }
    }),
    whatIf:
      effect.scenario.length === 0
        ? null
        : {
            changes: effect.scenario.map(changeJson),
            sentence: effectSentence(effect),
            ...gainJson(effect),
            state: effect.state,
            draws: after === null ? null : drawsJson(after, report),
            tasks: effect.tasks.map((task) => ({
              task: task.task,
              state: task.state,
              stateBefore: task.stateBefore,
              end: secondsOf(task.end),
              endBefore: secondsOf(task.endBefore),
              delay: secondsOf(task.delay),
              downstream: task.downstream,
            })),
          },
    fixes: answer.fixes.map((fix) => ({ ...changeJson(fix.change), ...gainJson(fix) })),
    curve: (answer.curve?.points ?? []).map(({ slots, makespan, bound, utilisation, cost, overran }) => ({
      slots,
      makespan: secondsOf(makespan),
      bound: secondsOf(bound),
      utilisation,
      slotHours: cost,
      timedOut: overran,
    })),
    provisioningInterval: secondsOf(report.interval),
    slotPrice: workspace.slotPrice,
  }
}

function changeJson(change: Change) {
  const late = 'late' in change ? { late: secondsOf(change.late) } : {}
  return { text: changeText(change), ...change, ...late }
}

function gainJson({ before, after, gain, share }: WhatIf) {
  return { before: secondsOf(before), after: secondsOf(after), gain: secondsOf(gain), share }
}

function drawsJson(result: MonteCarloResult, { objectives }: SimulationReport) {
  const { makespan, histogram } = result
  return {
    draws: result.draws,
    seed: result.seed,
    mean: secondsOf(makespan.mean),
    deviation: secondsOf(makespan.deviation),
    least: secondsOf(makespan.least),
    most: secondsOf(makespan.most),
    percentiles: Object.fromEntries(
      makespan.percentiles.map(({ percent, value }) => [`p${percent}`, secondsOf(value)]),
    ),
    histogram: { from: secondsOf(histogram.from), width: secondsOf(histogram.width), counts: histogram.counts },
    states: result.states,
    timedOut: result.overran,
    objectives: result.goals.map(({ goal, chance, margin }, number) => ({
      task: goal.task,
      kind: objectives[number]!.kind,
      promise: objectives[number]!.promise,
      chance,
      margin,
    })),
  }
}
