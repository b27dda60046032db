import { availableParallelism } from 'node:os'
import type { RunRequest } from '#electron/engine/ports.ts'
import type { RunFolder } from '#electron/store/store.ts'
import { inTurns } from '#electron/turns/turns.ts'
import { expectedDurations } from '#shared/analysis/basis.ts'
import { earlierIds } from '#shared/analysis/history.ts'
import { pastDurations } from '#shared/analysis/past-durations.ts'
import type { RunFacts } from '#shared/analysis/run-facts.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import type { RunHeader } from '#shared/journal/event.ts'
import type { Pipeline, Task, WorkspaceConfig } from '#shared/model/pipeline.ts'
import type { Steps } from '#shared/model/steps.ts'
import type { Micros } from '#shared/model/time.ts'
import type { Caller } from './caller.ts'
import { machineOf } from './machine.ts'
import type { HostPorts } from './ports.ts'
import { type PreparedPipeline, preparePipeline } from './run-check.ts'
import { type Reused, reuseOf } from './run-reuse.ts'
import type { WorkspaceSession } from './session.ts'
import { requireTrust } from './trust-check.ts'

type StartInput = Parameters<ContractClient['runs']['start']>[0]

/** How many runs the expected durations look back on. */
const BASIS_RUNS = 20

/**
 * Starts a run, here or in the process that owns the workspace. Returns once its first event is on disk. Throws, with
 * nothing started: INVALID_PIPELINE, INVALID_CONFIG, INVALID_PARAMETERS, NOT_TRUSTED, OUTPUTS_MISSING, WORKSPACE_BUSY,
 * and whatever the disk says.
 */
export async function startRun(
  session: WorkspaceSession,
  ports: HostPorts,
  input: StartInput,
  caller: Caller,
): Promise<{ run: string }> {
  const prepared = await preparePipeline(session, ports, input)
  await requireTrust(session, ports, caller, prepared.pipeline)
  const here = () => startHere(session, ports, prepared, input)
  return session.owner.through(caller, (owner) => owner.runs.start(input), here)
}

async function startHere(
  session: WorkspaceSession,
  ports: HostPorts,
  prepared: PreparedPipeline,
  input: StartInput,
): Promise<{ run: string }> {
  const reused = await reuseOf(session, { ...prepared, file: input.path }, input)
  const header = await headerOf(session, ports, prepared, input, reused)
  const given = [...reused.satisfied].map(([label, success]) => ({ label, ...success }))
  const storage = await session.store.runs.create(header, prepared.text, given)
  const launched = { header, prepared, storage, satisfied: reused.satisfied, past: [] }
  await session.opening(header.run, () => launch(session, ports, launched))
  return { run: header.run }
}

export interface Launch {
  readonly header: RunHeader
  readonly prepared: Pick<PreparedPipeline, 'pipeline' | 'config'>
  readonly storage: RunFolder
  readonly satisfied: RunRequest['satisfied']
  readonly past: RunRequest['past']
  /** What opens an ended run again. */
  readonly marks?: RunRequest['marks']
}

/**
 * Hands a run to the engine and looks after it until it has ended. Resolves once its first new event is durable. Closes
 * the storage, also where it rejects.
 */
