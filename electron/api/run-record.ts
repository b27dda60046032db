import { codeAsRan } from '#electron/engine/code-as-ran.ts'
import { ExpressionError } from '#electron/engine/expressions.ts'
import { inTurns } from '#electron/turns/turns.ts'
import { runChanges } from '#shared/analysis/run-changes.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { foldSteps } from '#shared/journal/fold.ts'
import { checkedConfig } from './run-check.ts'
import type { WorkspaceSession } from './session.ts'

type Changes = Awaited<ReturnType<ContractClient['runs']['changes']>>
type Code = Awaited<ReturnType<ContractClient['runs']['code']>>

/** What a run keeps of itself, compared with the last whole success of its pipeline before it. */
export async function changesOf(session: WorkspaceSession, run: string): Promise<Changes> {
  const after = await recorded(session, run)
  const { header } = after.view
  const earlier = await session.store.runs.list({ pipeline: header.pipeline, live: session.live })
  const since = earlier.find(
    (summary) => isWholeSuccess(summary) && summary.startedAt < header.wall && summary.run !== run,
  )
  if (since === undefined) return { since: null, changes: null }
  return { since, changes: await inTurns(runChanges(await recorded(session, since.run), after)) }
}

function isWholeSuccess({ state, partial, parent }: RunSummary): boolean {
  return state === 'success' && !partial && parent === null
}

async function recorded(session: WorkspaceSession, run: string) {
  const [{ events }, { spec }] = await Promise.all([session.store.runs.read(run), session.store.runs.frozen(run)])
  const { pipeline } = await session.parse(spec, new Map())
  return { pipeline, view: (await inTurns(foldSteps(events)))! }
}

/** The code of an instance with the values it had. Throws NOT_FOUND, or INVALID_PIPELINE where the spec cannot be read. */
export async function codeOf(
  session: WorkspaceSession,
  run: string,
  task: string,
  index: number | null,
): Promise<Code> {
  const [{ events }, { header, spec }] = await Promise.all([
    session.store.runs.read(run),
    session.store.runs.frozen(run),
  ])
  const { pools } = await checkedConfig(session)
  const { pipeline } = await session.parse(spec, pools)
  const given = await session.store.runs.given(run)
  const satisfied = new Map(given.map(({ label, ...success }) => [label, success]))
  const label = instanceLabel(task, index)
  try {
    const code = pipeline === null ? null : codeAsRan({ header, pipeline, events, satisfied }, task, index)
    if (code?.ok && code.value !== null) return { ...code.value, env: { ...code.value.env } }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The code of ${label} has no values yet: ${error.message}`,
      where: label,
    })
  }
  throw new AppError({
    code: 'NOT_FOUND',
    message: `The pipeline of the run ${run} has no task ${task}.`,
    where: label,
    next: 'Choose one of the tasks of that run.',
  })
}
