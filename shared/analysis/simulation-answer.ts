import type { Problem } from '../model/problem.ts'
import type { Micros } from '../model/time.ts'
import { type Fix, rankFixes, rankFixesByMean } from './fixes.ts'
import { applyScenario, type Scenario, scenarioProblems } from './scenario.ts'
import { type ScenarioEffect, scenarioEffect } from './scenario-effect.ts'
import { type SimulationSource, simulated } from './simulation-source.ts'
import { type SlotsCurve, slotsCurve } from './slots-curve.ts'

/** A question about one run, as plain data: what a worker is asked. Changes of `scenario` are made before all else. */
export interface SimulationQuestion {
  readonly source: SimulationSource
  readonly scenario: Scenario
  /** How many single changes to rank by gain; 0: none. */
  readonly fixes: number
  /** Draws to rank them by the mean of; 0: by one simulation. Only of a plan. */
  readonly fixDraws: number
  /** The curve of makespan against slots; null: none. `most`: its last point, null: as many as can be used, up to 64. */
  readonly curve: { readonly most: number | null; readonly interval: Micros } | null
}

/** By one simulation in which every attempt takes its typical time, unless `fixDraws` says otherwise. Plain data. */
export type SimulationAnswer =
  | {
      readonly ok: true
      readonly slots: number
      readonly pools: ReadonlyMap<string, number>
      /** Before and after the scenario (the same where it is empty), and what it hits. */
      readonly effect: ScenarioEffect
      /** Ranked with the scenario made. */
      readonly fixes: readonly Fix[]
      readonly curve: SlotsCurve | null
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const FIX_SEED = 1

/** Takes seconds for thousands of tasks: meant for a worker. */
export function answerSimulation({ source, scenario, fixes, fixDraws, curve }: SimulationQuestion): SimulationAnswer {
  const prepared = simulated(source)
  if (!prepared.ok) return { ok: false, problems: prepared.problems }
  const { plan, model, options } = prepared.value
  const problems = scenarioProblems(plan, scenario)
  if (problems.length > 0) return { ok: false, problems }
  const changed = applyScenario(prepared.value, scenario)
  const simulation = changed.options
  const byMean = fixes > 0 && fixDraws > 0 && source.type === 'plan'
  const found = byMean ? rankFixesByMean(source, scenario, FIX_SEED, fixDraws, fixes) : null
  if (found?.ok === false) return { ok: false, problems: found.problems }
  return {
    ok: true,
    slots: changed.plan.slots,
    pools: new Map(changed.plan.poolNames.map((name, pool) => [name, changed.plan.poolSize[pool] as number])),
    effect: scenarioEffect(plan, model, scenario, options),
    fixes: fixes === 0 ? [] : (found?.value ?? rankFixes(changed, fixes)),
    curve:
      curve === null
        ? null
        : slotsCurve(changed.plan, changed.model, {
            interval: curve.interval,
            simulation,
            ...(curve.most === null ? {} : { most: curve.most }),
          }),
  }
}
