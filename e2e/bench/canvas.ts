import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { ensure } from '../../build/bundle.ts'
import { edgesOf, pipelineShape } from '../../shared/graph/layout.testing.ts'
import { layoutPipeline } from '../../shared/graph/layout.ts'
import type { JournalBody, JournalEvent } from '../../shared/journal/event.ts'
import { costs, middle, middleWait, type Step, type Wait, waited, watchCosts } from './frames.ts'
import { headerOf } from './run-header.ts'
import { type Typing, typing } from './typing.ts'

/**
 * The canvas in headless Chromium, beside plain React Flow with its own nodes over the same graphs: first paint, script
 * time of a frame while panning, zooming and dragging, jump to fit, heap; then a run that changes 1,000 states a second,
 * an edit of the text, and a key typed in the YAML view of the whole built app. Milliseconds of CPU time on the main
 * thread, medians over steps: on a busy machine they say more than the wall, which stands beside them where a person
 * waits for it. MB of heap after collection. Motion is reduced, so that jumps are jumps. Reports, and never fails for a
 * time.
 *
 *   npm run bench:canvas -- [tasks, with commas between] [as "no-plain": without plain React Flow]
 */
const sizes = (process.argv[2] ?? '20,200,1000,10000').split(',').map(Number)
const withPlain = process.argv[3] !== 'no-plain'
const STEPS = 40
const SIZE = { width: 1600, height: 1000 }
const MIDDLE = { x: SIZE.width / 2, y: SIZE.height / 2 }

interface Row {
  readonly variant: 'dagwright' | 'plain'
  readonly tasks: number
  readonly edges: number
  readonly parse: number
  readonly firstPaint: Wait
  readonly panFar: Step
  readonly zoom: Step
  readonly pan: Step
  readonly drag: Step
  readonly fit: Wait
  readonly heap: number
  readonly live: (Step & { readonly longest: number }) | null
  readonly edit: Wait | null
  readonly typing: Typing | null
}

interface Graph {
  readonly text: string
  readonly edges: number
}

