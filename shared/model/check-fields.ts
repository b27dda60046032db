import { isTimezone, parseCron } from '../expression/cron.ts'
import { modelOf } from './kinds/registry.ts'
import { MOST_COMBINATIONS, writtenCombinations } from './matrix.ts'
import { typeMismatch } from './parameter-type.ts'
import type { Json, Parameter, Pipeline, Task } from './pipeline.ts'
import { recordOf } from './reading.ts'
import type { Report, ReportEntry } from './report.ts'
import type { Path } from './source.ts'
import { didYouMean } from './suggestion.ts'
import { codeFieldOf } from './task-schema.ts'

/** What `dagwright.yaml` declares for all its pipelines. */
export interface WorkspaceDeclarations {
  /** Without it a pool that the file does not declare is only an info. */
  readonly sharedPools?: ReadonlyMap<string, number>
  /** Names with their types. Without it any name may stand. */
  readonly connections?: ReadonlyMap<string, string>
}

/**
 * What single fields say that cannot be meant, though each has the right type.
 * @param written the fields of each task as the file gives them, without the defaults
 */
export function checkFields(
  pipeline: Pipeline,
  written: Readonly<Record<string, Json>>,
  { sharedPools, connections }: WorkspaceDeclarations,
  report: Report,
): void {
  checkPoolNames(pipeline, sharedPools, report)
  for (const [name, parameter] of pipeline.params) checkParameter(name, parameter, report)
  for (const task of pipeline.tasks) {
    checkPoolOf(task, pipeline, sharedPools, report)
    checkTask(task, recordOf(written[task.id]), report)
    if (connections !== undefined) checkConnection(task, connections, report)
  }
  if (pipeline.timeout === 0) report.add(noTime('the run', ['timeout']))
  checkPlaces(pipeline, report)
  if (pipeline.schedule) {
    checkCron(pipeline.schedule.cron, report)
    checkTimezone(pipeline.schedule.timezone, ['schedule', 'timezone'], report)
  }
  if (pipeline.slo?.finishBy) checkTimezone(pipeline.slo.finishBy.timezone, ['slo', 'finishBy', 'timezone'], report)
}

function checkConnection(task: Task, connections: ReadonlyMap<string, string>, report: Report): void {
  if ((task.kind !== 'sql' && task.kind !== 'check') || task.connection === null) return
  const type = connections.get(task.connection)
  if (type !== undefined && type !== 'http') return
  const databases = [...connections].flatMap(([name, other]) => (other === 'http' ? [] : [name]))
  report.add({
    code: 'UNKNOWN_CONNECTION',
    severity: 'error',
    message:
      type === undefined
        ? `${task.id} uses the connection \`${task.connection}\`, which dagwright.yaml does not declare.`
        : `${task.id} uses the connection \`${task.connection}\`, which is no database.`,
    hint: didYouMean(task.connection, databases, 'Declare it under `connections` in dagwright.yaml.'),
    path: ['tasks', task.id, 'connection'],
  })
}

function checkPoolNames(pipeline: Pipeline, shared: ReadonlyMap<string, number> | undefined, report: Report): void {
  for (const name of pipeline.pools.keys()) {
    if (!shared?.has(name)) continue
    report.add({
      code: 'POOL_TWICE',
      severity: 'error',
      message: `The pool ${name} is declared here and in dagwright.yaml.`,
      hint: 'Remove it here to share it with other pipelines, or give it another name.',
      path: ['pools', name],
      atKey: true,
    })
  }
}

function checkPoolOf(
  task: Task,
  pipeline: Pipeline,
  shared: ReadonlyMap<string, number> | undefined,
  report: Report,
): void {
  if (!task.pool) return
  const path = ['tasks', task.id, 'pool']
  const size = pipeline.pools.get(task.pool.name) ?? shared?.get(task.pool.name)
  if (size === undefined) {
    const names = [...pipeline.pools.keys(), ...(shared?.keys() ?? [])]
    report.add({
      code: 'UNKNOWN_POOL',
      severity: shared ? 'error' : 'info',
      message: shared
        ? `${task.id} uses the pool \`${task.pool.name}\`, which is declared neither here nor in dagwright.yaml.`
        : `${task.id} uses the pool \`${task.pool.name}\`, which dagwright.yaml must declare.`,
      hint: didYouMean(task.pool.name, names, `Add it to \`pools\`, such as { ${task.pool.name}: 2 }.`),
      path,
    })
  } else if (task.pool.slots > size) {
    report.add({
      code: 'POOL_TOO_SMALL',
      severity: 'error',
      message: `${task.id} takes ${task.pool.slots} slots of the pool ${task.pool.name}, which has ${size}, so it could never start.`,
      hint: 'Take fewer slots, or enlarge the pool.',
      path,
    })
  }
}

