import type { Micros } from '#shared/model/time.ts'

/**
 * What engine and spawner say to each other: one JSON object a line, over the spawner's standard input and output.
 * The spawner kills every process group it started when that input closes.
 */
/**
 * The descriptor of the line: the engine's shortcut to whoever starts processes, past the spawner. Over it go the ids of
 * prepared processes that may begin, 32 bits each, big endian. A word may come before what it is about.
 */
export const LINE = 3

export type ToSpawner = Configure | PrepareProcess | BeginProcess | StopProcess | ShiftClock

/** First message. `record`: absolute path of the file that lists what runs, for a sweep after both died. */
export interface Configure {
  readonly type: 'configure'
  readonly record: string
}

/** Readies a process while what releases it is being made durable. It begins when it is told to, not before. */
export interface PrepareProcess {
  readonly type: 'prepare'
  /** Chosen by the engine, unique for the life of this spawner. */
  readonly id: number
  readonly run: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Absolute path of the log; its folder exists. */
  readonly log: string
  /** `monotonic()` at t = 0 of the run. */
  readonly epoch: Micros
  /** Values to mask. Never written anywhere. */
  readonly secrets: readonly string[]
  readonly graceMilliseconds: number
  /** Private folder: made before the start, removed right after the end was told. */
  readonly scratch: string
  /** Files to write into it first. */
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** Name of the file in it that is read back at the end. */
  readonly output: string
  readonly outputLimit: number
}

/** Not used where the word goes over the line. */
export interface BeginProcess {
  readonly type: 'begin'
  readonly id: number
}

/** One that has not begun will not. */
export interface StopProcess {
  readonly type: 'stop'
  readonly id: number
  /** SIGKILL at once instead of SIGTERM and a grace time. */
  readonly kill: boolean
}

/** The machine slept and its monotonic clock did not count it: log lines of this run are `by` later from now on. */
export interface ShiftClock {
  readonly type: 'shift'
  readonly run: string
  readonly by: Micros
}

export type FromSpawner = SpawnerReady | ProcessStarted | ProcessRefused | ProcessEnded

/** Answers `configure`: it came up. `line`: from now on somebody listens at the line. */
export interface SpawnerReady {
  readonly type: 'ready'
  readonly line: boolean
}

export interface ProcessStarted {
  readonly type: 'started'
  readonly id: number
  readonly pid: number
  /** `monotonic()` when it started: the message may come later. */
  readonly at: Micros
}

/** It never ran. `code` is the system's (ENOENT, E2BIG, …), 'CWD' where the working directory is missing, 'STOPPED' where a stop came first. */
export interface ProcessRefused {
  readonly type: 'refused'
  readonly id: number
  readonly code: string
  readonly message: string
}

export interface ProcessEnded {
  readonly type: 'ended'
  readonly id: number
  readonly exitCode: number | null
  readonly signal: string | null
  readonly peakMemory: number | null
  readonly cpu: Micros | null
  /** The output file: its text, its size in bytes where it is over the limit, why it cannot be read, or null where there is none. */
  readonly output: { readonly text: string } | { readonly tooLarge: number } | { readonly unreadable: string } | null
  /** The end of its standard error, masked. */
  readonly errorTail: string
  /** Whether there is a log: what prints nothing has none. */
  readonly logged: boolean
  /** Why the log is incomplete (a full disk), else null. */
  readonly logProblem: string | null
}

/** Microseconds of the machine's monotonic clock: the same in every process of this machine. */
export function monotonic(): Micros {
  return Number(process.hrtime.bigint() / 1000n)
}

export function encodeFrame(message: unknown): string {
  return `${JSON.stringify(message)}\n`
}

/** Cuts a stream of text into frames. Feed it decoded text; it keeps what is incomplete. */
export function frameReader<T>(onMessage: (message: T) => void): (text: string) => void {
  let partial: string[] = []
  return (text) => {
    let from = 0
    for (;;) {
      const end = text.indexOf('\n', from)
      if (end < 0) break
      partial.push(text.slice(from, end))
      const line = partial.length === 1 ? partial[0]! : partial.join('')
      partial = []
      from = end + 1
      onMessage(JSON.parse(line) as T)
    }
    if (from < text.length) partial.push(text.slice(from))
  }
}