/** A file of tasks that stand where the layout puts them. */
function graphOf(tasks: number): Graph {
  const graph = pipelineShape(tasks, 42)
  const edges = edgesOf(graph)
  const corners = layoutPipeline(
    graph,
    Float64Array.from({ length: 2 * tasks }, (_, index) => (index % 2 ? 72 : 224)),
    { direction: 'LR' },
  )
  const needs = Array.from({ length: tasks }, (): number[] => [])
  for (const [from, to] of edges) needs[to]?.push(from)
  const lines = needs.map((own, task) => `  t${task}: { kind: noop, needs: [${own.map((from) => `t${from}`)}] }`)
  const places = needs.map((_, task) => `  t${task}: [${corners[2 * task]}, ${corners[2 * task + 1]}]`)
  const text = `dagwright: 1\nid: bench\ntasks:\n${lines.join('\n')}\ncanvas:\n${places.join('\n')}\n`
  return { text, edges: edges.length }
}

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: { page: join(import.meta.dirname, 'canvas-page.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const sheets = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.css'))
  const links = sheets.map((name) => `<link rel="stylesheet" href="assets/${name}">`)
  const style = '<style>html,body,#root{height:100%;margin:0}#root{position:relative}</style>'
  const head = `<!doctype html><html data-theme="light"><head>${links.join('')}${style}</head>`
  writeFileSync(
    join(folder, 'index.html'),
    `${head}<body><div id="root"></div><script type="module" src="page.js"></script></body></html>`,
  )
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    try {
      const content = readFileSync(join(folder, path === '/' ? 'index.html' : path))
      response.setHeader('content-type', TYPES[extname(path) || '.html'] ?? 'application/octet-stream')
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

/** What one step of the hand costs until its frame is done. */
async function steps(page: Page, devtools: CDPSession, step: (number: number) => Promise<void>): Promise<Step> {
  const scripts: number[] = []
  const works: number[] = []
  for (let number = 0; number < STEPS; number++) {
    const before = await costs(devtools)
    await step(number)
    await page.evaluate(() => window.bench.frame())
    const after = await costs(devtools)
    scripts.push(after.script - before.script)
    works.push(after.work - before.work)
  }
  return { script: middle(scripts), work: middle(works) }
}

async function pan(page: Page, devtools: CDPSession): Promise<Step> {
  await page.mouse.move(MIDDLE.x, MIDDLE.y)
  await page.mouse.down({ button: 'middle' })
  const cost = await steps(page, devtools, (number) => page.mouse.move(MIDDLE.x - 6 * number, MIDDLE.y - 4 * number))
  await page.mouse.up({ button: 'middle' })
  return cost
}

async function zoom(page: Page, devtools: CDPSession): Promise<Step> {
  await page.mouse.move(MIDDLE.x, MIDDLE.y)
  return steps(page, devtools, (number) => page.mouse.wheel(0, number < STEPS / 2 ? -60 : 60))
}

/** Of the card that is in the middle of the window. */
async function drag(page: Page, devtools: CDPSession): Promise<Step> {
  await page.mouse.move(MIDDLE.x + 1, MIDDLE.y + 1)
  await page.mouse.down()
  const cost = await steps(page, devtools, (number) => page.mouse.move(MIDDLE.x + 4 * number, MIDDLE.y + 3 * number))
  await page.mouse.up()
  return cost
}

const LIVE_FRAMES = 60
/** 30 times a second: 1,000 states. */
const STATES_AT_ONCE = 33

/** Two seconds of a run: tasks start and end, 33 states every 33 ms, the whole graph in view. */
async function live(page: Page, devtools: CDPSession, tasks: number): Promise<Row['live']> {
  let n = 0
  const event = (body: JournalBody): JournalEvent => ({ n: n++, t: n * 100, ...body }) as JournalEvent
  await page.evaluate((text) => window.bench.startRun(text), JSON.stringify([event(headerOf(tasks, () => 1_000_000))]))
  await page.waitForTimeout(500)
  const taken: Step[] = []
  for (let number = 0; number < LIVE_FRAMES; number++) {
    const events = Array.from({ length: STATES_AT_ONCE }, (_, own): JournalEvent => {
      const change = number * STATES_AT_ONCE + own
      const one = { task: `t${Math.floor(change / 2) % tasks}`, index: null }
      return change % 2 === 0
        ? event({ type: 'starting', ...one, attempt: 1, readyAt: 0, cause: { type: 'begin' } })
        : event({ type: 'settled', ...one, state: 'success', origin: 'executed', reason: null })
    })
    const before = await costs(devtools)
    await page.evaluate((text) => window.bench.takeEvents(text), JSON.stringify(events))
    await page.evaluate(() => window.bench.frame())
    const after = await costs(devtools)
    taken.push({ script: after.script - before.script, work: after.work - before.work })
    await page.waitForTimeout(10)
  }
  return {
    script: middle(taken.map(({ script }) => script)),
    work: middle(taken.map(({ work }) => work)),
    longest: Math.max(...taken.map(({ work }) => work)),
  }
}

/** From another text, read already, to its picture: what an edit of the text costs the canvas. */
async function edit(page: Page, devtools: CDPSession, text: string): Promise<Wait> {
  const waits: Wait[] = []
  for (let number = 0; number < 9; number++) {
    const other = text.replace('t1: { kind: noop', `t1: { kind: noop, name: "t1 ${number}"`)
    await page.evaluate((next) => window.bench.parse(next), other)
    waits.push(await waited(devtools, () => page.evaluate(() => window.bench.replace())))
  }
  return middleWait(waits)
}

async function measure(
  page: Page,
  devtools: CDPSession,
  variant: Row['variant'],
  tasks: number,
  graph: Graph,
): Promise<Omit<Row, 'typing'>> {
  const own = variant === 'dagwright'
  const parse = await page.evaluate((text) => window.bench.parse(text), graph.text)
  const empty = await heapOf(devtools)
  const firstPaint = await waited(devtools, () =>
    own ? page.evaluate(() => window.bench.showHybrid()) : page.evaluate(() => window.bench.showPlain()),
  )
  await page.waitForTimeout(1_500)
  const heap = (await heapOf(devtools)) - empty
  const panFar = await pan(page, devtools)
  if (own) await page.evaluate(() => window.bench.goTo('t7', 0.6))
  await page.waitForTimeout(800)
  const zoomed = await zoom(page, devtools)
  if (own) await page.evaluate(() => window.bench.goTo('t7', 0.6))
  await page.waitForTimeout(800)
  const dragged = own ? await drag(page, devtools) : await dragPlain(page, devtools)
  await page.waitForTimeout(300)
  const panned = own ? await pan(page, devtools) : panFar
  const fit = await waited(devtools, () => page.evaluate(() => window.bench.fit()))
  return {
    variant,
    tasks,
    edges: graph.edges,
    parse,
    firstPaint,
    panFar,
    zoom: zoomed,
    pan: panned,
    drag: dragged,
    fit,
    heap,
    live: own ? await live(page, devtools, tasks) : null,
    edit: own ? await edit(page, devtools, graph.text) : null,
  }
}

async function dragPlain(page: Page, devtools: CDPSession): Promise<Step> {
  const box = await page.locator('.react-flow__node').first().boundingBox()
  if (!box) throw new Error('There is no node to drag.')
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.mouse.move(at.x, at.y)
  await page.mouse.down()
  const cost = await steps(page, devtools, (number) => page.mouse.move(at.x + 4 * number, at.y + 3 * number))
  await page.mouse.up()
  return cost
}

const folder = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
const rows: Row[] = []
try {
  await Promise.all([bundle(folder), ensure('engine'), ensure('renderer')])
  const server = await serve(folder)
  const browser = await chromium.launch({
    executablePath: process.env.DAGWRIGHT_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--enable-precise-memory-info',
    ],
  })
  for (const tasks of sizes) {
    const graph = graphOf(tasks)
    for (const variant of withPlain ? (['dagwright', 'plain'] as const) : (['dagwright'] as const)) {
      const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' })
      page.setDefaultTimeout(180_000)
      page.on('pageerror', (error) => console.error(error))
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      const devtools = await watchCosts(page)
      const measured = await measure(page, devtools, variant, tasks, graph)
      const row: Row = { ...measured, typing: variant === 'dagwright' ? await typing(browser, graph.text) : null }
      rows.push(row)
      // One by one: plain React Flow takes minutes over the largest.
      console.log(JSON.stringify(row))
      await page.close()
    }
  }
  await browser.close()
  server.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const ms = (value: number | null | undefined) => (value === null || value === undefined ? '–' : value.toFixed(1))
const wait = (one: Wait | null) => (one ? `${ms(one.work)} (wall ${ms(one.wall)})` : '–')
const both = (step: Step | null) => (step ? `${ms(step.script)} (${ms(step.work)})` : '–')
console.table(
  rows.map((row) => ({
    tasks: row.tasks,
    variant: row.variant,
    'first paint': wait(row.firstPaint),
    'pan, all in view': both(row.panFar),
    'pan, near': both(row.pan),
    zoom: both(row.zoom),
    drag: both(row.drag),
    'jump to fit': wait(row.fit),
    'heap MB': ms(row.heap),
    'live frame': both(row.live),
    'edit to picture': wait(row.edit),
    'key to picture': wait(row.typing?.near ?? null),
    'the same, far': wait(row.typing?.far ?? null),
  })),
)
console.log(
  'CPU ms of the main thread: script of a step (all its work); first paint, jump and edit: all work (and the wall).',
)
console.log(JSON.stringify({ size: SIZE, steps: STEPS, rows }))
