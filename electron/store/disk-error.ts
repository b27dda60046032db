import { AppError, type ErrorCode } from '#shared/contract/error.ts'

/** What the system's error codes mean to a person. The only place that words them. */
const MEANINGS: Readonly<Record<string, { code: ErrorCode; what: string; next: string }>> = {
  ENOSPC: {
    code: 'DISK_FULL',
    what: 'the disk is full',
    next: 'Free some space on this disk and try again. What was already saved is untouched.',
  },
  EDQUOT: {
    code: 'DISK_FULL',
    what: 'your disk quota is used up',
    next: 'Free some space and try again. What was already saved is untouched.',
  },
  EFBIG: { code: 'DISK_FULL', what: 'the file would be too large for this disk', next: 'Use another disk.' },
  EROFS: { code: 'READ_ONLY', what: 'the disk is read-only', next: 'Make it writable again, or use another folder.' },
  EACCES: {
    code: 'PERMISSION_DENIED',
    what: 'you may not access it',
    next: 'Check the permissions of this file and its folder.',
  },
  EPERM: {
    code: 'PERMISSION_DENIED',
    what: 'the system does not permit it',
    next: 'Check the permissions of this file and its folder, and whether it is locked.',
  },
  ENOENT: { code: 'NOT_FOUND', what: 'it is not there', next: 'Check whether it was moved or deleted.' },
  ENOTDIR: { code: 'NOT_FOUND', what: 'part of its path is a file', next: 'Check the path.' },
  EISDIR: { code: 'BAD_INPUT', what: 'it is a folder', next: 'Choose a file.' },
  EEXIST: { code: 'BAD_INPUT', what: 'it exists already', next: 'Choose another name.' },
  ENAMETOOLONG: { code: 'BAD_INPUT', what: 'its name is too long', next: 'Choose a shorter name.' },
  ELOOP: { code: 'BAD_INPUT', what: 'its links lead in a circle', next: 'Check the symbolic links on the path.' },
  EBUSY: {
    code: 'IO_ERROR',
    what: 'another program is using it',
    next: 'Close the program that uses it and try again.',
  },
  EMFILE: { code: 'IO_ERROR', what: 'too many files are open', next: 'Close other programs and try again.' },
  ENFILE: { code: 'IO_ERROR', what: 'too many files are open', next: 'Close other programs and try again.' },
  EIO: { code: 'IO_ERROR', what: 'the disk does not answer as it should', next: 'Check the disk and try again.' },
}

/** Whether it is known what this error of the system's means. */
export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && Object.hasOwn(MEANINGS, codeOf(error) ?? '')
}

/** An AppError for what the system refused. Never wraps one a second time. */
export function diskError(
  error: unknown,
  path: string,
  doing: 'open' | 'read' | 'write' | 'create' | 'remove',
): AppError {
  if (error instanceof AppError) return error
  const systemCode = codeOf(error)
  const meaning = systemCode !== null && Object.hasOwn(MEANINGS, systemCode) ? MEANINGS[systemCode] : undefined
  const what = meaning?.what ?? `the system reported ${systemCode ?? String(error)}`
  return new AppError(
    {
      code: meaning?.code ?? 'IO_ERROR',
      message: `Could not ${doing} ${path}: ${what}.`,
      where: path,
      next: meaning?.next ?? 'Check the disk and try again.',
      details: { system: systemCode },
    },
    { cause: error },
  )
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return String(error.code)
}
