import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { ensure, isFresh, type Target } from './bundle.ts'
import { findChromium } from './chromium.ts'
import { electronBinary } from './electron-binary.ts'
import { placeSampleData } from './sample-data.ts'

/** `npm start [-- path]`: builds what changed, then opens the desktop window, or, without Electron, serves the same app. */
const root = join(import.meta.dirname, '..')
const cli = join(root, 'dist/cli.mjs')

async function buildWithProgress(targets: readonly Target[]): Promise<void> {
  const stale = targets.filter((target) => !isFresh(target))
  const names: Record<Target, string> = { engine: 'the engine', desktop: 'the desktop shell', renderer: 'the app' }
  for (const [index, target] of stale.entries()) {
    const began = performance.now()
    process.stdout.write(`[${index + 1}/${stale.length}] Building ${names[target]} … `)
    await ensure(target)
    console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`)
  }
}

const PARENT_CHECK_MILLISECONDS = 300

/** npm hands a signal to the shell between us, which dies of it and tells nobody: then this process has another parent. */
function endWithParent(child: ChildProcess): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    child.kill('SIGTERM')
  }, PARENT_CHECK_MILLISECONDS)
  timer.unref()
}

function openDesktop(electron: string, path: string | null): void {
  const child = spawn(electron, [join(root, 'dist/desktop/main.mjs'), ...(path ? [path] : [])], { stdio: 'inherit' })
  endWithParent(child)
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

/** The app in a window of its own where a browser of the Chromium family is installed, else in the default browser. */
function openBrowser(url: string): void {
  const hasDisplay =
    process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined
  if (!hasDisplay || process.env.DAGWRIGHT_OPEN === '0') return
  const chromium = findChromium()
  const [command, args] = chromium
    ? [chromium, [`--app=${url}`]]
    : process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]]
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => console.log('Open this address in a browser.'))
    .unref()
}

function serveWeb(path: string | null): void {
  const child = spawn(process.execPath, [cli, 'serve', ...(path ? [path] : [])], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  let opened = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text)
    const url = /http:\/\/\S+/.exec(text)?.[0]
    if (!url || opened) return
    opened = true
    openBrowser(url)
  })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  endWithParent(child)
  child.on('exit', (code) => {
    process.exitCode = code ?? 0
  })
}

/** A copy of the sample that belongs to the person: they will edit and run it. */
function sampleWorkspace(): string | null {
  const { stdout, status } = spawnSync(process.execPath, [cli, 'sample', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return status === 0 ? (JSON.parse(stdout) as { path: string }).path : null
}

placeSampleData()
const asked = process.argv[2] ?? null
const wantsWeb = process.env.DAGWRIGHT_HOST === 'web'
const electron = wantsWeb ? null : electronBinary({ fetch: true })
await buildWithProgress(electron ? ['engine', 'desktop', 'renderer'] : ['engine', 'renderer'])
const path = asked ? resolve(asked) : sampleWorkspace()
if (electron) openDesktop(electron, path)
else {
  console.log(
    wantsWeb
      ? 'Serving the app from this machine (DAGWRIGHT_HOST=web).'
      : "Electron's binary is not here and cannot be fetched: serving the same app from this machine instead.",
  )
  serveWeb(path)
}