function checkTask(task: Task, own: Readonly<Record<string, Json>>, report: Report): void {
  const path = ['tasks', task.id]
  const field = codeFieldOf(task.kind)
  const code = (task as unknown as Readonly<Record<string, unknown>>)[field ?? '']
  if (field !== undefined && typeof code === 'string' && code.trim() === '') {
    report.add({
      code: 'NOTHING_TO_RUN',
      severity: task.kind === 'http' ? 'error' : 'warning',
      message: `${task.id} has nothing to run: \`${field}\` is empty.`,
      hint: `Fill in \`${field}\`, or make the task a noop.`,
      path: [...path, field],
    })
  }
  for (const { field, ...fault } of modelOf(task.kind).faults?.(task) ?? []) {
    report.add({ ...fault, severity: 'error', path: [...path, field] })
  }
  if (task.estimate && !(task.estimate.min <= task.estimate.likely && task.estimate.likely <= task.estimate.max)) {
    report.add({
      code: 'BAD_ESTIMATE',
      severity: 'error',
      message: `The estimate of ${task.id} is out of order.`,
      hint: '`min` must not exceed `likely`, nor `likely` exceed `max`.',
      path: [...path, 'estimate'],
    })
  }
  if (task.timeout === 0) report.add(noTime(`every attempt of ${task.id}`, [...path, 'timeout']))
  checkCombinations(task, report)
  if (task.forEach !== null) return
  for (const name of ['maxParallel', 'failFast'] as const) {
    // In the defaults they are meant for the tasks that are mapped.
    if (!task[name] || !Object.hasOwn(own, name)) continue
    report.add({
      code: 'NO_EFFECT',
      severity: 'info',
      message: `\`${name}\` has no effect on ${task.id}: it has no \`forEach\`.`,
      hint: `Remove \`${name}\`, or map the task with \`forEach\`.`,
      path: [...path, name],
    })
  }
}

/** What no run could repeat over. */
function checkCombinations({ id, forEach }: Task, report: Report): void {
  const count = forEach?.type === 'matrix' ? writtenCombinations(forEach) : null
  if (count === null || count <= MOST_COMBINATIONS) return
  report.add({
    code: 'TOO_MANY_COMBINATIONS',
    severity: 'error',
    message: `The matrix of ${id} has ${count.toLocaleString('en')} combinations; a task repeats over ${MOST_COMBINATIONS.toLocaleString('en')} at most.`,
    hint: 'Shorten its lists, or take one out and go through it within the task.',
    path: ['tasks', id, 'forEach'],
  })
}

function noTime(what: string, path: Path): ReportEntry {
  return {
    code: 'NO_TIME',
    severity: 'error',
    message: `A timeout of 0 s stops ${what} at once.`,
    hint: 'Remove `timeout` for no limit, or give it more.',
    path,
  }
}

function checkParameter(name: string, parameter: Parameter, report: Report): void {
  const { minimum, maximum } = parameter
  if (minimum !== null && maximum !== null && minimum > maximum) {
    report.add({
      code: 'BAD_RANGE',
      severity: 'error',
      message: `No value fits the parameter ${name}: it must be at least ${minimum} and at most ${maximum}.`,
      hint: 'Correct one of them.',
      path: ['params', name, 'minimum'],
    })
    return
  }
  if (parameter.default === undefined) return
  const mismatch = typeMismatch(parameter, parameter.default)
  if (mismatch === null) return
  report.add({
    code: 'BAD_DEFAULT',
    severity: 'error',
    message: `The default of the parameter ${name} ${mismatch}.`,
    hint: 'Correct the default, or the rule it breaks.',
    path: ['params', name, 'default'],
  })
}

function checkPlaces(pipeline: Pipeline, report: Report): void {
  const ids = new Set(pipeline.tasks.map((task) => task.id))
  for (const id of pipeline.canvas.keys()) {
    if (ids.has(id)) continue
    report.add({
      code: 'PLACE_OF_NOTHING',
      severity: 'warning',
      message: `\`canvas\` has a place for \`${id}\`, but there is no task with this id.`,
      hint: didYouMean(id, ids, 'Remove the line.'),
      path: ['canvas', id],
      atKey: true,
    })
  }
  const seen = new Set<string>()
  pipeline.notes.forEach((note, index) => {
    if (seen.has(note.id)) {
      report.add({
        code: 'SAME_ID',
        severity: 'error',
        message: `Two notes have the id \`${note.id}\`.`,
        hint: 'Give one of them another id.',
        path: ['notes', index, 'id'],
      })
    }
    seen.add(note.id)
  })
}

function checkCron(cron: string, report: Report): void {
  const parsed = parseCron(cron)
  if (parsed.ok) return
  for (const problem of parsed.problems) {
    report.add({
      code: problem.code,
      severity: 'error',
      message: problem.message,
      hint: problem.hint ?? 'Write five fields: minute, hour, day of month, month, day of week.',
      path: ['schedule', 'cron'],
    })
  }
}

function checkTimezone(timezone: string, path: readonly string[], report: Report): void {
  if (isTimezone(timezone)) return
  report.add({
    code: 'UNKNOWN_TIMEZONE',
    severity: 'error',
    message: `\`${timezone}\` is not a time zone.`,
    hint: 'Write an IANA name such as Europe/Berlin, or UTC.',
    path,
  })
}
