import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Micros } from '#shared/model/time.ts'
import { type Launch, type Launcher, STOPPED } from './launcher.ts'
import { AttemptLog } from './log.ts'
import { groupAlive, signalGroup, signalProcess, strays } from './processes.ts'
import { type FromSpawner, monotonic, type PrepareProcess, type ProcessEnded } from './protocol.ts'
import type { ProcessRecord } from './record.ts'
import { sample, type Usage } from './sampler.ts'
import type { ScratchFolders } from './scratch.ts'

/** How long output may still come after the process ended, before what holds its pipes is ended too. */
const DRAIN_MILLISECONDS = 2000
const POLL_MILLISECONDS = 20

/**
 * One task process and its group: prepared, started, watched, stopped, its log written. Calls `report` once with
 * `started` (or `refused`) and once with `ended`.
 */
export class SupervisedProcess {
  readonly request: PrepareProcess
  private readonly report: (message: FromSpawner) => void
  private readonly record: ProcessRecord
  private readonly folders: ScratchFolders
  private readonly log: AttemptLog
  private readonly launch: Launch
  private readonly usage: Usage = { peakMemory: null, cpu: null }
  private epoch: Micros
  private exit: { readonly code: number | null; readonly signal: string | null } | null = null
  private pid: number | null = null
  /** Asked to stop before it was known to have started, which it may have by then; whether to kill it. */
  private stopAtStart: boolean | null = null
  private stopping = false
  private killed = false
  private finished = false
  private killTimer: NodeJS.Timeout | null = null
  private drainTimer: NodeJS.Timeout | null = null
  private leftoversPoll: NodeJS.Timeout | null = null

  /** Readies it. Throws where its private folder cannot be made. */
  constructor(
    request: PrepareProcess,
    launcher: Launcher,
    record: ProcessRecord,
    folders: ScratchFolders,
    report: (message: FromSpawner) => void,
  ) {
    this.request = request
    this.folders = folders
    this.record = record
    this.report = report
    this.epoch = request.epoch
    folders.make(request.scratch)
    for (const file of request.files) writeFileSync(join(request.scratch, file.name), file.text, { mode: 0o700 })
    this.log = new AttemptLog(request.log, () => monotonic() - this.epoch, request.secrets)
    this.launch = launcher.prepare(request, {
      started: (pid) => this.onStarted(pid),
      refused: (code, message) => this.onRefused(code, message),
      output: (stream, chunk) => this.log.write(stream, chunk),
      exited: (code, signal) => this.onExit(code, signal),
      closed: (alone) => this.onClose(alone),
    })
  }

  begin(): void {
    this.launch.begin()
  }

  /** SIGTERM to the group, SIGKILL after the grace time; with `kill` SIGKILL at once. */
  stop(kill: boolean): void {
    if (this.finished || this.killed) return
    if (this.pid === null) {
      this.stopAtStart = kill || this.stopAtStart === true
      this.launch.withdraw()
    } else if (kill) this.killNow('Killed (SIGKILL).')
    else if (!this.stopping) this.askToEnd(this.pid)
  }

  private askToEnd(pid: number): void {
    this.stopping = true
    this.log.note('Asked to end (SIGTERM).')
    this.signal(pid, 'SIGTERM')
    const grace = this.request.graceMilliseconds
    this.killTimer = setTimeout(() => this.killNow(`Killed (SIGKILL): still running ${grace / 1000} s later.`), grace)
  }

  /** Kills the group without a word: the engine is gone. */
  abandon(): void {
    if (this.pid !== null) this.signal(this.pid, 'SIGKILL')
  }

  shift(by: Micros): void {
    this.epoch -= by
  }

  /** Called at an even pace while it runs. */
  tick(): void {
    if (this.pid !== null && this.exit === null) sample(this.pid, this.usage)
    this.log.flushStale()
  }

  private onStarted(pid: number): void {
    this.pid = pid
    this.record.started(pid, this.request.run)
    this.report({ type: 'started', id: this.request.id, pid, at: monotonic() })
    if (this.stopAtStart !== null) this.stop(this.stopAtStart)
  }

  private onRefused(code: string, message: string): void {
    this.finished = true
    void this.log.close()
    const { id, cwd, scratch } = this.request
    const problem =
      code === STOPPED.code || existsSync(cwd)
        ? { code, message }
        : { code: 'CWD', message: `The working directory ${cwd} does not exist.` }
    this.report({ type: 'refused', id, ...problem })
    this.folders.remove(scratch)
  }

  private onExit(code: number | null, signal: string | null): void {
    this.exit = { code, signal }
    this.drainTimer = setTimeout(() => this.endLeftovers(), DRAIN_MILLISECONDS)
  }

  private onClose(alone: boolean): void {
    if (this.finished) return
    // To look for strays takes longer than a short task: where nobody asked it to end they may stay until the spawner ends.
    const over = this.killed || (this.stopping ? !this.anythingLeft() : alone || !groupAlive(this.pid!))
    if (!over) this.endLeftovers()
    else void this.finish()
  }

  /** What the task left running in its group ends with it. */
  private endLeftovers(): void {
    if (this.leftoversPoll !== null) return
    if (!this.stopping && !this.killed) {
      this.log.note('The task ended but left processes running; they are ended too.')
      this.stop(false)
    }
    this.leftoversPoll = setInterval(() => {
      if (!this.killed && this.anythingLeft()) return
      clearInterval(this.leftoversPoll!)
      this.launch.disconnect()
      void this.finish()
    }, POLL_MILLISECONDS)
  }

  private killNow(note: string): void {
    this.killed = true
    this.log.note(note)
    this.signal(this.pid!, 'SIGKILL')
  }

  private signal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
    signalGroup(pid, signal)
    for (const stray of this.strays(pid)) signalProcess(stray, signal)
  }

  private anythingLeft(): boolean {
    return groupAlive(this.pid!) || this.strays(this.pid!).length > 0
  }

  /** What left its group, but not its session. */
  private strays(pid: number): readonly number[] {
    return strays(new Set([pid, this.record.session]), new Set([`DAGWRIGHT_TMP=${this.request.scratch}`]))
  }

  private async finish(): Promise<void> {
    if (this.finished) return
    this.finished = true
    if (this.killTimer !== null) clearTimeout(this.killTimer)
    if (this.drainTimer !== null) clearTimeout(this.drainTimer)
    this.record.ended(this.pid!)
    const logProblem = await this.log.close()
    const output = this.readOutput()
    this.report({
      type: 'ended',
      id: this.request.id,
      exitCode: this.exit?.code ?? null,
      signal: this.exit?.signal ?? null,
      peakMemory: this.usage.peakMemory,
      cpu: this.usage.cpu,
      output,
      errorTail: this.log.errorTail(),
      logged: this.log.begun,
      logProblem,
    })
    // The report is on its way by then: the engine goes on meanwhile.
    queueMicrotask(() => this.folders.remove(this.request.scratch))
  }

  private readOutput(): ProcessEnded['output'] {
    const { scratch, output, outputLimit } = this.request
    const path = join(scratch, output)
    try {
      // Mostly there is none: a look into the folder costs half of a look for a file that is missing.
      if (!readdirSync(scratch).includes(output)) return null
      const facts = statSync(path)
      // Reading a pipe or a device may never end.
      if (!facts.isFile()) return { unreadable: 'it is not a plain file' }
      return facts.size > outputLimit ? { tooLarge: facts.size } : { text: readFileSync(path, 'utf8') }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return code === 'ENOENT' ? null : { unreadable: message }
    }
  }
}
