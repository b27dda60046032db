import { existsSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { monotonic } from '#electron/spawner/protocol.ts'
import { inTurns } from '#electron/turns/turns.ts'
import type { DataPreview } from '#shared/contract/data.ts'
import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import type { Steps } from '#shared/model/steps.ts'
import { type Micros, microsOf, SECOND } from '#shared/model/time.ts'
import { type Plan, planSteps } from '#shared/scheduler/plan.ts'
import type { EngineServices } from './attempt-context.ts'
import { SharedCapacity } from './capacity.ts'
import { allowedEnvironment } from './environment.ts'
import { type HostCommand, HostProcess } from './host-process.ts'
import type { Engine, PreviewRequest, RunHandle, RunRequest } from './ports.ts'
import { ProgramVersions } from './program-versions.ts'
import { resumePoint } from './resume.ts'
import { Run } from './run.ts'
import { SpawnerClient, type SpawnerProcess } from './spawner-client.ts'
import { SqlHosts } from './sql-hosts.ts'

const DEFAULT_GRACE_MILLISECONDS = 5000
/** What it handles is short-lived: a young generation of 48 MB would only lie about. Megabytes. */
const SPAWNER_FLAGS = ['--max-semi-space-size=2']
const HEARTBEAT_MILLISECONDS = 5000
/** A heartbeat this late, or an uptime this far ahead, is a sleep of the machine. */
const SLEEP_SECONDS = 10

export interface EngineOptions {
  /** Absolute paths of the entries of the engine's own processes: bundled `.mjs`, or `.ts` in the checkout. */
  readonly spawnerEntry: string
  readonly sqlEntry: string
  /** The Node (or Electron, with ELECTRON_RUN_AS_NODE in `hostEnvironment`) that runs them. */
  readonly execPath: string
  /** Environment of the engine's own processes. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>
  /** This machine's environment; tasks see an allowed part of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The workspace's `.dagwright`, or where a read-only workspace keeps its state. Absolute. */
  readonly stateFolder: string
  /** Between SIGTERM and SIGKILL. */
  readonly graceMilliseconds?: number
  /** See `startSpawner`. The engine ends it. */
  readonly spawner?: SpawnerProcess
}

/** Starts the spawner ahead of its engine, where it is known that tasks will run. */
export function startSpawner(
  options: Pick<EngineOptions, 'spawnerEntry' | 'execPath' | 'hostEnvironment'>,
): SpawnerProcess {
  return new HostProcess(spawnerCommand(options), [])
}

function spawnerCommand({ spawnerEntry, execPath, hostEnvironment }: Parameters<typeof startSpawner>[0]): HostCommand {
  return {
    execPath,
    entry: spawnerEntry,
    environment: hostEnvironment,
    flags: SPAWNER_FLAGS,
    ...(process.platform === 'linux' ? { line: 'words' as const } : {}),
  }
}

/**
 * The engine of one workspace. Kills at once what an earlier engine of this state folder left running. Its processes
 * start when they are first needed and end with `dispose`, or with this process.
 */
export function createEngine(options: EngineOptions): Engine {
  const record = join(options.stateFolder, 'processes.ndjson')
  const spawner = new SpawnerClient(spawnerCommand(options), record, options.spawner ?? null)
  const { execPath, sqlEntry, hostEnvironment } = options
  const sql = new SqlHosts({ execPath, entry: sqlEntry, environment: hostEnvironment })
  const machineEnvironment = allowedEnvironment(options.environment)
  const services: EngineServices = {
    stateFolder: options.stateFolder,
    graceMilliseconds: options.graceMilliseconds ?? DEFAULT_GRACE_MILLISECONDS,
    spawner,
    sql,
    machineEnvironment,
    versions: new ProgramVersions(machineEnvironment),
    ownNode: { path: options.execPath, environment: { ELECTRON_RUN_AS_NODE: '1' } },
  }
  const shared = new SharedCapacity()
  const live = new Map<string, Run>()
  const starting = new Set<Promise<unknown>>()
  const stopHeartbeat = watchForSleep((duration, counted) => {
    for (const run of live.values()) run.suspended(duration, counted)
  })

  async function begin(request: RunRequest): Promise<RunHandle> {
    spawner.warm()
    const plan = await inTurns(planOf(request))
    if ('code' in plan) return refused(request, plan)
    const past = await inTurns(resumePoint(plan, request.past, request.header))
    const run = new Run(request, plan, past, services, shared)
    await inTurns(run.open())
    live.set(run.run, run)
    void run.done.then(() => live.delete(run.run))
    return run
  }

  return {
    live,
    start(request) {
      const started = begin(request)
      starting.add(started)
      const over = () => starting.delete(started)
      started.then(over, over)
      return started
    },
    preview: (request) => preview(sql, request),
    async dispose() {
      stopHeartbeat()
      await Promise.allSettled(starting)
      const runs = [...live.values()]
      for (const run of runs) run.cancel(true)
      await Promise.all(runs.map((run) => run.done))
      await Promise.all([spawner.close(), sql.close()])
    },
  }
}

function* planOf(request: RunRequest): Steps<Plan | AppErrorData> {
  const { header, pipeline } = request
  const compiled = yield* planSteps(pipeline, {
    slots: header.slots,
    pools: new Map(Object.entries(header.pools)),
    basis: (id) => header.basis[id] ?? 0,
    ...(header.selection === null ? {} : { selection: header.selection }),
    ...(header.failFast === undefined ? {} : { failFast: header.failFast }),
  })
  if (compiled.ok) return compiled.value
  const [first] = compiled.problems
  return {
    code: 'INVALID_PIPELINE',
    message: `The pipeline ${pipeline.name} cannot run: ${first?.message ?? 'it is not valid'}.`,
    where: header.file,
    problems: [...compiled.problems],
  }
}

/** A run that could not begin. */
function refused(request: RunRequest, error: AppErrorData): RunHandle {
  const done = request.storage
    .close()
    .catch(() => undefined)
    .then(() => ({ state: 'interrupted' as const, error }))
  return { run: request.header.run, cancel: () => undefined, mark: () => false, done }
}

async function preview(sql: SqlHosts, { workspace, path, table, limit }: PreviewRequest): Promise<DataPreview> {
  if (!existsSync(path)) {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `There is no file ${path}.`,
      where: path,
      next: 'Run the task that writes it, then look again.',
    })
  }
  const isDatabase = /\.(duckdb|ddb|db)$/i.test(path)
  const answer = isDatabase
    ? await sql.preview(path, { path: null, workspace, table, limit })
    : await sql.preview(':memory:', { path, workspace, table, limit })
  if (answer.type === 'previewed' && answer.preview !== null) return answer.preview
  const why = answer.type === 'previewed' ? answer.problem : answer.type === 'lost' ? answer.complaint : null
  throw new AppError({
    code: 'BAD_INPUT',
    message: `${path} cannot be shown: ${why ?? 'the SQL host ended'}`,
    where: path,
  })
}

/**
 * Calls `onSleep` after the machine slept. `counted`: the monotonic clock went on meanwhile, as it does on macOS and
 * Windows; on Linux it stands still, and only the uptime tells. Returns how to stop watching.
 */
function watchForSleep(onSleep: (duration: Micros, counted: boolean) => void): () => void {
  let before = { clock: monotonic(), uptime: uptime() }
  const timer = setInterval(() => {
    const now = { clock: monotonic(), uptime: uptime() }
    const ran = (now.clock - before.clock) / SECOND
    const hidden = now.uptime - before.uptime - ran
    before = now
    if (hidden > SLEEP_SECONDS) onSleep(microsOf(hidden), false)
    else if (ran > HEARTBEAT_MILLISECONDS / 1000 + SLEEP_SECONDS) {
      onSleep(microsOf(ran - HEARTBEAT_MILLISECONDS / 1000), true)
    }
  }, HEARTBEAT_MILLISECONDS)
  timer.unref()
  return () => clearInterval(timer)
}
