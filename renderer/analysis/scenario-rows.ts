import { compareScenarios } from '#shared/analysis/compare-scenarios.ts'
import type { Scenario } from '#shared/analysis/scenario.ts'
import type { PlanSource } from '#shared/analysis/simulation-source.ts'
import type { Micros } from '#shared/model/time.ts'
import type { SavedScenario } from '../state/savedScenarios.ts'
import { plainText } from './plain-text.ts'

export interface ScenarioRow {
  readonly id: string
  readonly name: string
  readonly scenario: Scenario
  /** null: the pipeline as it is. */
  readonly saved: SavedScenario | null
  readonly makespan: Micros | null
  readonly difference: Micros | null
  readonly slotHours: number | null
  /** Why it can't be made. */
  readonly problem: string | null
}

/** The pipeline as it is first. Empty where it can't be simulated at all. */
export function scenarioRows(
  source: PlanSource,
  kept: readonly SavedScenario[],
  interval: Micros,
): readonly ScenarioRow[] {
  const rows = [
    { id: '', name: 'The pipeline as it is', scenario: [], saved: null },
    ...kept.map((saved) => ({ ...saved, saved })),
  ]
  const scenarios = rows.map(({ scenario }) => scenario)
  return compareScenarios(source, scenarios, interval).map((found, index): ScenarioRow => {
    const row = rows[index]!
    return found.ok
      ? { ...row, ...found, problem: null }
      : { ...row, makespan: null, difference: null, slotHours: null, problem: plainText(found.problem.message) }
  })
}
