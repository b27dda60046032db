import { z } from 'zod'
import { usable } from '../model/check-shape.ts'
import { parseDuration } from '../model/duration.ts'
import { durationField, idField, textField, wholeNumber } from '../model/field-schema.ts'
import { jsonSchemaOf } from '../model/json-schema.ts'
import type { Json } from '../model/pipeline.ts'
import type { Problem } from '../model/problem.ts'
import { durationOf, entriesOf, estimateOf, numberOf, recordOf, textOf, textsOf } from '../model/reading.ts'
import { createReport, type Report } from '../model/report.ts'
import { isRecord, readSource, type Source } from '../model/source.ts'
import type { Micros } from '../model/time.ts'
import { estimateMean } from './basis.ts'
import { durationText } from './duration-text.ts'
import type { Rush, RushPipeline, RushTask, WorkerStep } from './planner-input.ts'

/** A pipeline whose tasks stand in a file of their own: whoever reads the plan fills them in. */
export interface RushFile {
  /** Its place in `rush.pipelines`, which has no tasks yet. */
  readonly pipeline: number
  /** As written, relative to the plan. */
  readonly path: string
}

export interface ReadRush {
  /** null where an error leaves nothing to plan. */
  readonly rush: Rush | null
  readonly files: readonly RushFile[]
  /** What the author says about it; null: nothing. */
  readonly description: string | null
  readonly problems: readonly Problem[]
}

const TIME = 'must be a time of day such as "06:30", or a duration since the window begins, such as 30m'
const timeField = z.string({ error: TIME }).refine((text) => isTime(text), { error: TIME })
const estimateField = z.union(
  [
    durationField,
    z.strictObject({ min: durationField.optional(), likely: durationField, max: durationField.optional() }),
  ],
  { error: 'must be a duration such as 5m, or { min: 2m, likely: 5m, max: 12m }' },
)
const WORKERS = 'must be a whole number of workers, 0 or more'
const idsField = z.array(idField, { error: 'must be a list of ids, such as [a, b]' })
const SHARE = 'must be a share between 0 and 1, such as 0.8'
const shareField = z.number({ error: SHARE }).min(0.01, { error: SHARE }).max(1, { error: SHARE })
const PRICE = 'must be an amount of at least 0'

const pipelineSchema = z.strictObject({
  release: timeField.optional().meta({ description: "Not before this. Default: the window's start." }),
  deadline: timeField.optional().meta({ description: "To be done by this. Default: the plan's own deadline." }),
  needs: idsField.optional().meta({ description: 'Pipelines of this plan that must be done first.' }),
  duration: estimateField
    .optional()
    .meta({ description: 'How long it takes on one worker: 5m, or { min, likely, max }.' }),
  tasks: z
    .record(idField, z.strictObject({ duration: estimateField, needs: idsField.optional() }), {
      error: 'must be a map of tasks, such as { load: { duration: 5m } }',
    })
    .optional()
    .meta({ description: 'In place of one duration: what it is made of, each on a worker of its own.' }),
  file: textField.optional().meta({
    description: 'In place of a duration: a pipeline file, whose tasks take what they typically took.',
  }),
})

