import { type PreviewedTask, previewRun, type RunPreview } from '#electron/engine/run-preview.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import { answering } from '#shared/analysis/outcomes.ts'
import { type Simulation, simulate } from '#shared/analysis/simulation.ts'
import { modelFromDurations } from '#shared/analysis/simulation-model.ts'
import { timeoutsOf } from '#shared/analysis/timeouts.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import type { PlannedTask, RunPlan } from '#shared/contract/run-plan.ts'
import type { InstanceState, RunHeader } from '#shared/journal/event.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { compilePlan, type Plan } from '#shared/scheduler/plan.ts'
import type { HostPorts } from './ports.ts'
import { preparePipeline } from './run-check.ts'
import { type Reused, reuseOf } from './run-reuse.ts'
import { headerOf } from './run-start.ts'
import type { WorkspaceSession } from './session.ts'

type StartInput = Parameters<ContractClient['runs']['start']>[0]

interface Planned {
  readonly header: RunHeader
  readonly pipeline: Pipeline
  readonly plan: Plan
  readonly reused: Reused
  readonly preview: RunPreview
  readonly simulation: Simulation
}

/**
 * What a run with this input would do. Runs nothing, writes nothing and asks for no trust. Throws what starting it would
 * throw before anything began.
 */
export async function planRun(session: WorkspaceSession, ports: HostPorts, input: StartInput): Promise<RunPlan> {
  const prepared = await preparePipeline(session, ports, input)
  const reused = await reuseOf(session, { ...prepared, file: input.path }, input)
  const header = await headerOf(session, ports, prepared, input, reused)
  const { pipeline } = prepared
  const plan = planOf(pipeline, header)
  const preview = previewRun({ header, pipeline, satisfied: reused.satisfied }, (task) => reused.taskIds.has(task))
  const model = {
    ...modelFromDurations(plan, (task) => header.basis[task] ?? 0),
    ...answering(plan, preview.outcomes, pipeline.tasks),
    found: (task: number, index: number) => (isGiven(reused, plan.ids[task]!, index) ? 0 : -1),
  }
  const simulation = simulate(plan, model, timeoutsOf(pipeline))
  const planned = { header, pipeline, plan, reused, preview, simulation }
  return {
    pipeline: header.pipeline,
    name: header.name,
    file: header.file,
    params: header.params,
    logicalDate: header.logicalDate,
    dataInterval: header.dataInterval,
    slots: header.slots,
    pools: header.pools,
    parent: header.parent,
    makespan: simulation.makespan,
    tasks: inOrderOfStarts(planned).map((task) => plannedTask(planned, task)),
  }
}

function planOf(pipeline: Pipeline, { slots, pools, basis, selection, failFast }: RunHeader): Plan {
  const plan = compilePlan(pipeline, {
    slots,
    pools: new Map(Object.entries(pools)),
    basis: (task) => basis[task] ?? 0,
    ...(selection === null ? {} : { selection }),
    ...(failFast === undefined ? {} : { failFast }),
  })
  if (plan.ok) return plan.value
  const [problem] = plan.problems
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: problem?.message ?? 'The pipeline cannot be planned.',
    problems: [...plan.problems],
  })
}

/** By its own id: all of its instances. `index` -1: of a task that is not mapped. */
function isGiven({ satisfied }: Reused, task: string, index: number): boolean {
  return satisfied.has(task) || (index >= 0 && satisfied.has(`${task}[${index}]`))
}

function inOrderOfStarts({ pipeline, plan, reused, simulation }: Planned): readonly Task[] {
  const place = new Map<string, number>()
  simulation.starts.forEach(({ task }, at) => {
    const id = plan.ids[task]!
    if (!place.has(id)) place.set(id, at)
  })
  const placeOf = ({ id }: Task) => place.get(id) ?? Number.MAX_SAFE_INTEGER
  return pipeline.tasks.filter(({ id }) => reused.taskIds.has(id)).toSorted((a, b) => placeOf(a) - placeOf(b))
}

function plannedTask(planned: Planned, task: Task): PlannedTask {
  const { header, pipeline, plan, reused, preview, simulation } = planned
  const { code, problem, items } = preview.tasks.get(task.id)!
  const number = plan.numberOf.get(task.id)!
  const first = simulation.starts.find((start) => start.task === number)
  return {
    task: task.id,
    kind: task.kind,
    ...fateOf(planned, task),
    cache: task.cache && header.reuse?.cache === true,
    start: first?.time ?? null,
    expected: header.basis[task.id] ?? 0,
    instances: items?.length ?? null,
    mapped: task.forEach !== null,
    waitsFor: task.needs
      .filter((need) => reused.taskIds.has(need.task))
      .map((need) => ({ task: need.task, when: openCondition(preview, task.id, 'edge', need.when, need.task) })),
    triggerRule: task.triggerRule,
    when: openCondition(preview, task.id, 'when', task.when, null),
    pool: task.pool,
    retries: task.retries.limit,
    timeout: task.timeout,
    code: task.kind === 'noop' ? null : codeToShow(code),
    problem,
    environment: [...new Set([...pipeline.env.keys(), ...task.env.keys()])],
    secrets: task.secrets,
  }
}

