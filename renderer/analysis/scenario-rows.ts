import { applyScenario, type Scenario, scenarioProblems } from '#shared/analysis/scenario.ts'
import { SimulationCore } from '#shared/analysis/simulation-core.ts'
import { type PlanSource, simulated } from '#shared/analysis/simulation-source.ts'
import type { Micros } from '#shared/model/time.ts'
import type { SavedScenario } from '../state/savedScenarios.ts'
import { plainText } from './plain-text.ts'

/** A scenario among others, by one simulation in which every attempt takes its typical time. */
export interface ScenarioRow {
  readonly id: string
  readonly name: string
  readonly scenario: Scenario
  /** null: the pipeline as it is. */
  readonly saved: SavedScenario | null
  readonly makespan: Micros | null
  /** To the pipeline as it is. */
  readonly difference: Micros | null
  /** Slots held from start to end. */
  readonly slotHours: number | null
  /** Why it can't be made: tasks or pools that are no more. */
  readonly problem: string | null
}

const HOUR: Micros = 3_600_000_000

/** The pipeline as it is first. Empty where it can't be simulated at all. */
export function compareScenarios(source: PlanSource, saved: readonly SavedScenario[]): readonly ScenarioRow[] {
  const prepared = simulated(source)
  if (!prepared.ok) return []
  const before = { plan: prepared.value.plan, model: prepared.value.model, options: {} }
  const base = new SimulationCore(before.plan).run(before.model)
  const rows = saved.map((one): ScenarioRow => {
    const { id, name, scenario } = one
    const [wrong] = scenarioProblems(before.plan, scenario)
    const common = { id, name, scenario, saved: one }
    if (wrong)
      return { ...common, makespan: null, difference: null, slotHours: null, problem: plainText(wrong.message) }
    const { plan, model, options } = applyScenario(before, scenario)
    const makespan = new SimulationCore(plan, options).run(model)
    return {
      ...common,
      makespan,
      difference: makespan - base,
      slotHours: slotHours(makespan, plan.slots),
      problem: null,
    }
  })
  const asItIs: ScenarioRow = {
    id: '',
    name: 'The pipeline as it is',
    scenario: [],
    saved: null,
    makespan: base,
    difference: 0,
    slotHours: slotHours(base, before.plan.slots),
    problem: null,
  }
  return [asItIs, ...rows]
}

function slotHours(makespan: Micros, slots: number): number {
  return (makespan / HOUR) * slots
}
