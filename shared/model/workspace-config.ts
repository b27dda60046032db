import { z } from 'zod'
import { usable } from './check-shape.ts'
import { parseSize, SIZE_PATTERN } from './duration.ts'
import { idField, textField, wholeNumber } from './field-schema.ts'
import type { Connection, WorkspaceConfig } from './pipeline.ts'
import type { Problem } from './problem.ts'
import { entriesOf, numberOf, oneOf, recordOf, textOf } from './reading.ts'
import { createReport } from './report.ts'
import { poolsField } from './schema.ts'
import { isRecord, readSource } from './source.ts'

const CONNECTION_TYPES = ['duckdb', 'sqlite', 'postgres', 'http'] as const
const SLOTS = 'must be a whole number of slots, at least 1'
const SIZE = 'must be a size with its unit, such as 500MB or 5GB'
const PRICE = 'must be an amount of at least 0'

const workspaceSchema = z.strictObject({
  pools: poolsField.optional(),
  slots: wholeNumber(1, SLOTS).optional(),
  interpreters: z.strictObject({ python: textField.optional(), node: textField.optional() }).optional(),
  connections: z
    .record(
      idField,
      z.strictObject({
        type: z.enum(CONNECTION_TYPES, { error: `must be one of ${CONNECTION_TYPES.join(', ')}` }),
        url: textField,
        secret: textField.optional(),
      }),
    )
    .optional(),
  retention: z
    .strictObject({
      runs: wholeNumber(1, 'must be a whole number of runs, at least 1').optional(),
      size: z.string({ error: SIZE }).regex(SIZE_PATTERN, { error: SIZE }).optional(),
    })
    .optional(),
  slotPrice: z
    .strictObject({ perHour: z.number({ error: PRICE }).min(0, { error: PRICE }), currency: textField.optional() })
    .optional(),
})

const DEFAULT_RETENTION = { runs: 50, bytes: 5e9 }

export interface ReadWorkspaceConfig {
  readonly config: WorkspaceConfig
  /** With an error among them a run is refused: what was meant is not known. */
  readonly problems: readonly Problem[]
}

/** Reads `dagwright.yaml`. What is wrong in it is left out and named; an empty text is a workspace without settings. */
export function parseWorkspaceConfig(text: string): ReadWorkspaceConfig {
  const source = readSource(text)
  if (!source.sound) return { config: configOf({}), problems: source.problems }
  const report = createReport(source, source.problems)
  const file = source.value ?? {}
  if (isRecord(file)) return { config: configOf(usable(workspaceSchema, file, [], report)), problems: report.problems }
  report.add({
    code: 'NOT_A_WORKSPACE',
    severity: 'error',
    message: 'dagwright.yaml must be a map of keys and values.',
    hint: 'For example `pools: { warehouse: 2 }`.',
    path: [],
  })
  return { config: configOf({}), problems: report.problems }
}

function configOf(fields: ReturnType<typeof recordOf>): WorkspaceConfig {
  const interpreters = recordOf(fields.interpreters)
  const retention = recordOf(fields.retention)
  const price = recordOf(fields.slotPrice)
  return {
    pools: new Map(entriesOf(fields.pools).map(([name, slots]) => [name, Number(slots)])),
    slots: numberOf(fields.slots),
    interpreters: { python: textOf(interpreters.python) ?? null, node: textOf(interpreters.node) ?? null },
    connections: new Map(entriesOf(fields.connections).map(([name, value]) => [name, connectionOf(recordOf(value))])),
    retention: {
      runs: numberOf(retention.runs) ?? DEFAULT_RETENTION.runs,
      bytes: parseSize(textOf(retention.size) ?? '') ?? DEFAULT_RETENTION.bytes,
    },
    slotPrice:
      fields.slotPrice === undefined
        ? null
        : { perHour: numberOf(price.perHour) ?? 0, currency: textOf(price.currency) ?? 'EUR' },
  }
}

function connectionOf(fields: ReturnType<typeof recordOf>): Connection {
  return {
    type: oneOf(fields.type, CONNECTION_TYPES, 'duckdb'),
    url: textOf(fields.url) ?? '',
    secret: textOf(fields.secret) ?? null,
  }
}