function codeToShow({ language, code, env }: PreviewedTask['code']): PlannedTask['code'] {
  return { language, code, env: { ...env } }
}

/** How a task ends that does not run. */
const WITHOUT_RUNNING: ReadonlySet<InstanceState | undefined> = new Set([
  'skipped',
  'upstream_failed',
  'failed',
  'cancelled',
])

function fateOf(planned: Planned, task: Task): Pick<PlannedTask, 'does' | 'why'> {
  const { plan, reused, simulation } = planned
  const given = reused.satisfied.get(task.id) ?? reused.satisfied.get(`${task.id}[0]`)
  const number = plan.numberOf.get(task.id)!
  const starts = simulation.starts.some((start) => start.task === number)
  if (given !== undefined && !starts) return { does: given.origin === 'pinned' ? 'pin' : 'reuse', why: null }
  const state = endOf(planned, task.id)
  const cutOff = starts && (state === 'cancelled' || timesOut(planned, task))
  const runs = cutOff || !WITHOUT_RUNNING.has(state)
  return runs ? { does: 'run', why: null } : { does: 'skip', why: whySkipped(planned, task) }
}

/** As the simulation has it, of the task as a whole. */
function endOf({ plan, simulation }: Planned, task: string): InstanceState | undefined {
  const number = plan.numberOf.get(task)
  return simulation.instances.find((instance) => instance.task === number)?.state
}

function whySkipped(planned: Planned, task: Task): string {
  const { pipeline, preview } = planned
  if (endOf(planned, task.id) === 'cancelled') return whyCancelled(planned)
  const own = answerTo(preview, task.id, 'when', null)
  if (own === null) return `\`${bare(task.when ?? '')}\` cannot be evaluated`
  if (own === false) return `\`${bare(task.when ?? '')}\` is false`
  if (answerTo(preview, task.id, 'branch', null) === null) return `\`${bare(task.branch ?? '')}\` cannot be evaluated`
  if (preview.tasks.get(task.id)?.items?.length === 0) return 'it has nothing to repeat over'
  if (pipeline.onFailure.includes(task.id)) return 'it runs only when the run fails'
  const off = task.needs.find((need) => answerTo(preview, task.id, 'edge', need.task) === false)
  if (off !== undefined) return `\`${bare(off.when ?? '')}\` is false, so \`${off.task}\` counts as skipped`
  const parted = task.needs.find((need) => {
    const ways = answerTo(preview, need.task, 'branch', null)
    return Array.isArray(ways) && !ways.includes(task.id)
  })
  if (parted !== undefined) return `\`${parted.task}\` chooses another branch`
  const skipped = task.needs.find((need) => endOf(planned, need.task) === 'skipped')
  if (skipped !== undefined) return `upstream \`${skipped.task}\` is skipped`
  const failed = task.needs.find((need) => ['failed', 'upstream_failed'].includes(endOf(planned, need.task) ?? ''))
  if (failed !== undefined) return `upstream \`${failed.task}\` ${failureText(planned, failed.task)}`
  return `its rule is ${task.triggerRule}, and its upstreams would not meet it`
}

function whyCancelled({ pipeline, simulation }: Planned): string {
  return pipeline.timeout !== null && simulation.makespan >= pipeline.timeout
    ? `the run is expected to reach its ${timeoutText(pipeline)} first`
    : 'the run is expected to fail first'
}

function failureText(planned: Planned, id: string): string {
  const task = planned.pipeline.tasks[planned.plan.numberOf.get(id)!]!
  return timesOut(planned, task) ? `is expected to run into its ${timeoutText(task)}` : 'would fail'
}

function timesOut({ header }: Planned, { id, timeout }: Task): boolean {
  return timeout !== null && (header.basis[id] ?? 0) > timeout
}

function timeoutText({ timeout }: Pick<Task, 'timeout'>): string {
  return `timeout of ${durationText(timeout ?? 0)}`
}

function answerTo(
  { outcomes }: RunPreview,
  task: string,
  question: 'when' | 'edge' | 'branch',
  upstream: string | null,
) {
  return outcomes.answers.find(
    (answer) => answer.task === task && answer.question === question && answer.upstream === upstream,
  )?.value
}

/** The condition as it is written; null: there is none, or it is known already. */
function openCondition(
  preview: RunPreview,
  task: string,
  question: 'when' | 'edge',
  text: string | null,
  upstream: string | null,
): string | null {
  if (text === null || answerTo(preview, task, question, upstream) !== undefined) return null
  return bare(text)
}

/** The expression without its `${{ }}`. */
function bare(text: string): string {
  return text.trim().replace(/^\$\{\{\s*([\s\S]*?)\s*\}\}$/, '$1')
}
