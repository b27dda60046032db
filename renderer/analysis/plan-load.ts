import { type PlanSourceOptions, planSource, type SourceWithNotes } from '#shared/analysis/plan-source.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { api } from '../state/client.ts'
import { useRuns } from '../state/runs.ts'
import { useWorkspace, workspaceRoot } from '../state/workspace.ts'

/** How many past runs durations, failures and outcomes are taken from; as in the command line. */
export const SIMULATED_RUNS = 20

/** The next run of a pipeline as its past runs foretell it, at its own slots and pools. Rejects as the calls do. */
export async function loadPlan(
  pipeline: Pipeline,
  signal: AbortSignal,
  options: Partial<PlanSourceOptions> = {},
): Promise<SourceWithNotes> {
  const workspace = workspaceRoot()
  const { app, info } = useWorkspace.getState()
  const ended = useRuns
    .getState()
    .summaries.filter((run) => run.pipeline === pipeline.id && !run.live && !run.damaged)
    .slice(0, SIMULATED_RUNS)
  const past = await Promise.all(
    ended.map(async ({ run, state, partial }) => {
      const { events } = await api().runs.get({ workspace, run }, { signal })
      return { state, partial, events }
    }),
  )
  return planSource(pipeline, past, {
    slots: pipeline.concurrency ?? app?.cpus ?? 1,
    pools: new Map([...Object.entries(info?.pools ?? {}), ...pipeline.pools]),
    ...options,
  })
}
