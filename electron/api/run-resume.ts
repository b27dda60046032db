import type { RunRequest } from '#electron/engine/ports.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { endOf, type RunHeader } from '#shared/journal/event.ts'
import type { Caller } from './caller.ts'
import type { HostPorts } from './ports.ts'
import { checkedConfig, checkedPipeline, type PreparedPipeline } from './run-check.ts'
import { reuseOf } from './run-reuse.ts'
import { launch } from './run-start.ts'
import type { WorkspaceSession } from './session.ts'
import { requireTrust } from './trust-check.ts'

type ResumeInput = Parameters<ContractClient['runs']['resume']>[0]

/** Goes on with an interrupted run: same id, the spec and the parameters it began with. */
export async function resumeRun(
  session: WorkspaceSession,
  ports: HostPorts,
  input: ResumeInput,
  caller: Caller,
): Promise<{ run: string }> {
  const { run } = input
  if (session.feed(run)) throw alreadyLive(run)
  const { header, spec } = await session.store.runs.frozen(run)
  const config = await checkedConfig(session)
  const pipeline = await checkedPipeline(session, spec, header.file, config)
  await requireTrust(session, ports, caller, pipeline)
  const here = () => session.opening(run, () => resumeHere(session, ports, { header, pipeline, config }))
  return session.owner.through(caller, (owner) => owner.runs.resume(input), here)
}

async function resumeHere(session: WorkspaceSession, ports: HostPorts, earlier: EarlierRun): Promise<{ run: string }> {
  const { run } = earlier.header
  if (session.feed(run)) throw alreadyLive(run)
  await goOn(session, ports, earlier, [], (events) => {
    const end = endOf(events)
    if (end) throw hasEnded(run, end.state)
  })
  return { run }
}

/** A run with the spec and the configuration to go on with it. */
export interface EarlierRun extends Pick<PreparedPipeline, 'pipeline' | 'config'> {
  readonly header: RunHeader
}

/** Goes on with a run that no engine has. `check`: of its events; throws where it shall stay as it is. */
export async function goOn(
  session: WorkspaceSession,
  ports: HostPorts,
  { header, pipeline, config }: EarlierRun,
  marks: RunRequest['marks'],
  check: (events: RunRequest['past']) => void | Promise<void>,
): Promise<void> {
  // Opening cuts a torn last line off, so the events are read after it.
  const storage = await session.store.runs.open(header.run)
  try {
    const { events } = await session.store.runs.read(header.run)
    await check(events)
    const satisfied = await satisfiedOf(session, { pipeline, config, params: header.params }, header)
    await launch(session, ports, { header, prepared: { pipeline, config }, storage, satisfied, past: events, marks })
  } catch (error) {
    await storage.close().catch(() => undefined)
    throw error
  }
}

function alreadyLive(run: string): AppError {
  return new AppError({ code: 'RUN_ALREADY_LIVE', message: 'The run is running.', where: run })
}

function hasEnded(run: string, state: string): AppError {
  return new AppError({
    code: 'RUN_NOT_LIVE',
    message: `The run has ended (${state}); only an interrupted run can be resumed.`,
    where: run,
    next: state === 'success' ? 'Start a new run.' : 'Run its failed tasks again, or clear one of them.',
  })
}

/** What need not run is kept with the run; of an older run it is found again as at its start. */
async function satisfiedOf(
  session: WorkspaceSession,
  prepared: Pick<PreparedPipeline, 'pipeline' | 'config' | 'params'>,
  header: RunHeader,
): Promise<RunRequest['satisfied']> {
  const given = await session.store.runs.given(header.run)
  if (given.length > 0 || header.reuse !== undefined) {
    return new Map(given.map(({ label, ...success }) => [label, success]))
  }
  const selection = header.selection ?? undefined
  const parent =
    header.parent === null ? null : await session.store.runs.summary(header.parent, false).catch(() => null)
  const { satisfied } = await reuseOf(
    session,
    { ...prepared, file: header.file },
    { selection, rerunFailedOf: parent?.run },
  )
  return satisfied
}
