import { z } from 'zod'
import {
  conditionField,
  durationField,
  envField,
  expressionField,
  flagField,
  idField,
  reservedFields,
  retriesField,
  sloField,
  textField,
  textListField,
  wholeNumber,
} from './field-schema.ts'
import { modelOf } from './kinds/registry.ts'
import { TASK_KINDS, type TaskKind, TRIGGER_RULES } from './pipeline.ts'

const json = z.json()
const listOrExpression = z.union([z.array(json), expressionField], {
  error: 'must be a list, or one expression such as ${{ params.airports }}',
})

const need = z.union(
  [
    idField,
    z.strictObject({
      task: idField.meta({ description: 'The task that must come first.' }),
      when: conditionField
        .optional()
        .meta({ description: 'If false, this dependency counts as skipped.', examples: ['${{ params.full }}'] }),
    }),
  ],
  { error: 'must be the id of a task, or { task: id, when: ${{ … }} }' },
)

/** Any task may have these. */
const commonFields = {
  name: textField.optional().meta({ description: 'What people read on the card. Default: the id.' }),
  docs: textField.optional().meta({ description: 'What the task does and why, in Markdown.' }),
  owner: textField.optional().meta({ description: 'Who answers for it.' }),
  tags: textListField.optional().meta({ description: 'Free words to search and filter by.', examples: [['daily']] }),
  layer: textField.optional().meta({
    description: 'Stage of the data: staging, intermediate, mart, or any name of your own.',
    examples: ['staging', 'intermediate', 'mart'],
  }),
  aliases: z
    .array(idField, { error: 'must be a list of earlier ids' })
    .optional()
    .meta({ description: 'Earlier ids of this task, kept on renaming so that its history follows.' }),
  needs: z
    .array(need, { error: 'must be a list of task ids, such as [extract]' })
    .optional()
    .meta({
      description: 'The tasks that must come first.',
      examples: [['extract'], [{ task: 'extract', when: '${{ params.full }}' }]],
    }),
  triggerRule: z
    .enum(TRIGGER_RULES as [string, ...string[]], { error: `must be one of ${TRIGGER_RULES.join(', ')}` })
    .optional()
    .meta({ description: 'Which ends of its upstreams let the task run. Default: all_success.' }),
  required: flagField.optional().meta({
    description: 'false: if this task fails, the run is partial instead of failed. Default: true.',
  }),
  when: conditionField
    .optional()
    .meta({ description: 'If false, the task is skipped.', examples: ['${{ params.full }}'] }),
  branch: z
    .union([expressionField, idField], {
      error:
        'must be one expression that gives ids of direct downstream tasks, such as ${{ params.full ? "all" : "new" }}',
    })
    .optional()
    .meta({
      description: 'After success: the direct downstream task (or list of them) to go on with; the others are skipped.',
      examples: ['${{ params.full ? "load_all" : "load_new" }}'],
    }),
  forEach: z
    .union(
      [
        z.array(json),
        expressionField,
        z.strictObject({
          each: idField.meta({ description: 'Follow this mapped task instance by instance.' }),
        }),
        z.strictObject({
          matrix: z
            .record(z.string(), listOrExpression, { error: 'must map names to lists' })
            .meta({ description: 'One instance for every combination; `item` is a map with these keys.' }),
        }),
      ],
      {
        error:
          'must be a list, one expression such as ${{ tasks.clean.outputs.airports }}, { matrix: … } or { each: task }',
      },
    )
    .optional()
    .meta({
      description: 'Runs the task once for each item, as `item` and `index` in expressions.',
      examples: [
        '${{ tasks.clean.outputs.airports }}',
        ['a', 'b'],
        { each: 'tile' },
        { matrix: { year: [2024, 2025] } },
      ],
    }),
  maxParallel: wholeNumber(1, 'must be a whole number of at least 1')
    .optional()
    .meta({ description: 'How many instances of a mapped task may run at once.' }),
  failFast: flagField.optional().meta({ description: 'A failed instance stops the others of the mapped task.' }),
  pool: z
    .union(
      [
        idField,
        z.strictObject({
          name: idField.meta({ description: 'A pool of this file, or of dagwright.yaml.' }),
          slots: wholeNumber(1, 'must be a whole number of at least 1')
            .optional()
            .meta({ description: 'Slots of the pool that one instance takes. Default: 1.' }),
        }),
      ],
      { error: 'must be the name of a pool, or { name: warehouse, slots: 2 }' },
    )
    .optional()
    .meta({ description: 'Named set of slots the task shares with others.', examples: ['warehouse'] }),
  priority: z
    .number({ error: 'must be a whole number' })
    .int({ error: 'must be a whole number' })
    .optional()
    .meta({ description: 'Among ready tasks the higher goes first. Default: 0.' }),
  timeout: durationField.optional().meta({ description: 'Longest time one attempt may take.', examples: ['10m'] }),
  retries: retriesField.optional(),
  env: envField.optional().meta({ description: 'Environment variables of this task; values may hold ${{ }}.' }),
  secrets: textListField
    .optional()
    .meta({ description: 'Names of secrets that become environment variables, masked in logs.' }),
  cwd: textField.optional().meta({ description: "Working directory. Default: the pipeline file's folder." }),
  reads: textListField.optional().meta({ description: 'Tables, files or URIs the task reads.' }),
  writes: textListField.optional().meta({ description: 'Tables, files or URIs the task writes.' }),
  estimate: z
    .union(
      [
        durationField,
        z.strictObject({
          min: durationField.optional().meta({ description: 'If all goes well.' }),
          likely: durationField.meta({ description: 'As it usually is.' }),
          max: durationField.optional().meta({ description: 'If all goes badly.' }),
        }),
      ],
      { error: 'must be a duration such as 20s, or { min: 10s, likely: 20s, max: 1m }' },
    )
    .optional()
    .meta({ description: 'How long the task should take, until there is a history.', examples: ['20s'] }),
  cache: flagField.optional().meta({
    description:
      'Take an earlier result while code with its values, `reads`, upstream outputs and interpreter are the same and `writes` are still there. Default: false.',
  }),
  slo: sloField.optional(),
  ...reservedFields,
}

