import { inTurns, turns } from '#electron/turns/turns.ts'
import { compareRuns } from '#shared/analysis/compare-runs.ts'
import {
  entriesByTask,
  pipelineHistory,
  summaryOfTask,
  type TaskEntry,
  type TaskSummary,
  taskHistory,
} from '#shared/analysis/history.ts'
import { pastDurations, writeDurations } from '#shared/analysis/past-durations.ts'
import type { RunFacts } from '#shared/analysis/run-facts.ts'
import { sloReport } from '#shared/analysis/slo.ts'
import { packSteps } from '#shared/contract/columns.ts'
import type { QueryResult } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { foldSteps } from '#shared/journal/fold.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Implementer } from './implementer.ts'
import { layOutTables } from './journal-tables.ts'
import type { HostPorts } from './ports.ts'
import type { WorkspaceSession } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Runs that a query looks at unless told. */
const QUERIED_RUNS = 500

/** Where another process owns the workspace, it answers what depends on which runs are live. */
export function historyProcedures(api: Implementer, sessions: Sessions, ports: HostPorts) {
  const { history } = api
  return {
    get: history.get.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      const aliases = await session.pipelines.aliasesOf(input.pipeline)
      const records = await session.store.records(input.pipeline, input.limit)
      const runs = records.map(({ facts }) => facts)
      const durations = await inTurns(pastDurations(runs, aliases))
      const imported = await session.store.imported.get(input.pipeline)
      return { durations: await inTurns(writeDurations(durations)), imported }
    }),
    pipeline: history.pipeline.handler(async ({ input, context, signal }) => {
      const session = await sessions.get(input.workspace)
      return session.owner.read(
        context,
        (owner) => owner.history.pipeline(input),
        async () => {
          const runs = await factsOf(session, input.pipeline, input.limit)
          const aliases = await session.pipelines.aliasesOf(input.pipeline)
          const tasks = await summaries(runs, aliases, signal)
          // To pack thousands while they are sent would stop everybody else.
          await inTurns(packSteps(tasks))
          return { pipeline: pipelineHistory(runs), tasks }
        },
      )
    }),
    task: history.task.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      return session.owner.read(
        context,
        (owner) => owner.history.task(input),
        async () => {
          const runs = await factsOf(session, input.pipeline, input.limit)
          const aliases = await session.pipelines.aliasesOf(input.pipeline)
          return taskHistory(input.task, entriesByTask(runs, aliases).get(input.task) ?? [])
        },
      )
    }),
    slo: history.slo.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      return session.owner.read(
        context,
        (owner) => owner.history.slo(input),
        async () => {
          const pipeline = await soundPipeline(session, input.path)
          const slos = [pipeline.slo, ...pipeline.tasks.map((task) => task.slo)].filter((slo) => slo !== null)
          if (slos.length === 0) return null
          // Partial and cancelled runs are no part of a window, and there may be many of them between whole ones.
          const window = Math.max(...slos.map((slo) => slo.windowRuns))
          const runs = await factsOf(session, pipeline.id, window * 4 + 100)
          return sloReport(pipeline, runs, new Map(input.chances))
        },
      )
    }),
    compare: history.compare.handler(async ({ input }) => {
      const { store, pipelines } = await sessions.get(input.workspace)
      const [earlier, later] = await Promise.all([store.runs.read(input.earlier), store.runs.read(input.later)])
      const aliases = await pipelines.aliasesOf(later.header.pipeline)
      return compareRuns(
        { view: (await inTurns(foldSteps(earlier.events)))!, events: earlier.events },
        { view: (await inTurns(foldSteps(later.events)))!, events: later.events },
        aliases,
      )
    }),
    query: history.query.handler(async ({ input, context, signal }) => {
      const session = await sessions.get(input.workspace)
      return session.owner.read(
        context,
        (owner) => owner.history.query(input, signal === undefined ? {} : { signal }),
        async () => {
          return query(session, ports, input, signal)
        },
      )
    }),
    putImported: history.putImported.handler(async ({ input }) => {
      await (await sessions.get(input.workspace)).store.imported.put(input.imported)
      return {}
    }),
  }
}

/** Of runs that are over: a live one has no end yet, and its journal alone looks like a crash. */
async function factsOf(session: WorkspaceSession, pipeline: string, limit: number): Promise<readonly RunFacts[]> {
  const { live } = session
  return (await session.store.records(pipeline, limit)).flatMap(({ facts }) => (live.has(facts.run) ? [] : [facts]))
}

/** Change points of a thousand tasks take a second or so. Of no use once aborted. */
async function summaries(
  runs: readonly RunFacts[],
  aliases: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal | undefined,
): Promise<TaskSummary[]> {
  const rest = turns()
  const entries = new Map<string, TaskEntry[]>()
  for (const run of runs) {
    if (signal?.aborted) return []
    entriesByTask([run], aliases, entries)
    await rest()
  }
  const tasks: TaskSummary[] = []
  for (const [task, ofTask] of entries) {
    if (signal?.aborted) return []
    tasks.push(summaryOfTask(taskHistory(task, ofTask)))
    await rest()
  }
  return tasks
}

async function soundPipeline(session: WorkspaceSession, path: string): Promise<Pipeline> {
  const { text } = await session.store.documents.read(path)
  const { config } = await session.store.config()
  const { pipeline, problems } = await session.pipelines.parsed(text, config.pools)
  const errors = problems.filter((problem) => problem.severity === 'error')
  if (pipeline && errors.length === 0) return pipeline
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: 'The pipeline has errors, so its objectives cannot be judged.',
    where: path,
    next: 'Correct it: see `dagwright validate`.',
    problems: errors,
  })
}

interface Query {
  readonly sql: string
  readonly limit: number
  readonly runs?: number | undefined
}

async function query(
  session: WorkspaceSession,
  ports: HostPorts,
  { sql, limit, runs = QUERIED_RUNS }: Query,
  signal: AbortSignal | undefined,
): Promise<QueryResult> {
  const { live } = session
  const records = await session.store.records(null, runs)
  const known = records.map(({ summary, ...record }) => {
    const state = live.has(summary.run) ? 'running' : summary.state
    return { ...record, summary: { ...summary, state, endedAt: state === 'running' ? null : summary.endedAt } }
  })
  const tables = await layOutTables(known, sql)
  try {
    const { result, problem } = await ports.queryJournals({ setup: tables.setup, sql, limit }, signal)
    if (result) return result
    throw new AppError({
      code: 'BAD_INPUT',
      message: problem ?? 'The query has no answer.',
      next: 'Tables: runs, tasks, attempts, events. Their columns: `dagwright query --help`.',
    })
  } finally {
    await tables.remove()
  }
}
