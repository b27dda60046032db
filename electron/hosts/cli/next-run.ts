import { OPEN_OUTCOMES } from '#shared/analysis/outcomes.ts'
import type { ChancesToMeet } from '#shared/analysis/slo.ts'
import { chancesToMeet, type SloGoal, sloGoals } from '#shared/analysis/slo-goals.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { logicalDateOf } from '#shared/expression/schedule.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { ChosenPipeline } from './choose.ts'
import { makeDraws } from './draws.ts'
import { loadSimulation } from './simulation-load.ts'

/** How many past runs durations, failures and outcomes are taken from. */
export const SIMULATED_RUNS = 20

/** Of the run that starts at `start` (milliseconds since 1970); null: at its schedule's tick, or now where it has none. */
export function objectivesOf(pipeline: Pipeline, start: number | null): readonly SloGoal[] {
  const now = new Date(start ?? Date.now()).toISOString()
  const logicalDate = Date.parse(logicalDateOf(pipeline.schedule, now).logicalDate)
  return sloGoals(pipeline, logicalDate, start ?? logicalDate)
}

/** The chance that the next run keeps each of the pipeline's objectives, by simulation at its own slots and pools. */
export async function chancesOfNextRun(
  client: ContractClient,
  chosen: ChosenPipeline,
  draws: number,
): Promise<ChancesToMeet> {
  const options = { slots: undefined, pools: new Map<string, number>(), choices: OPEN_OUTCOMES, runs: SIMULATED_RUNS }
  const { source } = await loadSimulation(client, chosen, options)
  const objectives = objectivesOf(source.pipeline, null)
  const input = { source, scenario: [], seed: 1, goals: objectives.map(({ goal }) => goal) }
  const result = await makeDraws(input, draws, new AbortController().signal, () => undefined)
  return result === null ? new Map() : chancesToMeet(objectives, result)
}
