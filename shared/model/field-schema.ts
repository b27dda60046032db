import { z } from 'zod'
import { DURATION_PATTERN } from './duration.ts'
import { ID_MAX_LENGTH, ID_PATTERN, ID_RULE } from './id.ts'

// Under the app's content security policy zod may not compile its checks by `eval`, and even asking is reported.
z.config({ jitless: true })

/** Messages continue the name of the field: "`timeout` must be …". */
export const idField = z
  .string({ error: ID_RULE })
  .max(ID_MAX_LENGTH, { error: ID_RULE })
  .regex(ID_PATTERN, { error: ID_RULE })

const DURATION_RULE = 'must be a duration with its unit, such as 500ms, 20s, 10m or 1h30m'
export const durationField = z.string({ error: DURATION_RULE }).regex(DURATION_PATTERN, { error: DURATION_RULE })

export const textField = z.string({ error: 'must be a text' })
export const flagField = z.boolean({ error: 'must be true or false' })
export const textListField = z.array(textField, { error: 'must be a list of texts, such as [a, b]' })

const WHOLE_EXPRESSION = /^\s*\$\{\{[\s\S]*\}\}\s*$/
const EXPRESSION_RULE = 'must be one expression, such as ${{ params.full == true }}'
export const expressionField = z.string({ error: EXPRESSION_RULE }).regex(WHOLE_EXPRESSION, { error: EXPRESSION_RULE })
export const conditionField = z.union([flagField, expressionField], { error: EXPRESSION_RULE })

export function wholeNumber(minimum: number, rule: string) {
  return z.number({ error: rule }).int({ error: rule }).min(minimum, { error: rule })
}

export const envField = z
  .record(
    z.string().regex(/^[^=\0]+$/, { error: 'must be a name without `=`' }),
    z.union([textField, z.number(), flagField], { error: 'must be a text, a number, true or false' }),
    { error: 'must be a map of names to values, such as { TZ: UTC }' },
  )
  .meta({ examples: [{ TZ: 'UTC' }] })

const RETRY_COUNT = 'must be a whole number of further attempts, 0 or more'
export const retriesField = z
  .union(
    [
      wholeNumber(0, RETRY_COUNT),
      z.strictObject({
        limit: wholeNumber(0, RETRY_COUNT).optional().meta({ description: 'Further attempts after the first.' }),
        delay: durationField.optional().meta({ description: 'Wait before the first retry. Default: 1s.' }),
        backoff: z
          .enum(['fixed', 'linear', 'exponential'], { error: 'must be fixed, linear or exponential' })
          .optional()
          .meta({ description: 'How the delay grows from one retry to the next. Default: fixed.' }),
        factor: z
          .number({ error: 'must be a number of at least 1' })
          .min(1, { error: 'must be a number of at least 1' })
          .optional()
          .meta({ description: 'Exponential: what the delay is multiplied by each time. Default: 2.' }),
        maxDelay: durationField.optional().meta({ description: 'The delay never grows beyond this.' }),
        jitter: z
          .enum(['none', 'full'], { error: 'must be none or full' })
          .optional()
          .meta({ description: 'full: wait a random part of the delay, so that retries spread out. Default: none.' }),
        retryOn: z
          .array(wholeNumber(0, 'must be an exit code'), { error: 'must be a list of exit codes, such as [1, 75]' })
          .optional()
          .meta({ description: 'Exit codes worth a retry. Without it every failure is.' }),
      }),
    ],
    { error: 'must be a number of further attempts, or a map such as { limit: 2, delay: 5s }' },
  )
  .meta({
    description:
      'What happens after a failed attempt. A number sets the limit and keeps the other settings of `defaults`.',
    examples: [2, { limit: 2, delay: '5s', backoff: 'exponential', maxDelay: '1m', jitter: 'full' }],
  })

export const sloField = z
  .strictObject(
    {
      duration: z
        .record(z.string().regex(/^p\d{1,2}(\.\d+)?$/, { error: 'must be a percentile such as p95' }), durationField, {
          error: 'must map percentiles to durations, such as { p95: 5m }',
        })
        .optional()
        .meta({ description: 'Longest acceptable duration by percentile.', examples: [{ p95: '5m' }] }),
      successRate: z
        .number({ error: 'must be a number from 0 to 1' })
        .min(0, { error: 'must be a number from 0 to 1' })
        .max(1, { error: 'must be a number from 0 to 1' })
        .optional()
        .meta({ description: 'Share of runs that must succeed, from 0 to 1.' }),
      finishBy: z
        .strictObject({
          at: z
            .string({ error: 'must be a time of day in quotes, such as "07:00"' })
            .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day in quotes, such as "07:00"' })
            .meta({ description: 'Time of day, in quotes.', examples: ['07:00'] }),
          timezone: textField.optional().meta({ description: 'IANA name. Default: UTC.', examples: ['Europe/Berlin'] }),
        })
        .optional()
        .meta({ description: 'Time of day by which a run must be done.' }),
      window: z
        .union(
          [
            wholeNumber(1, 'must be a number of runs'),
            z.string().regex(/^[1-9]\d* runs?$/, { error: 'must be a number of runs, such as 50 runs' }),
          ],
          { error: 'must be a number of runs, such as 50 runs' },
        )
        .optional()
        .meta({ description: 'How many of the last runs are judged. Default: 50 runs.', examples: ['50 runs'] }),
    },
    { error: 'must be a map, such as { duration: { p95: 5m }, successRate: 0.99 }' },
  )
  .meta({ description: 'Service level objective: what is promised about duration and success.' })

/** Keys kept for later versions, so that files which already hold them stay valid. */
export const RESERVED_KEYS = [
  'contract',
  'checks',
  'freshness',
  'environment',
  'datasets',
  'targets',
  'exports',
  'triggers',
] as const

export const reservedFields = Object.fromEntries(
  RESERVED_KEYS.map((key) => [key, z.unknown().optional().meta({ description: 'Reserved for a later version.' })]),
) as Record<(typeof RESERVED_KEYS)[number], z.ZodOptional<z.ZodUnknown>>
