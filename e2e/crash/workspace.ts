import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readStat } from '#electron/spawner/processes.ts'
import { decodeJournal } from '#shared/journal/codec.ts'
import type { JournalEvent } from '#shared/journal/event.ts'

const root = join(import.meta.dirname, '../..')
const MAIN = join(root, 'electron/hosts/cli/main.ts')
const COMPILE_CACHE = join(root, 'node_modules/.cache/cli')
/** A hang limit, not an expectation. */
const HANG_MILLISECONDS = 60_000

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartedCommand {
  readonly child: ChildProcess
  readonly outcome: Promise<Outcome>
}

/** Why crash tests cannot run here, or null. They find processes, and what those were started with, in /proc. */
export const UNTESTABLE =
  process.platform === 'linux'
    ? null
    : 'Skipped: crash tests look for surviving processes in /proc, which only Linux has.'

/** A workspace of its own with the real command line in it; every process that belongs to it can be found. */
export class CrashWorkspace {
  readonly root: string
  private readonly folder: string
  private readonly commands = new Set<ChildProcess>()

  /** `within`: an existing folder for the workspace; the user's data lie elsewhere, so that a full disk spares them. */
  constructor(within: string | null = null) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'dagwright-crash-')))
    this.root = join(within ?? this.folder, 'workspace')
    mkdirSync(this.root)
    this.put('dagwright.yaml', 'retention: { runs: 50 }\n')
  }

  put(path: string, text: string, mode = 0o644): void {
    writeFileSync(join(this.root, path), text)
    chmodSync(join(this.root, path), mode)
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  start(...args: readonly string[]): StartedCommand {
    const env = {
      ...process.env,
      DAGWRIGHT_HOME: join(this.folder, 'home'),
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
    }
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: this.root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.commands.add(child)
    const said = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text
    })
    const outcome = new Promise<Outcome>((resolve) => {
      child.on('exit', () => this.commands.delete(child))
      child.on('close', (code) => resolve({ code, ...said }))
    })
    return { child, outcome }
  }

  run(...args: readonly string[]): Promise<Outcome> {
    return this.start(...args).outcome
  }

  /** The journal of the workspace's only run; null while it has none. */
  get journalPath(): string | null {
    const runs = join(this.root, '.dagwright/runs/crash')
    const [run] = existsSync(runs) ? readdirSync(runs) : []
    const path = run === undefined ? null : join(runs, run, 'journal.ndjson')
    return path !== null && existsSync(path) ? path : null
  }

  events(): readonly JournalEvent[] {
    return this.journalPath === null ? [] : decodeJournal(readFileSync(this.journalPath)).events
  }

  /** What the tasks wrote: `start LABEL ATTEMPT` and `end LABEL ATTEMPT`. */
  lines(): readonly string[] {
    return this.has('lines.txt') ? readFileSync(join(this.root, 'lines.txt'), 'utf8').trim().split('\n') : []
  }

  /** Live processes of this workspace: tasks are told where it is, hosts inherit where the user's data are. */
  processes(): readonly FoundProcess[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
      .map((pid) => this.look(pid))
      .filter((found) => found !== null)
  }

  tasks(): readonly FoundProcess[] {
    return this.processes().filter(({ kind }) => kind === 'task')
  }

  private look(pid: number): FoundProcess | null {
    try {
      const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
      const isTask = environment.includes(`\0DAGWRIGHT_WORKSPACE=${this.root}\0`)
      if (!isTask && !environment.includes(`\0DAGWRIGHT_HOME=${this.folder}/`)) return null
      const state = readStat(pid)?.state ?? 'X'
      if (state === 'Z' || state === 'X') return null
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
      const host = /[\\/](spawner|sql)(\/main)?\.(ts|mjs) /.exec(command)?.[1] as 'spawner' | 'sql' | undefined
      return { pid, command, kind: isTask ? 'task' : (host ?? 'engine') }
    } catch {
      return null
    }
  }

  /** Ends what the test started and removes everything. */
  dispose(): void {
    for (const child of this.commands) child.kill('SIGKILL')
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone meanwhile.
      }
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 })
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export interface FoundProcess {
  readonly pid: number
  readonly command: string
  readonly kind: 'task' | 'spawner' | 'sql' | 'engine'
}

/** Waits until `test` holds; returns after how many milliseconds. Throws, telling `what` it waited for, after the hang limit. */
export async function eventually(test: () => boolean, what: () => string): Promise<number> {
  const begin = performance.now()
  while (!test()) {
    if (performance.now() - begin > HANG_MILLISECONDS) throw new Error(`It never came: ${what()}`)
    await pause(10)
  }
  return performance.now() - begin
}

/** Numbers in [0, 1) that follow from the seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
