import { basename, dirname, join } from 'node:path'
import type { RunSummary } from '#shared/contract/data.ts'
import { type Disk, readWhole } from './disk.ts'
import { JOURNAL, SPEC } from './run-folder.ts'

/**
 * What can still be said of a run whose journal does not begin with a readable header: when it was, by its id, and of
 * which pipeline, by its frozen spec. null where the journal is gone or only being begun.
 */
export async function unreadableRun(disk: Disk, directory: string, run: string): Promise<RunSummary | null> {
  const entry = await disk.stat(join(directory, JOURNAL))
  const journal = entry?.kind === 'file' ? await readWhole(disk, join(directory, JOURNAL)) : null
  // A header that is being written has no end of line yet.
  if (entry === null || journal === null || !journal.includes(NEWLINE)) return null
  const spec = Buffer.from((await readWhole(disk, join(directory, SPEC))) ?? []).toString('utf8')
  const pipeline = /^id:[ \t]*["']?([\w.-]+)/m.exec(spec)?.[1] ?? basename(dirname(directory))
  return damagedRun(run, pipeline, new Date(entry.modifiedAt))
}

/** A run whose folder the system does not let be read: what its id and its folder's name say. */
export function refusedRun(directory: string, run: string): RunSummary {
  return damagedRun(run, basename(dirname(directory)), new Date(startOf(run) ?? 0))
}

function damagedRun(run: string, pipeline: string, ended: Date): RunSummary {
  return {
    run,
    pipeline,
    name: pipeline,
    file: '',
    state: 'interrupted',
    startedAt: startOf(run) ?? ended.toISOString(),
    endedAt: ended.toISOString(),
    makespan: null,
    counts: {},
    trigger: 'cli',
    parent: null,
    partial: false,
    machine: 'unknown',
    live: false,
    damaged: true,
  }
}

const NEWLINE = 10

function startOf(run: string): string | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(run)
  if (parts === null) return null
  const [, year, month, day, hour, minute, second] = parts
  const start = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(start.getTime()) ? null : start.toISOString()
}
