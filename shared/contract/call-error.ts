import { ORPCError } from '@orpc/client'
import { AppError, type AppErrorData, appErrorData } from './error.ts'

/** The contract's error data in what a call rejected with; null where the failure was not told by a host. */
export function appErrorOf(error: unknown): AppErrorData | null {
  if (error instanceof AppError) return error.data
  if (!(error instanceof ORPCError) || error.code !== 'APP') return null
  const parsed = appErrorData.safeParse(error.data)
  return parsed.success ? parsed.data : null
}

/** Every answer of a host is an ORPCError: anything else a call rejects with is its connection. */
export function isConnectionError(error: unknown): boolean {
  return !(error instanceof ORPCError) && !(error instanceof AppError)
}
