import type { RunHandle } from '#electron/engine/ports.ts'
import { inTurns } from '#electron/turns/turns.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { instanceLabel, type JournalEvent, type Mark, type RunHeader } from '#shared/journal/event.ts'
import { foldSteps } from '#shared/journal/fold.ts'
import type { Caller } from './caller.ts'
import type { HostPorts } from './ports.ts'
import { checkedConfig, checkedPipeline } from './run-check.ts'
import { type EarlierRun, goOn } from './run-resume.ts'
import type { WorkspaceSession } from './session.ts'
import { requireTrust } from './trust-check.ts'

/**
 * A person's word on an instance: in a live run at once; one that has ended, or was interrupted, goes on with it under
 * its own id and frozen spec. Throws NOT_FOUND where the run has no such instance, BAD_INPUT where there is nothing to
 * mark, and what a resume throws.
 */
export async function markRun(
  session: WorkspaceSession,
  ports: HostPorts,
  run: string,
  mark: Mark,
  caller: Caller,
  there: (owner: ContractClient) => Promise<object>,
): Promise<void> {
  const { header, spec } = await session.store.runs.frozen(run)
  const config = await checkedConfig(session)
  const pipeline = await checkedPipeline(session, spec, header.file, config)
  await requireTrust(session, ports, caller, pipeline)
  const here = () => session.opening(run, () => markHere(session, ports, { header, pipeline, config }, mark))
  await session.owner.through<unknown>(caller, there, here)
}

async function markHere(session: WorkspaceSession, ports: HostPorts, earlier: EarlierRun, mark: Mark): Promise<void> {
  const { header } = earlier
  const handle = session.handle(header.run)
  if (handle !== undefined) {
    await refuseNothing(header, (await session.store.runs.read(header.run)).events, mark)
    if (handle.mark(mark)) return
    await overFor(session, handle)
  }
  await goOn(session, ports, earlier, [mark], (events) => refuseNothing(header, events, mark))
}

/** It is ending in this moment: it can be opened again once nothing of it is left. */
async function overFor(session: WorkspaceSession, handle: RunHandle): Promise<void> {
  await handle.done
  const feed = session.feed(handle.run)
  const signal = new AbortController().signal
  while (feed && session.feed(handle.run) === feed) await feed.wait(signal)
}

/** Throws where the mark would change nothing. */
async function refuseNothing(
  header: RunHeader,
  events: readonly JournalEvent[],
  { task, index, as }: Mark,
): Promise<void> {
  const view = await inTurns(foldSteps(events, Object.keys(header.basis)))
  const found = view?.tasks.get(task)
  const instance = index === null ? found : found?.instances.find((candidate) => candidate.index === index)
  const label = instanceLabel(task, index)
  if (instance === undefined) {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The run has no instance \`${label}\`.`,
      where: header.run,
      next: 'Look at its tasks: only those that took part can be marked.',
    })
  }
  if (view?.cancelling === true && view.endedAt === null) {
    throw new AppError({
      code: 'BAD_INPUT',
      message: 'The run is being cancelled.',
      where: header.run,
      next: 'Wait until it has ended, then mark or clear its tasks: the run then goes on.',
    })
  }
  if (instance.state !== as && !(as === 'cleared' && instance.state === 'pending')) return
  throw new AppError({
    code: 'BAD_INPUT',
    message: NOTHING_TO_DO[as](label),
    where: header.run,
  })
}

const NOTHING_TO_DO: Readonly<Record<Mark['as'], (label: string) => string>> = {
  success: (label) => `\`${label}\` is a success already.`,
  failed: (label) => `\`${label}\` has failed already.`,
  cleared: (label) => `\`${label}\` has not run yet: there is nothing to clear.`,
}
