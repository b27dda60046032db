import type { ContractClient } from '#shared/contract/client.ts'
import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { applyEvent, createRunView, loseRunning } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { runStateOf } from '#shared/journal/summary.ts'
import { DONE, type ExitCode, RUN_FAILED, type Terminal } from './command.ts'
import { type Progress, progressOn } from './progress.ts'
import { reportFailure } from './report.ts'
import { runResultOf } from './run-result.ts'
import { printSummary } from './run-summary.ts'
import { plainText } from './terminal.ts'

export interface FollowOptions {
  readonly json: boolean
  /** Print the journal's events as lines on standard output. */
  readonly events: boolean
  /** Number of the last event that is not news: -1 for a new run. */
  readonly after: number
}

/** Watches a run to its end, cancelling it on Ctrl-C (twice: kill), then prints the result. */
export async function followRun(
  client: ContractClient,
  io: Terminal,
  where: { readonly workspace: string; readonly run: string },
  options: FollowOptions,
): Promise<ExitCode> {
  let progress: Progress | null = null
  const say = (text: string) => (progress ? progress.say(text) : io.err.line(text))
  const stop = cancelOnSignals(client, say, where)
  try {
    const view = await watch(client, io, where, options, (begun) => {
      progress = begun
    })
    const state = runStateOf(view, false)
    if (state === 'interrupted') loseRunning(view)
    if (options.json) {
      // Events and result share the stream: then each is one line.
      io.out.line(JSON.stringify(runResultOf(view, false), null, options.events ? 0 : 2))
    } else {
      await printSummary(io, view)
    }
    if (state === 'interrupted') io.err.line(`Go on with \`dagwright resume ${view.header.run}\`.`)
    return state === 'success' || state === 'partial' ? DONE : RUN_FAILED
  } finally {
    stop()
  }
}

async function watch(
  client: ContractClient,
  io: Terminal,
  where: { readonly workspace: string; readonly run: string },
  options: FollowOptions,
  onProgress: (progress: Progress) => void,
): Promise<RunView> {
  let view: RunView | null = null
  let progress: Progress | null = null
  let failed: AppErrorData | undefined
  const began = { clock: performance.now(), t: 0 }
  const now = () => began.t + (performance.now() - began.clock) * 1000
  try {
    for await (const { events, failure } of await client.runs.watch({ ...where, after: -1 })) {
      failed = failure
      if (view === null) {
        const header = events[0]
        if (header?.type !== 'run') continue
        view = createRunView(header)
        if (!options.events) io.err.line(`Run ${header.run} of ${plainText(header.pipeline)}`)
        progress = progressOn(io.err, view, now)
        onProgress(progress)
      }
      for (const event of events) applyEvent(view, event)
      const last = events.at(-1)
      if (last) Object.assign(began, { clock: performance.now(), t: last.t })
      const news = events.filter((event) => event.n > options.after)
      progress?.update(news)
      if (options.events) for (const event of news) io.out.line(eventLine(event))
    }
  } finally {
    // On one screen the summary says it all again.
    progress?.end(options.json || !io.out.isTerminal)
  }
  if (view === null) throw new Error('The run has no events.')
  if (failed) reportFailure(new AppError(failed), io, false)
  return view
}

/** The journal's own line, without its checksum. */
function eventLine(event: JournalEvent): string {
  return JSON.stringify(event)
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

function cancelOnSignals(
  client: ContractClient,
  say: (text: string) => void,
  where: { readonly workspace: string; readonly run: string },
): () => void {
  let asked = 0
  const cancel = () => {
    asked++
    if (asked === 1) say('Cancelling. Press Ctrl-C again to kill what is left.')
    // A run that has just ended has nothing left to cancel.
    void client.runs.cancel({ ...where, kill: asked > 1 }).catch(() => undefined)
  }
  for (const signal of SIGNALS) process.on(signal, cancel)
  return () => {
    for (const signal of SIGNALS) process.off(signal, cancel)
  }
}
