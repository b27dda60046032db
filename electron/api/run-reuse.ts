import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { SatisfiedTasks } from '#electron/engine/ports.ts'
import { placeOf } from '#electron/engine/run-notes.ts'
import { inTurns } from '#electron/turns/turns.ts'
import type { Pin } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { type InputFile, instanceLabel, type Selection, type SuccessSource } from '#shared/journal/event.ts'
import { foldSteps } from '#shared/journal/fold.ts'
import type { RunView, TaskView } from '#shared/journal/run-view.ts'
import type { Json, Pipeline, Task } from '#shared/model/pipeline.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'
import type { PreparedPipeline } from './run-check.ts'
import type { WorkspaceSession } from './session.ts'

interface Choice {
  readonly selection?: Selection | undefined
  readonly rerunFailedOf?: string | undefined
  readonly pins?: boolean | undefined
}
/** The part of what is known about a run that decides what need not run. */
type Facts = Pick<PreparedPipeline, 'pipeline' | 'config' | 'params'> & { readonly file: string }
type Satisfied = Map<
  string,
  { origin: 'reused' | 'pinned'; outputs: Readonly<Record<string, Json>>; source: SuccessSource }
>

export interface Reused {
  /** Tasks that take part. */
  readonly taskIds: ReadonlySet<string>
  readonly selection: Selection | null
  readonly satisfied: SatisfiedTasks
}

/** How many earlier runs are searched for the outputs of a task that does not take part. */
const SEARCHED_RUNS = 50

/**
 * What need not run (DESIGN 4.6): tasks with a pin, successes of the run whose failed tasks run again, and outputs of the
 * tasks that selected ones need but that are not selected. Throws RUN_NOT_FOUND, OUTPUTS_MISSING naming the tasks,
 * BAD_INPUT for a selection that names no task.
 */
export async function reuseOf(session: WorkspaceSession, prepared: Facts, input: Choice): Promise<Reused> {
  const { pipeline } = prepared
  const parent = input.rerunFailedOf === undefined ? null : await viewOf(session, input.rerunFailedOf)
  // The failed tasks of a part of the pipeline are run again as that part.
  const selection = hasChoice(input.selection) ? input.selection : (parent?.header.selection ?? null)
  const taskIds = participants(prepared, selection)
  const satisfied: Satisfied = new Map()
  const pins = input.pins ? pinsByTask(pipeline, await session.store.pins.list(pipeline.id)) : new Map<string, Pin>()
  if (parent !== null) {
    for (const task of await stillValid(session, prepared, parent)) {
      if (!pins.has(task)) addSuccesses(satisfied, task, parent, parent.tasks.get(task)!)
    }
  }
  for (const [task, pin] of pins) addPin(satisfied, task, pin)
  const wanted = new Map<string, Task>()
  const byId = new Map(pipeline.tasks.map((task) => [task.id, task]))
  for (const task of selection === null ? [] : pipeline.tasks) {
    if (!taskIds.has(task.id)) continue
    for (const { task: upstream } of task.needs) {
      if (!taskIds.has(upstream) && !pins.has(upstream)) wanted.set(upstream, byId.get(upstream)!)
    }
  }
  if (wanted.size > 0) await addEarlierOutputs(session, pipeline.id, wanted, satisfied)
  return { taskIds, selection, satisfied }
}

/** A renamed task keeps its pin. */
function pinsByTask(pipeline: Pipeline, pins: readonly Pin[]): Map<string, Pin> {
  const byName = new Map(pins.map((pin) => [pin.task, pin]))
  const found = new Map<string, Pin>()
  for (const { id, aliases } of pipeline.tasks) {
    const pin = [id, ...aliases].map((name) => byName.get(name)).find((one) => one !== undefined)
    if (pin !== undefined) found.set(id, pin)
  }
  return found
}

function addPin(satisfied: Satisfied, task: string, { outputs, instances, run }: Pin): void {
  const source = { run }
  if (instances === null) satisfied.set(task, { origin: 'pinned', outputs, source })
  else
    instances.forEach(
      (own, index) => void satisfied.set(instanceLabel(task, index), { origin: 'pinned', outputs: own, source }),
    )
}

function hasChoice(selection: Selection | undefined): selection is Selection {
  const { from = [], upTo = [], only = [] } = selection ?? {}
  return from.length + upTo.length + only.length > 0
}

function participants({ pipeline, config }: Facts, selection: Selection | null): ReadonlySet<string> {
  if (selection === null) return new Set(pipeline.tasks.map((task) => task.id))
  const plan = compilePlan(pipeline, {
    slots: 1,
    pools: new Map([...config.pools, ...pipeline.pools]),
    basis: () => 0,
    selection,
  })
  if (!plan.ok) {
    const [problem] = plan.problems
    throw new AppError({
      code: 'BAD_INPUT',
      message: problem?.message ?? 'The selection does not fit the pipeline.',
      ...(problem?.hint === undefined ? {} : { next: problem.hint }),
      problems: [...plan.problems],
    })
  }
  return new Set(plan.value.ids.filter((_, number) => plan.value.selected[number] === 1))
}

async function viewOf(session: WorkspaceSession, run: string): Promise<RunView> {
  const { events } = await session.store.runs.read(run)
  return (await inTurns(foldSteps(events)))!
}

