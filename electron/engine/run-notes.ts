import { resolve } from 'node:path'
import type { InputFile } from '#shared/journal/event.ts'
import type { Task } from '#shared/model/pipeline.ts'
import type { JournalQueue } from './journal-queue.ts'
import { programOf } from './kinds/program.ts'
import type { RunRequest } from './ports.ts'
import type { ProgramVersions } from './program-versions.ts'
import type { RunClock } from './run-clock.ts'
import type { AttemptContext } from './runner.ts'

/** A run's end waits this long for what is still being read; a large file that takes longer stays unnoted. */
const PATIENCE_MILLISECONDS = 2_000

/** Writes into the journal what a run's attempts ran by and read. No attempt waits for it. */
export class RunNotes {
  private readonly journal: JournalQueue
  private readonly clock: RunClock
  private readonly versions: ProgramVersions
  private readonly contentOf: RunRequest['contentOf']
  private readonly programs = new Set<string>()
  private readonly open = new Set<Promise<void>>()
  private closed = false

  constructor(journal: JournalQueue, clock: RunClock, versions: ProgramVersions, contentOf: RunRequest['contentOf']) {
    this.journal = journal
    this.clock = clock
    this.versions = versions
    this.contentOf = contentOf
  }

  /** Right before an attempt begins. */
  note(task: Task, index: number | null, attempt: number, context: AttemptContext): void {
    const program = programOf(task, context)
    if (program !== null && !this.programs.has(program.path)) {
      this.programs.add(program.path)
      this.when(this.versions.of(program), (version) => ({
        type: 'interpreter',
        program: program.name,
        path: program.path,
        version,
      }))
    }
    if (task.reads.length === 0) return
    const place = { task: task.id, index, attempt }
    this.when(readFiles(task.reads, context, this.contentOf), (files) => ({ type: 'inputs', ...place, files }))
  }

  /** Once all is noted, or the patience is over: then nothing more is. null: there is nothing to wait for. */
  whenDone(): Promise<void> | null {
    if (this.open.size === 0 || this.closed) {
      this.closed = true
      return null
    }
    const { promise, resolve: done } = Promise.withResolvers<void>()
    const timer = setTimeout(done, PATIENCE_MILLISECONDS)
    void Promise.all(this.open).then(() => done())
    return promise.then(() => {
      clearTimeout(timer)
      this.closed = true
    })
  }

  /** Something else that the run's end shall wait for, as patiently. `work` never rejects. */
  waitFor(work: Promise<void>): void {
    const waited = work.then(() => void this.open.delete(waited))
    this.open.add(waited)
  }

  private when<T>(found: Promise<T>, body: (value: T) => Parameters<JournalQueue['addUnhurried']>[0]): void {
    this.waitFor(
      found.then((value) => {
        if (!this.closed) this.journal.addUnhurried(body(value), this.clock.now())
      }),
    )
  }
}

/** The declared `reads` as they are now. A path with an expression that has no value stays as written. Never rejects. */
async function readFiles(
  reads: readonly string[],
  context: Pick<AttemptContext, 'cwd' | 'expressions'>,
  contentOf: RunRequest['contentOf'],
): Promise<readonly InputFile[]> {
  return Promise.all(
    reads.map(async (declared) => {
      const path = rendered(declared, context)
      const place = placeOf(path, context.cwd)
      const content = place === null ? null : await contentOf(place)
      return { path, size: content?.size ?? null, hash: content?.hash ?? null }
    }),
  )
}

function rendered(declared: string, { expressions }: Pick<AttemptContext, 'expressions'>): string {
  if (!declared.includes('${{')) return declared
  try {
    return expressions.text(declared)
  } catch {
    return declared
  }
}

/** Absolute path of a dataset that is a file; null for an address such as `s3://…` and for what still is an expression. */
export function placeOf(dataset: string, cwd: string): string | null {
  if (dataset.includes('${{') || /^[A-Za-z][\w+.-]+:/.test(dataset)) return null
  return resolve(cwd, dataset)
}
