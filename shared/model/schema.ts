import { z } from 'zod'
import {
  durationField,
  envField,
  flagField,
  idField,
  reservedFields,
  sloField,
  textField,
  textListField,
  wholeNumber,
} from './field-schema.ts'
import { defaultsSchema, taskSchema } from './task-schema.ts'

/** The version of the file format that this program writes. */
export const FORMAT_VERSION = 1

const json = z.json()
const point = z.tuple([z.number(), z.number()], { error: 'must be a place on the canvas, such as [240, 0]' })

const parameter = z.strictObject(
  {
    type: z
      .enum(['string', 'integer', 'number', 'boolean', 'array', 'object'], {
        error: 'must be string, integer, number, boolean, array or object',
      })
      .optional()
      .meta({ description: 'Default: string.' }),
    default: json.optional().meta({ description: 'Without a default a value must be given for each run.' }),
    description: textField.optional().meta({ description: 'What the form for a run says about it.' }),
    enum: z
      .array(json, { error: 'must be a list of the allowed values' })
      .optional()
      .meta({ description: 'The only values allowed.' }),
    minimum: z.number({ error: 'must be a number' }).optional().meta({ description: 'Smallest number allowed.' }),
    maximum: z.number({ error: 'must be a number' }).optional().meta({ description: 'Largest number allowed.' }),
  },
  { error: 'must be a map, such as { type: integer, default: 200 }' },
)

const schedule = z.strictObject(
  {
    cron: textField.meta({
      description: 'Five fields: minute, hour, day of month, month, day of week.',
      examples: ['0 6 * * *'],
    }),
    timezone: textField.optional().meta({ description: 'IANA name. Default: UTC.', examples: ['Europe/Berlin'] }),
    catchup: flagField.optional().meta({ description: 'Run the intervals that were missed. Default: false.' }),
  },
  { error: 'must be a map, such as { cron: "0 6 * * *", timezone: Europe/Berlin }' },
)

const group = z.strictObject(
  {
    name: textField.optional().meta({ description: 'What people read. Default: the id.' }),
    tasks: z
      .array(idField, { error: 'must be a list of task and group ids' })
      .optional()
      .meta({ description: 'Ids of tasks, or of other groups.' }),
    color: textField.optional().meta({ description: 'A name or a CSS colour.', examples: ['blue'] }),
  },
  { error: 'must be a map, such as { name: Staging, tasks: [extract, clean] }' },
)

const note = z.strictObject(
  {
    id: idField,
    text: textField.meta({ description: 'Markdown.' }),
    at: point.optional().meta({ description: 'Top-left corner on the canvas.' }),
    size: point.optional().meta({ description: 'Width and height in pixels.' }),
  },
  { error: 'must be a map, such as { id: n1, text: "…", at: [0, 0], size: [240, 120] }' },
)

const POOL_SLOTS = 'must be a whole number of slots, from 1 to 1,000,000'
/** The scheduler keeps an entry for each slot of a pool. */
export const poolsField = z.record(idField, wholeNumber(1, POOL_SLOTS).max(1_000_000, { error: POOL_SLOTS }), {
  error: 'must map names to numbers of slots, such as { warehouse: 2 }',
})

const handlersField = z.array(idField, { error: 'must be a list of task ids' })

const fields = {
  dagwright: z
    .literal(FORMAT_VERSION, { error: `must be ${FORMAT_VERSION}, the version of the file format` })
    .meta({ description: 'Version of the file format.' }),
  id: idField.meta({ description: 'Id of the pipeline: its runs are filed under it.', examples: ['flight_delays'] }),
  name: textField.optional().meta({ description: 'What people read. Default: the id.' }),
  description: textField.optional().meta({ description: 'What the pipeline does, in Markdown.' }),
  owner: textField.optional().meta({ description: 'Who answers for it.' }),
  tags: textListField.optional().meta({ description: 'Free words to search and filter by.', examples: [['daily']] }),
  schedule: schedule
    .optional()
    .meta({ description: 'When an orchestrator should run it. Here runs are started by hand.' }),
  params: z
    .record(idField, parameter, { error: 'must map names to parameters' })
    .optional()
    .meta({
      description: 'Values a person gives for each run; `params.NAME` in expressions.',
      examples: [{ min_distance: { type: 'integer', default: 200 } }],
    }),
  env: envField.optional().meta({ description: 'Environment variables of every task.' }),
  concurrency: wholeNumber(1, 'must be a whole number of slots, at least 1')
    .optional()
    .meta({ description: 'Tasks of a run that may run at once. Default: the number of CPUs.' }),
  timeout: durationField.optional().meta({ description: 'Longest time a whole run may take.', examples: ['1h'] }),
  failFast: flagField
    .optional()
    .meta({ description: 'The first failure of a required task ends the run. Default: false.' }),
  onSuccess: handlersField.optional().meta({
    description: 'Tasks that run once all others have ended and the run succeeded, if only in part.',
    examples: [['publish']],
  }),
  onFailure: handlersField.optional().meta({
    description: 'Tasks that run once all others have ended and the run failed.',
    examples: [['notify']],
  }),
  pools: poolsField.optional().meta({
    description: 'Named sets of slots, private to this pipeline. Shared pools stand in dagwright.yaml.',
    examples: [{ warehouse: 2 }],
  }),
  defaults: defaultsSchema.optional(),
  slo: sloField.optional(),
  tasks: z
    .record(idField, taskSchema, { error: 'must map ids to tasks' })
    .optional()
    .meta({ description: 'The work, by id, in the order that breaks ties.' }),
  groups: z
    .record(idField, group, { error: 'must map ids to groups' })
    .optional()
    .meta({ description: 'Named sets of tasks, for reading only. Groups may hold groups.' }),
  notes: z
    .array(note, { error: 'must be a list of notes' })
    .optional()
    .meta({ description: 'Texts that stand on the canvas.' }),
  canvas: z
    .record(idField, point, { error: 'must map task ids to places, such as extract: [0, 0]' })
    .optional()
    .meta({ description: 'Where a person has put the tasks.' }),
  ...reservedFields,
}

/** The whole file: source of the JSON Schema. */
export const fileSchema = z
  .strictObject(fields)
  .meta({ title: 'Dagwright pipeline', description: 'A Dagwright pipeline.' })

/** The file but for what is inside its tasks, which are checked one by one so that one mistake does not hide the others. */
export const frameSchema = z.strictObject({
  ...fields,
  tasks: z.record(z.string(), z.unknown(), { error: 'must map ids to tasks' }).optional(),
})

/** Keys of the top level, in the order in which Dagwright writes them. */
export const PIPELINE_FIELDS: readonly string[] = Object.keys(fields)
