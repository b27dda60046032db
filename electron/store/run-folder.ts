import { join } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { RunHeader } from '#shared/journal/event.ts'
import { makeDurableFolder, writeAtomic } from './atomic-write.ts'
import type { Disk } from './disk.ts'
import { isDamage, readJournal } from './journal-reader.ts'
import { type JournalWriter, openJournal } from './journal-writer.ts'
import { fileNameOf } from './paths.ts'
import { isRunId } from './run-id.ts'
import type { GivenSuccess, RunFolder } from './store.ts'

/**
 * `RUN/`: journal.ndjson, spec.dag.yaml, given.json (where some successes need not run), logs/TASK.ATTEMPT.log (logs/TASK[INDEX].ATTEMPT.log), tmp/. A file named
 * `keep` protects the run from retention: runs that came with a sample have one.
 */
export const JOURNAL = 'journal.ndjson'
export const SPEC = 'spec.dag.yaml'
export const KEEP = 'keep'
export const GIVEN = 'given.json'

/** Makes a new run's folder under `runRoot`; everything in it is durable before the journal can be. */
export async function createRunFolder(
  disk: Disk,
  runRoot: string,
  header: RunHeader,
  spec: string,
  given: readonly GivenSuccess[],
): Promise<RunFolder> {
  if (!isRunId(header.run)) throw new AppError({ code: 'BAD_INPUT', message: `${header.run} is not the id of a run.` })
  const directory = join(runRoot, fileNameOf(header.pipeline), header.run)
  if ((await disk.stat(directory)) !== null) {
    throw new AppError({ code: 'BAD_INPUT', message: `The run ${header.run} exists already.`, where: directory })
  }
  await makeDurableFolder(disk, directory)
  await makeSubfolders(disk, directory)
  await writeAtomic(disk, join(directory, SPEC), spec)
  if (given.length > 0) await writeAtomic(disk, join(directory, GIVEN), JSON.stringify(given))
  const journal = await openJournal(disk, join(directory, JOURNAL))
  await disk.syncFolder(directory)
  return runFolder(directory, journal)
}

/** Opens a run for more events, after its last whole one. */
export async function openRunFolder(disk: Disk, directory: string, run: string): Promise<RunFolder> {
  const path = join(directory, JOURNAL)
  const read = await readJournal(disk, path)
  if (read === null) throw runNotFound(run)
  if (isDamage(read.damaged)) throw journalCorrupt(run, path, read.damaged.line)
  if (read.damaged !== null) {
    const file = await disk.open(path, 'update')
    try {
      await file.truncate(read.validBytes)
      await file.sync()
    } finally {
      await file.close()
    }
  }
  await makeSubfolders(disk, directory)
  return runFolder(directory, await openJournal(disk, path))
}

export function logPathIn(directory: string, task: string, index: number | null, attempt: number): string {
  return join(directory, 'logs', `${attemptName(task, index, attempt)}.log`)
}

export function runNotFound(run: string): AppError {
  return new AppError({
    code: 'RUN_NOT_FOUND',
    message: `There is no run ${run} in this workspace.`,
    where: run,
    next: 'Choose one of the listed runs. It may have been deleted, or made room for newer ones.',
  })
}

/** It made room for newer ones; `removed` tells callers that this is known, not guessed. */
export function runRemoved(run: string): AppError {
  return new AppError({
    code: 'RUN_NOT_FOUND',
    message: `Run ${run} is not kept any more, nor are its logs: it made room for newer runs.`,
    where: run,
    next: 'To keep more runs, raise `retention` in dagwright.yaml.',
    details: { removed: true },
  })
}

export function journalCorrupt(run: string, path: string, line: number): AppError {
  return new AppError({
    code: 'JOURNAL_CORRUPT',
    message: `The journal of run ${run} cannot be read from line ${line} on.`,
    where: `${path}:${line}`,
    next: 'What stands before that line can still be looked at. Start a new run to go on.',
  })
}

function runFolder(directory: string, journal: JournalWriter): RunFolder {
  return {
    directory,
    append: journal.append,
    logPath: (task, index, attempt) => logPathIn(directory, task, index, attempt),
    scratchPath: (task, index, attempt) => join(directory, 'tmp', attemptName(task, index, attempt)),
    close: journal.close,
  }
}

async function makeSubfolders(disk: Disk, directory: string): Promise<void> {
  await disk.makeFolder(join(directory, 'logs'))
  await disk.makeFolder(join(directory, 'tmp'))
}

/** Told apart for all tasks, indexes and attempts: the number after the last dot is the attempt. */
function attemptName(task: string, index: number | null, attempt: number): string {
  return `${fileNameOf(task)}${index === null ? '' : `[${index}]`}.${attempt}`
}