/** What a `*.plan.yaml` holds. */
const rushSchema = z.strictObject({
  dagwrightPlan: z
    .literal(1, { error: 'must be 1, the version of this format' })
    .meta({ description: 'Version of this format.' }),
  name: textField.optional(),
  description: textField.optional(),
  window: z
    .strictObject({ start: timeField.optional(), length: durationField })
    .meta({ description: 'When all of it happens: { start: "06:00", length: 1h }.' }),
  deadline: timeField.optional().meta({ description: 'Of every pipeline that does not say its own.' }),
  workers: z
    .union(
      [wholeNumber(0, WORKERS), z.array(z.strictObject({ at: timeField, workers: wholeNumber(0, WORKERS) })).min(1)],
      { error: 'must be a number of workers, or steps such as [{ at: 0m, workers: 14 }, { at: 25m, workers: 9 }]' },
    )
    .optional()
    .meta({ description: 'How it is done today, to be compared: a number, or steps over time.' }),
  most: wholeNumber(1, 'must be a whole number of workers, at least 1')
    .max(10_000)
    .optional()
    .meta({ description: 'The most workers there can be at once.' }),
  interval: durationField
    .optional()
    .meta({ description: 'How often workers can be added or given back. Default: 5m.' }),
  utilisation: z
    .strictObject({ low: shareField, high: shareField })
    .optional()
    .meta({ description: 'Room for a bad day: never busier than `high` on the whole; below `low` is waste.' }),
  price: z
    .strictObject({ perHour: z.number({ error: PRICE }).min(0, { error: PRICE }), currency: textField.optional() })
    .optional()
    .meta({ description: 'Of a worker: { perHour: 0.40, currency: EUR }.' }),
  pipelines: z
    .record(idField, pipelineSchema, {
      error: 'must be a map of pipelines, such as { sales: { duration: 5m } }',
    })
    .meta({ description: 'What has to be done, by id.' }),
})

/** JSON Schema of the planner's files, for editors. */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  return jsonSchemaOf(rushSchema)
}

const DEFAULT_INTERVAL: Micros = 5 * 60_000_000
const DEFAULT_BAND = { low: 0.7, high: 0.8 }
const LEAST_INTERVAL: Micros = 1_000_000
/** An interval may be at most so small a part of the window. */
const MOST_INTERVALS = 500
const DEFAULT_MOST = 64

/** Reads a plan of many pipelines. What is wrong is named with its place; with an error there is no rush. */
export function readRush(text: string): ReadRush {
  return readRushSource(readSource(text))
}

/** The same where the text was read as YAML before. */
export function readRushSource(source: Source): ReadRush {
  if (!source.sound) return { rush: null, files: [], description: null, problems: source.problems }
  const report = createReport(source, source.problems)
  if (!isRecord(source.value)) {
    report.add(wrong('NOT_A_PLAN', 'A plan must be a map of keys and values.', 'See `dagwright plan --help`.', []))
    return { rush: null, files: [], description: null, problems: report.problems }
  }
  const fields = usable(rushSchema, source.value, [], report)
  const read = isRecord(fields.window) ? rushOf(fields, report) : null
  const failed = report.problems.some(({ severity }) => severity === 'error')
  return {
    rush: failed || read === null ? null : read.rush,
    files: read?.files ?? [],
    description: textOf(fields.description) ?? null,
    problems: report.problems,
  }
}

type Fields = { readonly [key: string]: Json }

function rushOf(fields: Fields, report: Report): { rush: Rush; files: RushFile[] } {
  const frame = recordOf(fields.window)
  const start = textOf(frame.start) ?? null
  const window = durationOf(frame.length) ?? 0
  const interval = durationOf(fields.interval) ?? DEFAULT_INTERVAL
  if (interval < LEAST_INTERVAL || window / interval > MOST_INTERVALS || window === 0) {
    const hint = 'For example `window: { length: 60m }` and `interval: 5m`.'
    report.add(wrong('WRONG_VALUE', 'The window must hold 1 to 500 intervals of at least 1 s.', hint, ['window']))
  }
  const band = recordOf(fields.utilisation)
  const [low, high] = [numberOf(band.low) ?? DEFAULT_BAND.low, numberOf(band.high) ?? DEFAULT_BAND.high]
  if (low > high) {
    const hint = 'For example `utilisation: { low: 0.7, high: 0.8 }`.'
    report.add(wrong('WRONG_VALUE', `\`low\` is above \`high\`: ${low} and ${high}.`, hint, ['utilisation']))
  }
  const clock = (value: Json | undefined) => offsetOf(textOf(value), start)
  const workers = workersOf(fields.workers, clock, report)
  const most = numberOf(fields.most) ?? Math.max(DEFAULT_MOST, ...(workers ?? []).map((step) => step.workers))
  if (workers?.some((step) => step.at % interval !== 0 || step.workers > most)) {
    const message = `Steps of \`workers\` must fall on intervals of ${durationText(interval)}, and be of at most ${most} workers.`
    report.add(wrong('WRONG_VALUE', message, 'Change the step, `interval` or `most`.', ['workers']))
  }
  const files: RushFile[] = []
  const pipelines = entriesOf(fields.pipelines).map(([id, value], number) => {
    const own = recordOf(value)
    const path = textOf(own.file)
    if (path !== undefined) files.push({ pipeline: number, path })
    return pipelineOf(id, own, clock(fields.deadline) ?? window, clock, report)
  })
  const price = recordOf(fields.price)
  const rush: Rush = {
    name: textOf(fields.name) ?? 'plan',
    window,
    start: start !== null && /^\d\d:\d\d$/.test(start) ? start : null,
    pipelines,
    workers,
    most,
    interval,
    band: { low, high },
    price:
      fields.price === undefined
        ? null
        : { perHour: numberOf(price.perHour) ?? 0, currency: textOf(price.currency) ?? 'EUR' },
  }
  return { rush, files }
}

