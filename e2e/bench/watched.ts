import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from '@playwright/test'
import { chromiumForTests } from '../../build/chromium.ts'
import { decodeJournal } from '../../shared/journal/codec.ts'
import { App } from '../app.ts'
import { startHost } from '../browser/host.ts'
import { makeWorkspace } from '../workspace.ts'
import { cpuSecondsOf, watchLoops } from './measure.ts'

export interface Watched {
  /** Makespans, in seconds, by the journal. */
  readonly unwatched: number
  readonly watched: number
  /** CPU time of the host's own process during each run. */
  readonly unwatchedCpu: number
  readonly watchedCpu: number
  /** Milliseconds, of the host from its start to its end: opening the file, two runs, and serving the page. */
  readonly longestStall: number
}

const MOST_MILLISECONDS = 240_000
const SPACE = 240

/**
 * The same pipeline twice on the web host: once with a page that shows the run live, once with the page gone as soon
 * as the run has begun. null: there is no browser.
 */
export async function runWatched(pipeline: string): Promise<Watched | null> {
  const executablePath = await chromiumForTests()
  if (executablePath === null) return null
  const workspace = await makeWorkspace({ 'bench.dag.yaml': pipeline })
  const loops = watchLoops(0)
  process.env.NODE_OPTIONS = loops.options
  const host = await startHost(workspace)
  delete process.env.NODE_OPTIONS
  const runs = join(workspace.root, '.dagwright/runs/bench')
  const seen = new Set<string>()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  let found: Omit<Watched, 'longestStall'>
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.setDefaultTimeout(MOST_MILLISECONDS)
    await page.goto(host.url)
    const app = new App(page, workspace)
    await app.tab.waitFor()
    const before = cpuSecondsOf(host.pid)
    await app.run()
    const watched = await makespanOf(runs, seen)
    const between = cpuSecondsOf(host.pid)
    await app.button('Run').click()
    const unwatched = await makespanOf(runs, seen, () => page.goto('about:blank'))
    const after = cpuSecondsOf(host.pid)
    found = { watched, unwatched, watchedCpu: between - before, unwatchedCpu: after - between }
  } finally {
    await browser.close()
    await host.stop()
    await workspace.discard()
  }
  return { ...found, longestStall: loops.longest('cli.mjs') }
}

/** Places for every task, so that the page need not lay out before it can show anything. */
export function placed(pipeline: string, tasks: number, columns: number): string {
  const place = (task: number) => [Math.floor(task / columns) * SPACE, (task % columns) * SPACE]
  const lines = Array.from({ length: tasks }, (_, task) => `  t${task}: [${place(task).join(', ')}]\n`)
  return `${pipeline}canvas:\n${lines.join('')}`
}

/** Waits for a run that was not seen before, and for its end. */
async function makespanOf(runs: string, seen: Set<string>, onBegun: () => unknown = () => undefined): Promise<number> {
  const limit = performance.now() + MOST_MILLISECONDS
  let run: string | undefined
  while (performance.now() < limit) {
    await pause(200)
    if (run === undefined) {
      run = list(runs).find((name) => !seen.has(name))
      if (run === undefined) continue
      seen.add(run)
      await onBegun()
    }
    const path = join(runs, run, 'journal.ndjson')
    if (!readFileSync(path, 'latin1').slice(-400).includes('"type":"ended"')) continue
    return decodeJournal(readFileSync(path)).events.at(-1)!.t / 1e6
  }
  throw new Error('The run did not end.')
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
