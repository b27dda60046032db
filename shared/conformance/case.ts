import { parse } from 'yaml'
import { z } from 'zod'
import type { InstanceState, RunEnded } from '../journal/event.ts'
import { hasErrors, parseDocument } from '../model/document.ts'
import type { Json, Pipeline } from '../model/pipeline.ts'
import { failure, type Result, success } from '../model/problem.ts'

const ENDS = ['success', 'failed', 'timed_out', 'cancelled', 'lost'] as const
const FINAL = [
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
] as const satisfies readonly InstanceState[]
const RUN_ENDS = ['success', 'partial', 'failed', 'cancelled'] as const satisfies readonly RunEnded['state'][]

/** One try: how long it takes, in seconds, and how it ends. A bare number is a success of that length. */
const attempt = z.union([
  z
    .number()
    .nonnegative()
    .transform((takes) => ({ takes, ends: 'success' as const, exit: 0, retryAfter: null })),
  z
    .strictObject({
      takes: z.number().nonnegative().default(1),
      ends: z.enum(ENDS).default('success'),
      exit: z.number().int().min(0).max(255).optional(),
      /** What it says of the delay before a retry, in seconds; null: nothing. */
      retryAfter: z.number().nonnegative().nullable().default(null),
    })
    .transform((given) => ({ ...given, exit: given.exit ?? (given.ends === 'success' ? 0 : 1) })),
])
export type InjectedAttempt = z.output<typeof attempt>

/** `b @2 dependency a`: what started (`#2`: its second attempt), at which second, and its binding cause. */
const start = z.string().regex(/^\S+ @\d+(\.\d+)? \S/, { error: 'must read like "b @2 dependency a"' })

const answer = z.union([z.boolean(), z.literal('error')])

const caseSchema = z.strictObject({
  name: z.string(),
  /** What it shows, with the section of the design. */
  about: z.string(),
  /** The text of a pipeline file. Its slots, pools, parameters and estimates (the basis) stand there. */
  pipeline: z.string(),
  selection: z
    .strictObject({
      from: z.array(z.string()).optional(),
      upTo: z.array(z.string()).optional(),
      only: z.array(z.string()).optional(),
    })
    .optional(),
  /** By task or `task[index]`; the last one repeats; what is not named takes 1 s and succeeds. */
  attempts: z.record(z.string(), z.union([attempt.transform((one) => [one]), z.array(attempt).min(1)])).default({}),
  /**
   * Instances that are a success without running, by task or `task[index]`: reused or pinned ones at once, cached ones
   * when their first attempt would end, which is how long the result is looked for.
   */
  satisfied: z.record(z.string(), z.enum(['reused', 'pinned', 'cached'])).default({}),
  /** What a successful attempt of a task hands on. */
  outputs: z.record(z.string(), z.record(z.string(), z.custom<Json>())).default({}),
  /** What the pipeline's expressions amount to. What is not named is true. */
  answers: z
    .strictObject({
      /** By task or `task[index]`. */
      when: z.record(z.string(), answer).default({}),
      /** By `downstream < upstream`, or `downstream[index] < upstream`. */
      edge: z.record(z.string(), answer).default({}),
      branch: z.record(z.string(), z.union([z.array(z.string()), z.literal('error')])).default({}),
      /** Instances of mapped tasks whose list is an expression. */
      count: z.record(z.string(), z.union([z.number().int().nonnegative(), z.literal('error')])).default({}),
    })
    .prefault({}),
  /** A person cancels at this second. */
  cancelAt: z.number().optional(),
  /** What a person marks or clears at which second, in order; after the end as well. */
  marks: z
    .array(
      z.strictObject({
        at: z.number(),
        task: z.string(),
        index: z.number().int().nullable().default(null),
        as: z.enum(['success', 'failed', 'cleared']),
        downstream: z.boolean().default(true),
      }),
    )
    .default([]),
  /** Why real tasks cannot do as injected; such a case is for the scheduler and the simulator only. */
  notReal: z.string().optional(),
  expect: z.strictObject({
    state: z.enum(RUN_ENDS),
    /** In seconds. */
    makespan: z.number(),
    /** Every instance by `task` or `task[index]`, mapped tasks as a whole too; unselected ones are left out. */
    states: z.record(z.string(), z.enum(FINAL)),
    /** Every start, in order. */
    starts: z.array(start),
    /** Codes of some instances' reasons. */
    reasons: z.record(z.string(), z.string()).default({}),
  }),
})

export interface ConformanceCase extends z.output<typeof caseSchema> {
  readonly parsed: Pipeline
}

/** Reads the text of one case; problems (never an exception) where the case or its pipeline is not valid. */
export function loadCase(text: string): Result<ConformanceCase> {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error))
  }
  const read = caseSchema.safeParse(raw)
  if (!read.success) return invalid(z.prettifyError(read.error))
  const document = parseDocument(read.data.pipeline)
  if (document.pipeline === null || hasErrors(document)) return failure(...document.problems)
  return success({ ...read.data, parsed: document.pipeline })
}

function invalid(message: string): Result<never> {
  return failure({ code: 'BAD_CASE', severity: 'error', message, hint: 'Correct the conformance case.' })
}

/** What the `attempt`-th try of an instance does. */
export function injectedAttempt(
  { attempts }: ConformanceCase,
  task: string,
  index: number | null,
  attempt: number,
): InjectedAttempt {
  const own = index === null ? undefined : attempts[`${task}[${index}]`]
  const list = own ?? attempts[task] ?? []
  return list[attempt - 1] ?? list.at(-1) ?? { takes: 1, ends: 'success', exit: 0, retryAfter: null }
}

/** How long after it was queued or started an instance is found to need no run, in seconds; null: it runs. */
export function satisfiedAfter(conformance: ConformanceCase, task: string, index: number | null): number | null {
  const label = index === null ? task : `${task}[${index}]`
  const { satisfied } = conformance
  const origin = Object.hasOwn(satisfied, label)
    ? satisfied[label]
    : Object.hasOwn(satisfied, task)
      ? satisfied[task]
      : null
  if (origin === null || origin === undefined) return null
  return origin === 'cached' ? injectedAttempt(conformance, task, index, 1).takes : 0
}
