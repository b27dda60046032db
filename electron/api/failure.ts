import { randomUUID } from 'node:crypto'
import { ORPCError } from '@orpc/server'
import { diskError, isDiskError } from '#electron/store/disk-error.ts'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { AppErrorData } from '#shared/contract/error.ts'

/** Where unexpected failures are told; one line, without values that a person's data could be in. */
export type FailureLog = (line: string) => void

export const failuresToStandardError: FailureLog = (line) => {
  process.stderr.write(`${line}\n`)
}

/** What a failure looks like to a caller of the contract. Never throws. */
export function describeFailure(error: unknown, path: readonly string[], log: FailureLog): AppErrorData {
  const told = appErrorOf(error)
  if (told) return told
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return { code: 'BAD_INPUT', message: `${path.join('.')} was called with a wrong input.`, details: issuesOf(error) }
  }
  if (isDiskError(error)) return diskError(error, error.path ?? 'a file', 'open').data
  const id = randomUUID().slice(0, 8)
  log(`dagwright: internal error ${id} in ${path.join('.')}: ${error instanceof Error ? traceOf(error) : typeof error}`)
  return {
    code: 'INTERNAL',
    message: `Something went wrong inside Dagwright (error ${id}).`,
    next: 'The details stand in the output of the process under this number. Please report it.',
    details: { id },
  }
}

export function toContractError(data: AppErrorData): ORPCError<'APP', AppErrorData> {
  return new ORPCError('APP', { status: 400, message: data.message, data })
}

function issuesOf(error: ORPCError<string, unknown>): Record<string, unknown> {
  const issues = (error.data as { issues?: readonly { path?: readonly unknown[]; message?: string }[] } | undefined)
    ?.issues
  return {
    issues: (issues ?? []).map((issue) => `${(issue.path ?? []).map(String).join('.')}: ${issue.message ?? ''}`),
  }
}

/** Errors of the language speak about code; messages of others may quote a person's data and are left out. */
function traceOf(error: Error): string {
  const aboutCode = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  const stack = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return `${error.name}${aboutCode ? `: ${error.message}` : ''}\n${stack.join('\n')}`
}