function pipelineOf(
  id: string,
  fields: Fields,
  latest: Micros,
  clock: (value: Json | undefined) => Micros | null,
  report: Report,
): RushPipeline {
  const path = ['pipelines', id]
  const kinds = (['duration', 'tasks', 'file'] as const).filter((key) => fields[key] !== undefined)
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? 'none of them' : `${kinds.length} of them`
    const message = `\`${id}\` must have one of \`duration\`, \`tasks\` or \`file\`; it has ${found}.`
    report.add(wrong('WRONG_VALUE', message, 'For example `duration: 5m`.', path))
  }
  const release = clock(fields.release) ?? 0
  const deadline = clock(fields.deadline) ?? latest
  if (release < 0 || deadline < release) {
    const hint = 'Times count from the beginning of the window.'
    report.add(wrong('WRONG_VALUE', `\`${id}\` is released before the window, or after its deadline.`, hint, path))
  }
  const whole = estimateOf(fields.duration)
  const tasks: RushTask[] =
    whole !== null
      ? [{ id, duration: estimateMean(whole), needs: [] }]
      : entriesOf(fields.tasks).map(([task, value]) => {
          const { duration, needs } = recordOf(value)
          const estimate = estimateOf(duration)
          return { id: task, duration: estimate === null ? 0 : estimateMean(estimate), needs: textsOf(needs) }
        })
  return { id, release, deadline, needs: textsOf(fields.needs), tasks }
}

function workersOf(
  value: Json | undefined,
  clock: (value: Json | undefined) => Micros | null,
  report: Report,
): readonly WorkerStep[] | null {
  if (value === undefined) return null
  const whole = numberOf(value)
  if (whole !== null) return [{ at: 0, workers: whole }]
  const steps = (Array.isArray(value) ? value : []).map((step: Json) => {
    const { at, workers } = recordOf(step)
    return { at: clock(at) ?? 0, workers: numberOf(workers) ?? 0 }
  })
  if (steps[0]?.at !== 0 || steps.some((step, number) => number > 0 && step.at <= steps[number - 1]!.at)) {
    const hint = 'For example [{ at: 0m, workers: 14 }, { at: 25m, workers: 9 }].'
    report.add(
      wrong('WRONG_VALUE', 'Steps of `workers` must begin at 0m and follow each other in time.', hint, ['workers']),
    )
  }
  return steps
}

function wrong(code: string, message: string, hint: string, path: readonly string[]) {
  return { code, severity: 'error' as const, message, hint, path }
}

const DAY: Micros = 86_400_000_000

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) || parseDuration(text) !== undefined
}

/** Since the window's start. A time of day before the window's is on the next day. */
function offsetOf(text: string | undefined, start: string | null): Micros | null {
  if (text === undefined) return null
  const [hours, minutes] = text.split(':')
  if (minutes === undefined) return parseDuration(text) ?? null
  const [beginHours, beginMinutes] = (start ?? '00:00').split(':')
  const of = (h: string | undefined, m: string | undefined) => (Number(h) * 60 + Number(m ?? 0)) * 60_000_000
  return (of(hours, minutes) - of(beginHours, beginMinutes) + DAY) % DAY
}
