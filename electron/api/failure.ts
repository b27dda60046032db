import { randomUUID } from 'node:crypto'
import { ORPCError } from '@orpc/server'
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
  const fromDisk = systemFailure(error)
  if (fromDisk) return fromDisk
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

const SYSTEM_CODES: ReadonlyMap<string, readonly [AppErrorData['code'], string]> = new Map([
  ['ENOENT', ['NOT_FOUND', 'The file or folder is not there.']],
  ['ENOTDIR', ['NOT_FOUND', 'The file or folder is not there.']],
  ['EACCES', ['PERMISSION_DENIED', 'This user may not read or write here.']],
  ['EPERM', ['PERMISSION_DENIED', 'This user may not do this here.']],
  ['EROFS', ['READ_ONLY', 'The disk is read-only.']],
  ['ENOSPC', ['DISK_FULL', 'The disk is full.']],
  ['EDQUOT', ['DISK_FULL', 'The disk quota is used up.']],
  ['EIO', ['IO_ERROR', 'The disk could not be read or written.']],
  ['EMFILE', ['IO_ERROR', 'Too many files are open.']],
  ['ENFILE', ['IO_ERROR', 'Too many files are open.']],
])

function systemFailure(error: unknown): AppErrorData | null {
  if (!(error instanceof Error)) return null
  const { code, path } = error as NodeJS.ErrnoException
  const known = code === undefined ? undefined : SYSTEM_CODES.get(code)
  if (!known) return null
  return { code: known[0], message: known[1], ...(path === undefined ? {} : { where: path }) }
}

/** Errors of the language speak about code; messages of others may quote a person's data and are left out. */
function traceOf(error: Error): string {
  const aboutCode = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
  const stack = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return `${error.name}${aboutCode ? `: ${error.message}` : ''}\n${stack.join('\n')}`
}