const { name: nameField, ...otherCommonFields } = commonFields

function schemaOf(kind: TaskKind) {
  const { description, fields } = modelOf(kind)
  const shape = {
    name: nameField,
    kind: z.literal(kind).meta({ description: `${kind}: ${description}` }),
    ...otherCommonFields,
    ...fields,
  }
  return z.strictObject(shape).meta({ id: `${kind}Task`, description })
}

type TaskSchema = ReturnType<typeof schemaOf>

const schemas = TASK_KINDS.map(schemaOf)
export const taskSchemas = Object.fromEntries(TASK_KINDS.map((kind, index) => [kind, schemas[index]!])) as Readonly<
  Record<TaskKind, TaskSchema>
>

export const taskSchema = z
  .discriminatedUnion('kind', schemas as [TaskSchema, ...TaskSchema[]])
  .meta({ description: 'A unit of work.' })

/** Where kinds have a field of the same name, that of the first counts. */
const everyKindsFields = {
  ...commonFields,
  ...Object.assign({}, ...TASK_KINDS.map((kind) => modelOf(kind).fields).reverse()),
} as typeof commonFields

/** Fields of any kind, none of them demanded: `defaults`, and a task whose kind is missing. */
export const anyTaskSchema = z.strictObject(everyKindsFields).partial()
export const defaultsSchema = z
  .strictObject(everyKindsFields)
  .omit({ needs: true, aliases: true })
  .partial()
  .meta({ description: 'Any task field, for every task that does not set it itself.', examples: [{ timeout: '10m' }] })

/** Names of the fields a task of this kind may have, in the order in which Dagwright writes them. */
export function fieldsOfKind(kind: TaskKind): readonly string[] {
  return Object.keys(taskSchemas[kind].shape)
}

/** Kinds that have this field; empty where none has. */
export function kindsWithField(field: string): readonly TaskKind[] {
  return TASK_KINDS.filter((kind) => Object.hasOwn(taskSchemas[kind].shape, field))
}

/** The field that holds a kind's code; undefined for noop. */
export function codeFieldOf(kind: TaskKind): 'run' | 'code' | 'sql' | 'url' | undefined {
  return modelOf(kind).codeField
}
