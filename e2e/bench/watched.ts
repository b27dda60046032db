import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import { chromiumForTests } from '../../build/chromium.ts'
import type { ContractClient } from '../../shared/contract/client.ts'
import { contractSerializers } from '../../shared/contract/serializers.ts'
import type { JournalEvent } from '../../shared/journal/event.ts'
import { App } from '../app.ts'
import { type Host, startHost } from '../browser/host.ts'
import { makeWorkspace, type Workspace } from '../workspace.ts'
import { LoneBrowser } from './lone-browser.ts'
import { IDLE, type Stalls, startIdle, watchLoops } from './loops.ts'
import { cpuSecondsOf, descendantsOf } from './measure.ts'

/** One run of the pipeline. */
export interface WatchedRun {
  /** By the journal. */
  readonly makespan: number
  /** CPU seconds meanwhile: of the host's own process, and of the browser with all its processes. */
  readonly hostCpu: number
  readonly browserCpu: number
  /** What the page's status bar said of the run, one after the other; 0 where nobody watched. */
  readonly steps: number
  /** Milliseconds from the journal's last event to the page that says how the run ended; null where nobody watched. */
  readonly endShownAfter: number | null
}

export interface Watched {
  readonly unwatched: readonly WatchedRun[]
  /** By a page that has just been opened: its code is not compiled yet, and it turns from the last run to this one. */
  readonly watched: readonly WatchedRun[]
  /** By the same page, which shows the run before. */
  readonly again: readonly WatchedRun[]
  /** Of the host from when it can be reached to its end: opening the file, all runs, serving the page. */
  readonly stalls: Stalls
  /** Of a process beside it with nothing to do. */
  readonly idleStalls: Stalls
}

const FILE = 'bench.dag.yaml'
const MOST_MILLISECONDS = 240_000
const SPACE = 240
/** The page has drawn what it opened, and old runs are tidied away. */
const SETTLE_MILLISECONDS = 3000
/** From the driver's going to the press of Run. */
const ALONE_MILLISECONDS = 1500

/**
 * The same pipeline on the web host, by turns with nobody watching (another client starts it, the browser stands empty),
 * with a page that shows the run live from its start, as a person sees it who opens the app and presses Run, and with
 * Run pressed there once more. One run before them is not counted. null: there is no browser.
 */
export async function runWatched(pipeline: string, repeats: number): Promise<Watched | null> {
  const executablePath = await chromiumForTests()
  if (executablePath === null) return null
  const workspace = await makeWorkspace({ [FILE]: pipeline })
  const loops = watchLoops(0)
  process.env.NODE_OPTIONS = loops.options
  const host = await startHost(workspace)
  const listening = Date.now()
  delete process.env.NODE_OPTIONS
  const idle = startIdle(loops.options)
  const browser = await LoneBrowser.start(executablePath)
  const bench = { host, browser, workspace, seen: new Set<string>() }
  const runs = { unwatched: [] as WatchedRun[], watched: [] as WatchedRun[], again: [] as WatchedRun[] }
  try {
    await openAndRun(bench)
    await one(bench)
    for (let repeat = 0; repeat < repeats; repeat++) {
      await browser.drive((page) => page.goto('about:blank'))
      await pause(SETTLE_MILLISECONDS)
      runs.unwatched.push(await one(bench, () => startAlone(bench)))
      await openAndRun(bench)
      runs.watched.push(await one(bench))
      await browser.drive((page) => pressAlone(new App(page, workspace)))
      runs.again.push(await one(bench))
    }
  } finally {
    await browser.stop()
    await host.stop()
    await idle.stop()
    await workspace.discard()
  }
  const stalls = { stalls: loops.stalls('cli.mjs', listening), idleStalls: loops.stalls(IDLE, listening) }
  loops.discard()
  return { ...runs, ...stalls }
}

/** Places for every task, so that the page need not lay out before it can show anything. */
export function placed(pipeline: string, tasks: number, columns: number): string {
  const place = (task: number) => [Math.floor(task / columns) * SPACE, (task % columns) * SPACE]
  const lines = Array.from({ length: tasks }, (_, task) => `  t${task}: [${place(task).join(', ')}]\n`)
  return `${pipeline}canvas:\n${lines.join('')}`
}

interface Bench {
  readonly host: Host
  readonly browser: LoneBrowser
  readonly workspace: Workspace
  /** Runs that there were already. */
  readonly seen: Set<string>
}

/**
 * Opens the app and, once it has settled, presses Run. Where nobody is asked for trust any more, the press comes from the
 * page itself, so that it is alone by then.
 */