/** Tasks whose success still holds: same code, parameters and inputs, and everything before them still holds too. */
async function stillValid(
  session: WorkspaceSession,
  { pipeline, config, params, file }: Facts,
  view: RunView,
): Promise<readonly string[]> {
  if (!agree(view.header.params, params)) return []
  const { spec } = await session.store.runs.frozen(view.header.run)
  const before = (await session.parse(spec, config.pools)).pipeline
  if (!before || !isDeepStrictEqual(before.env, pipeline.env)) return []
  const earlier = new Map(before.tasks.map((task) => [task.id, task]))
  const valid = new Set<string>()
  for (const task of inOrder(pipeline)) {
    const old = earlier.get(task.id)
    const same = old !== undefined && isDeepStrictEqual(workOf(old), workOf(task))
    if (!same || !isSuccess(view.tasks.get(task.id)) || !task.needs.every((need) => valid.has(need.task))) continue
    if (await readsTheSame(session, task, view, resolve(session.store.root, file, '..'))) valid.add(task.id)
  }
  return [...valid]
}

/** Unchanged code speaks only of parameters that both have. */
function agree(before: Readonly<Record<string, Json>>, now: Readonly<Record<string, Json>>): boolean {
  return Object.keys(now).every((name) => !Object.hasOwn(before, name) || isDeepStrictEqual(before[name], now[name]))
}

/** Whether every file the task read is what it was. What was not noted may have changed. `folder`: the pipeline's. */
async function readsTheSame(session: WorkspaceSession, task: Task, view: RunView, folder: string): Promise<boolean> {
  if (task.reads.length === 0) return true
  const noted = await notedInputs(session, task.id, view)
  if (noted === null || task.cwd?.includes('${{')) return false
  const cwd = resolve(folder, task.cwd ?? '')
  for (const { path, size, hash } of noted) {
    const place = placeOf(path, cwd)
    const now = place === null ? null : await session.store.hashes.of(place)
    const missing = size === null && now === null && place !== null
    if (!missing && (hash === null || now?.hash !== hash)) return false
  }
  return true
}

/** Of all its instances. A reused success was noted by the run it comes from. null: not noted. */
async function notedInputs(
  session: WorkspaceSession,
  task: string,
  run: RunView,
): Promise<readonly InputFile[] | null> {
  let view = run
  let instances = view.tasks.get(task)?.instances ?? []
  while (instances.some(({ origin }) => origin === 'reused') && view.header.parent !== null) {
    const parent = await viewOf(session, view.header.parent).catch(() => null)
    if (parent === null) return null
    view = parent
    instances = view.tasks.get(task)?.instances ?? []
  }
  return instances.some(({ inputs }) => inputs === null) ? null : instances.flatMap(({ inputs }) => inputs ?? [])
}

/** Upstreams first; the pipeline was checked, so there is no cycle. */
function inOrder(pipeline: Pipeline): Task[] {
  const byId = new Map(pipeline.tasks.map((task) => [task.id, task]))
  const ordered: Task[] = []
  const seen = new Set<string>()
  const stack = pipeline.tasks.toReversed()
  while (stack.length > 0) {
    const task = stack.at(-1)!
    const waiting = seen.has(task.id) ? [] : task.needs.filter((need) => !seen.has(need.task))
    if (waiting.length > 0) {
      for (const need of waiting) stack.push(byId.get(need.task)!)
      continue
    }
    stack.pop()
    if (!seen.has(task.id)) ordered.push(task)
    seen.add(task.id)
  }
  return ordered
}

/** What a task does, without what only describes or schedules it. */
function workOf(task: Task): unknown {
  const {
    name,
    docs,
    owner,
    tags,
    layer,
    estimate,
    slo,
    priority,
    pool,
    maxParallel,
    timeout,
    retries,
    aliases,
    ...work
  } = task
  return work
}

function isSuccess(task: TaskView | undefined): task is TaskView {
  return task !== undefined && task.state === 'success' && task.instances.every((one) => one.state === 'success')
}

/** As successes of task `id`. What was itself taken over names the run that executed it. */
function addSuccesses(satisfied: Satisfied, id: string, { header }: RunView, task: TaskView): void {
  for (const { index, outputs, source } of task.instances) {
    const run = source?.run ?? header.run
    satisfied.set(instanceLabel(id, index), { origin: 'reused', outputs: outputs ?? {}, source: { run } })
  }
}

async function addEarlierOutputs(
  session: WorkspaceSession,
  pipeline: string,
  wanted: Map<string, Task>,
  satisfied: Satisfied,
): Promise<void> {
  const summaries = await session.store.runs.list({ pipeline, limit: SEARCHED_RUNS, live: session.live })
  for (const { run } of summaries) {
    if (wanted.size === 0) return
    const view = await viewOf(session, run).catch(() => null)
    for (const [id, { aliases }] of [...wanted]) {
      // A renamed task keeps what it handed on.
      const task = [id, ...aliases].map((name) => view?.tasks.get(name)).find((one) => one !== undefined)
      if (view === null || !isSuccess(task)) continue
      addSuccesses(satisfied, id, view, task)
      wanted.delete(id)
    }
  }
  if (wanted.size === 0) return
  const missing = [...wanted.keys()]
  throw new AppError({
    code: 'OUTPUTS_MISSING',
    message: `${missing.join(', ')} would not run, and no earlier run has ${missing.length === 1 ? 'its' : 'their'} outputs.`,
    where: missing[0],
    next: 'Run the whole pipeline once, or include these tasks.',
    details: { tasks: missing },
  })
}