export async function launch(session: WorkspaceSession, ports: HostPorts, launched: Launch): Promise<void> {
  const { header, storage, past } = launched
  const { pipeline, config } = launched.prepared
  const { run } = header
  const begun = Promise.withResolvers<void>()
  const taskIds = pipeline.tasks.map((task) => task.id).filter((id) => Object.hasOwn(header.basis, id))
  const start = async () => {
    await session.openFeed(header, taskIds, storage.directory, past)
    return session.engine.start({
      header,
      pipeline,
      storage,
      workspaceRoot: session.store.root,
      file: await session.store.resolve(header.file),
      config,
      secret: (name) => ports.secret(name),
      satisfied: launched.satisfied,
      contentOf: (path) => session.store.hashes.of(path),
      cache: header.reuse?.cache ? resultsOf(session, header.pipeline) : null,
      past,
      marks: launched.marks ?? [],
      onEvents: (events) => {
        session.publish(run, events)
        begun.resolve()
      },
    })
  }
  const handle = await start().catch(async (error: unknown) => {
    await storage.close().catch(() => undefined)
    session.closeFeed(run, { code: 'INTERNAL', message: 'The engine could not begin the run.', where: run })
    throw error
  })
  const ended = handle.done.then(async (outcome) => {
    await storage.close().catch(() => undefined)
    session.closeFeed(run, outcome.state === 'interrupted' ? outcome.error : null)
    if (outcome.state === 'interrupted') begun.reject(new AppError(outcome.error))
    await session.store.hashes.save()
    await retain(session, config)
  })
  session.track(ended)
  await begun.promise
}

function resultsOf({ store }: WorkspaceSession, pipeline: string): RunRequest['cache'] {
  return {
    find: (key) => store.results.find(pipeline, key),
    keep: (key, result) => store.results.keep(pipeline, key, result),
  }
}

/** Makes room after a run, where nothing waits for it. What can't be removed now is tried again after the next run. */
async function retain(session: WorkspaceSession, config: WorkspaceConfig): Promise<void> {
  const removed = await session.store.runs.retain(config.retention, session.live).catch(() => [])
  for (const run of removed) session.changes.publish({ type: 'runDeleted', run })
}

/** The header of a run that would begin now. Writes nothing. */
export async function headerOf(
  session: WorkspaceSession,
  ports: HostPorts,
  prepared: PreparedPipeline,
  input: StartInput,
  reused: Reused,
): Promise<RunHeader> {
  const { pipeline, config } = prepared
  const now = ports.now()
  return {
    type: 'run',
    format: 1,
    run: session.store.runs.newId(now),
    pipeline: pipeline.id,
    name: pipeline.name,
    file: input.path,
    specHash: prepared.version,
    params: prepared.params,
    logicalDate: prepared.logicalDate,
    dataInterval: prepared.dataInterval,
    wall: now.toISOString(),
    machine: machineOf(),
    dagwright: ports.info.version,
    slots: input.slots ?? pipeline.concurrency ?? availableParallelism(),
    pools: Object.fromEntries([...config.pools, ...pipeline.pools]),
    basis: await basisFor(session, pipeline, reused.taskIds),
    selection: reused.selection,
    parent: input.rerunFailedOf ?? null,
    ...(input.failFast === undefined ? {} : { failFast: input.failFast }),
    trigger: input.trigger ?? 'app',
    reuse: { pins: input.pins ?? false, cache: input.cache ?? true },
  }
}

/** Expected durations of the tasks that take part, frozen with the run: the order of starts follows from them. */
async function basisFor(
  session: WorkspaceSession,
  { id, tasks }: Pipeline,
  taskIds: ReadonlySet<string>,
): Promise<RunHeader['basis']> {
  const records = await session.store.records(id, BASIS_RUNS)
  const runs = records.map(({ facts }) => facts)
  return inTurns(basisSteps(tasks, runs, taskIds))
}

/** About a millisecond's. */
const TASKS_A_STEP = 500

function* basisSteps(
  tasks: readonly Task[],
  runs: readonly RunFacts[],
  taskIds: ReadonlySet<string>,
): Steps<RunHeader['basis']> {
  const durations = yield* pastDurations(runs, earlierIds(tasks))
  const basis: Record<string, Micros> = Object.create(null)
  for (let first = 0; first < tasks.length; first += TASKS_A_STEP) {
    yield
    const expected = expectedDurations(tasks.slice(first, first + TASKS_A_STEP), durations)
    for (const [task, { value }] of expected) if (taskIds.has(task)) basis[task] = value
  }
  return basis
}
