import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { dagreLayout } from '../../shared/graph/dagre-layout.ts'
import type { Graph } from '../../shared/graph/graph.ts'
import { edgesOf, type LayoutQuality, layoutQuality, pipelineShape } from '../../shared/graph/layout.testing.ts'
import { type Layout, layoutPipeline } from '../../shared/graph/layout.ts'
import { LAYER_SPACE, NODE_SPACE } from '../../shared/graph/spacing.ts'
import { taskGraph } from '../../shared/graph/task-graph.ts'
import { parseDocument } from '../../shared/model/document.ts'
import { childTicks } from './measure.ts'

/**
 * The layout beside Graphviz dot (where it is installed, with the same sizes and spaces) and dagre (small graphs only),
 * on pipeline-shaped graphs of several seeds, on the sample, and on recorded workflows where they lie beside the
 * project. Cold is the first layout of a process (wall), warm the median of the repeats after it; dot's time is that of
 * its whole process, given up after a minute. Times but the cold one are CPU time, where the system tells dot's. Crossings, length and edges behind cards are of straight lines from handle to handle, the same for all.
 *
 *   npm run bench:layout -- [repeats] [part of a graph's name]
 */
const WIDTH = 180
const HEIGHT = 60
const SEEDS = [11, 12, 13]
const MOST_DAGRE = 200
const DOT_PATIENCE = 60_000
const MOST_REPEATED = 2000
const root = join(import.meta.dirname, '../..')

interface Case {
  readonly name: string
  readonly graph: Graph
}

function cases(): Case[] {
  const shapes = [50, 200, 500, 1000, 2000, 5000].flatMap((size) =>
    SEEDS.slice(0, size > 1000 ? 1 : undefined).map((seed) => ({
      name: `pipeline ${size} seed ${seed}`,
      graph: pipelineShape(size, seed),
    })),
  )
  return [...shapes, { name: 'pipeline 10000 seed 11', graph: pipelineShape(10_000, 11) }, sample(), ...workflows()]
}

function sample(): Case {
  const text = readFileSync(join(root, 'shared/samples/flights/flight_delays.dag.yaml'), 'utf8')
  return { name: 'sample flights', graph: taskGraph(parseDocument(text).pipeline!.tasks).graph }
}

interface Workflow {
  readonly workflow: { readonly specification: { readonly tasks: readonly { id: string; parents: string[] }[] } }
}

function workflows(): Case[] {
  const folder = join(root, '../shared/data/wfcommons')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { tasks } = (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Workflow).workflow.specification
      const graph = taskGraph(tasks.map(({ id, parents }) => ({ id, needs: parents.map((task) => ({ task })) }))).graph
      return { name: name.split('-')[0]!, graph }
    })
}

const sizesOf = (graph: Graph) =>
  Float64Array.from({ length: 2 * graph.size }, (_, i) => (i % 2 === 0 ? WIDTH : HEIGHT))

interface Measured extends LayoutQuality {
  readonly milliseconds: number
}

/** `repeats`: of a large graph fewer, so that the whole takes a few minutes on a busy machine, too. */
function measure(graph: Graph, layout: Layout, most: number): Measured {
  const repeats = graph.size > MOST_REPEATED ? 1 : most
  const sizes = sizesOf(graph)
  let positions = layout(graph, sizes, { direction: 'LR' })
  const times = Array.from({ length: repeats }, () => {
    const begin = process.cpuUsage()
    positions = layout(graph, sizes, { direction: 'LR' })
    const { user, system } = process.cpuUsage(begin)
    return (user + system) / 1000
  }).sort((a, b) => a - b)
  return { milliseconds: times[repeats >> 1]!, ...layoutQuality(graph, positions, sizes) }
}

function coldTime(name: string): number {
  const { stdout } = spawnSync(process.execPath, [import.meta.filename, 'cold', name], { encoding: 'utf8' })
  return Number(stdout)
}

/** Points an inch, in dot's own measure. */
const INCH = 72

function dotLayout(graph: Graph): { readonly milliseconds: number; readonly positions: Float64Array } | null {
  const text = [
    `digraph { rankdir=LR; nodesep=${NODE_SPACE / INCH}; ranksep=${LAYER_SPACE / INCH};`,
    `node [shape=box, fixedsize=true, label="", width=${WIDTH / INCH}, height=${HEIGHT / INCH}];`,
    ...Array.from({ length: graph.size }, (_, node) => `n${node};`),
    ...edgesOf(graph).map(([from, to]) => `n${from} -> n${to};`),
    '}',
  ].join('\n')
  const begin = performance.now()
  const before = childTicks()
  const options = { input: text, encoding: 'utf8', maxBuffer: 2 ** 30, timeout: DOT_PATIENCE } as const
  const { status, stdout } = spawnSync('dot', ['-Tplain'], options)
  if (status !== 0) return null
  const after = childTicks()
  const milliseconds = before === null || after === null ? performance.now() - begin : 10 * (after - before)
  const positions = new Float64Array(2 * graph.size)
  for (const [, node, x, y] of stdout.matchAll(/^node n(\d+) (\S+) (\S+)/gm)) {
    positions[2 * Number(node)] = Number(x) * INCH - WIDTH / 2
    positions[2 * Number(node) + 1] = Number(y) * INCH - HEIGHT / 2
  }
  return { milliseconds, positions }
}

function compare({ name, graph }: Case, repeats: number) {
  const own = measure(graph, layoutPipeline, repeats)
  const dot = graph.size <= 5000 ? dotLayout(graph) : null
  const dotQuality = dot && { milliseconds: dot.milliseconds, ...layoutQuality(graph, dot.positions, sizesOf(graph)) }
  const dagre = graph.size <= MOST_DAGRE ? measure(graph, dagreLayout, 1) : null
  return { name, tasks: graph.size, edges: graph.edgeCount, cold: coldTime(name), own, dot: dotQuality, dagre }
}

if (process.argv[2] === 'cold') {
  const { graph } = cases().find(({ name }) => name === process.argv[3])!
  const begin = performance.now()
  layoutPipeline(graph, sizesOf(graph), { direction: 'LR' })
  console.log(performance.now() - begin)
} else {
  const repeats = Number(process.argv[2] ?? 3)
  const results = cases()
    .filter(({ name }) => name.includes(process.argv[3] ?? ''))
    .map((one) => {
      console.error(one.name)
      return compare(one, repeats)
    })
  const trio =
    (pick: (measured: Measured) => number, digits = 0) =>
    ({ own, dot, dagre }: (typeof results)[number]) =>
      [own, dot, dagre].map((one) => (one ? pick(one).toFixed(digits) : '–')).join(' / ')
  console.log('Ours / dot / dagre')
  console.table(
    results.map((result) => ({
      graph: result.name,
      tasks: result.tasks,
      'ms, cold': result.cold.toFixed(0),
      'ms, warm': trio(({ milliseconds }) => milliseconds)(result),
      crossings: trio(({ crossings }) => crossings)(result),
      'length, k px': trio(({ length }) => length / 1000, 1)(result),
      'behind cards': trio(({ behind }) => behind)(result),
      'area, M px²': trio(({ area }) => area, 1)(result),
    })),
  )
  console.log(JSON.stringify({ width: WIDTH, height: HEIGHT, repeats, load: loadavg()[0], results }))
}
