import { z } from 'zod'

/**
 * Every failure a person can meet has a stable code. The wording is made where the facts are (what happened, where);
 * `next` says what to do.
 */
export const ERROR_CODES = [
  'BAD_INPUT',
  'NOT_FOUND',
  'OUTSIDE_WORKSPACE',
  'NO_WORKSPACE',
  'FILE_TOO_LARGE',
  'FILE_NOT_TEXT',
  'FILE_CHANGED_ON_DISK',
  'FILE_GONE',
  'DISK_FULL',
  'READ_ONLY',
  'PERMISSION_DENIED',
  'IO_ERROR',
  'INVALID_PIPELINE',
  'INVALID_CONFIG',
  'INVALID_PARAMETERS',
  'NOT_TRUSTED',
  'WORKSPACE_BUSY',
  'RUN_NOT_FOUND',
  'RUN_NOT_LIVE',
  'RUN_ALREADY_LIVE',
  'JOURNAL_CORRUPT',
  'INTERPRETER_MISSING',
  'OUTPUTS_MISSING',
  'UNSUPPORTED_HERE',
  'ENGINE_FAILED',
  'INTERNAL',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

export const appErrorData = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** A file, a task, a line: where it is. */
  where: z.string().optional(),
  /** The next step, as a sentence. */
  next: z.string().optional(),
  /** Findings about a document, see shared/model/problem.ts. */
  problems: z.array(z.custom<import('../model/problem.ts').Problem>()).optional(),
  /** Facts for the screen that offers the next step, e.g. the text that now stands on disk. */
  details: z.record(z.string(), z.unknown()).optional(),
})
export type AppErrorData = z.infer<typeof appErrorData>

/** Thrown inside hosts; crosses the contract as data. */
export class AppError extends Error {
  readonly data: AppErrorData
  constructor(data: AppErrorData, options?: { cause?: unknown }) {
    super(data.message, options)
    this.name = 'AppError'
    this.data = data
  }
}