function openAndRun({ host, browser, workspace, seen }: Bench): Promise<void> {
  return browser.drive(async (page) => {
    page.setDefaultTimeout(MOST_MILLISECONDS)
    await page.goto(host.url)
    const app = new App(page, workspace)
    await app.tab.waitFor()
    await page.evaluate(noteStatus)
    await pause(SETTLE_MILLISECONDS)
    await (seen.size === 0 ? app.run() : pressAlone(app))
  })
}

function pressAlone(app: App): Promise<void> {
  return app.button('Run').evaluate(pressLater, ALONE_MILLISECONDS)
}

/** In the page. */
function pressLater(button: Element, milliseconds: number): void {
  setTimeout(() => (button as HTMLElement).click(), milliseconds)
}

/** A run that no page hears of but by its summary. */
async function startAlone({ host, workspace }: Bench): Promise<void> {
  const signedIn = await fetch(host.url, { redirect: 'manual' })
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  const { host: address, origin } = new URL(host.url)
  const socket = new WebSocket(`ws://${address}/rpc`, { headers: { cookie, origin } })
  const link = new RPCLink({ websocket: socket as never, customJsonSerializers: contractSerializers })
  const client: ContractClient = createORPCClient(link)
  const where = { workspace: workspace.root, path: FILE }
  await client.runs.start({ ...where, params: {}, trigger: 'app', pins: true, cache: true })
  socket.close()
}

/** `start`: where the run does not start by itself. */
async function one({ host, browser, workspace, seen }: Bench, start?: () => Promise<void>): Promise<WatchedRun> {
  const runs = join(workspace.root, '.dagwright/runs/bench')
  const before = { host: cpuSecondsOf(host.pid), browser: cpuSecondsBelow(browser.pid) }
  await start?.()
  const { makespan, startedAt, endedAt } = await endOf(runs, seen)
  const hostCpu = cpuSecondsOf(host.pid) - before.host
  const browserCpu = cpuSecondsBelow(browser.pid) - before.browser
  const steps = await browser.drive((page) => page.evaluate(() => window.statusSteps ?? []))
  const own = steps.filter(({ at }) => at > startedAt)
  const end = own.find(({ text }) => text.startsWith('Success'))
  return { makespan, hostCpu, browserCpu, steps: own.length, endShownAfter: end ? end.at - endedAt : null }
}

declare global {
  interface Window {
    statusSteps?: { readonly text: string; readonly at: number }[]
  }
}

/** In the page: every text that the status bar shows from now on, with the wall clock's milliseconds. */
function noteStatus(): void {
  const steps: { text: string; at: number }[] = []
  window.statusSteps = steps
  const bar = document.querySelector('footer')
  if (!bar) return
  new MutationObserver(() => {
    const text = bar.textContent
    if (text !== steps.at(-1)?.text) steps.push({ text, at: Date.now() })
  }).observe(bar, { subtree: true, childList: true, characterData: true })
}

function cpuSecondsBelow(pid: number): number {
  return descendantsOf(pid).reduce((sum, one) => sum + cpuSecondsOf(one), 0)
}

/** Waits for the end of a run that was not seen before, and then until a page had time to show it. */
async function endOf(
  runs: string,
  seen: Set<string>,
): Promise<{ readonly makespan: number; readonly startedAt: number; readonly endedAt: number }> {
  const limit = performance.now() + MOST_MILLISECONDS
  while (performance.now() < limit) {
    await pause(100)
    const run = list(runs).find((name) => !seen.has(name))
    if (run === undefined) continue
    const journal = join(runs, run, 'journal.ndjson')
    const last = lineOf(journal, 'last')
    if (last?.type !== 'ended') continue
    await pause(1000)
    seen.add(run)
    const header = lineOf(journal, 'first')
    if (header?.type !== 'run') throw new Error('The journal has no header.')
    const startedAt = Date.parse(header.wall)
    return { makespan: last.t / 1e6, startedAt, endedAt: startedAt + (last.t - header.t) / 1e3 }
  }
  throw new Error('The run did not end.')
}

/** A header with ten thousand durations is this long. */
const LINE_BYTES = 1024 * 1024

/**
 * Only as much of a journal as is asked for: the looks must cost the run nothing. null: the line is not whole yet, or
 * not even the file is there.
 */
function lineOf(journal: string, which: 'first' | 'last'): JournalEvent | null {
  let file: number
  try {
    file = openSync(journal, 'r')
  } catch {
    return null
  }
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(which === 'first' ? Math.min(size, LINE_BYTES) : Math.min(size, 400))
    readSync(file, bytes, 0, bytes.length, which === 'first' ? 0 : size - bytes.length)
    const lines = bytes.toString('latin1').split('\n')
    const line = which === 'first' ? lines[0]! : lines.at(-2)!
    return line.endsWith('}') && line.startsWith('{') ? (JSON.parse(line) as JournalEvent) : null
  } catch {
    return null
  } finally {
    closeSync(file)
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
