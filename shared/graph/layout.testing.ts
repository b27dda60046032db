import { buildGraph, type Edge, type Graph } from './graph.ts'

/** Numbers from 0 up to 1 that look random and are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Edges a task, among them the one in the layer before that every task but the sources has. */
const EDGES_PER_TASK = 1.6
/** How far apart, in places, upstreams of neighbouring tasks mostly are. */
const NEIGHBOURHOOD = 12

/**
 * A graph as pipelines have it: many sources, narrowing to few results, upstreams mostly of the same neighbourhood in
 * the layer before, some from far away, a few hubs. Task numbers and the order of the edges give no hint of the shape.
 */
export function pipelineShape(size: number, seed: number): Graph {
  const random = randomFrom(seed + size)
  const below = (end: number) => Math.floor(random() * end)
  const layers = layerSizes(size)
  const firstOf = layers.map((_, layer) => layers.slice(0, layer).reduce((sum, count) => sum + count, 0))
  const seen = new Set<number>()
  const edges: Edge[] = []
  const link = (from: number, to: number) => {
    if (seen.has(from * size + to)) return
    seen.add(from * size + to)
    edges.push([from, to])
  }
  const near = (layer: number, share: number) => {
    const count = layers[layer]!
    const spread = (random() - 0.5) * Math.min(count, NEIGHBOURHOOD)
    return Math.max(0, Math.min(count - 1, Math.round(share * (count - 1) + spread)))
  }
  const upstream = (layer: number, share: number) => {
    const kind = random()
    const from = kind < 0.75 ? layer - 1 : kind < 0.95 ? Math.max(0, layer - 2 - below(3)) : below(layer)
    const where = random()
    const count = layers[from]!
    const hub = Math.floor((count * (below(5) + 0.5)) / 5)
    return firstOf[from]! + (where < 0.92 ? near(from, share) : where < 0.96 ? hub : below(count))
  }
  const shareOf = (layer: number, index: number) => (layers[layer]! > 1 ? index / (layers[layer]! - 1) : 0.5)
  for (let layer = 1; layer < layers.length; layer++) {
    for (let index = 0; index < layers[layer]!; index++) {
      link(firstOf[layer - 1]! + near(layer - 1, shareOf(layer, index)), firstOf[layer]! + index)
    }
  }
  const wanted = Math.round(EDGES_PER_TASK * size)
  for (let tries = 0; edges.length < wanted && tries < 5 * wanted; tries++) {
    const layer = 1 + below(layers.length - 1)
    const index = below(layers[layer]!)
    link(upstream(layer, shareOf(layer, index)), firstOf[layer]! + index)
  }
  const names = shuffled(size, below)
  return buildGraph(
    size,
    shuffled(edges.length, below).map((edge): Edge => [names[edges[edge]![0]]!, names[edges[edge]![1]]!]),
  )
}

function layerSizes(size: number): number[] {
  const count = Math.max(2, Math.min(size, Math.max(4, Math.round(5 + 2 * Math.log2(size / 50)))))
  const weights = Array.from({ length: count }, (_, layer) => (layer < 2 ? 1.6 : 1.15 - (0.75 * layer) / (count - 1)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const sizes = weights.map((weight) => Math.max(1, Math.floor((size * weight) / sum)))
  sizes[0]! += size - sizes.reduce((total, own) => total + own, 0)
  return sizes
}

function shuffled(size: number, below: (end: number) => number): number[] {
  const numbers = Array.from({ length: size }, (_, number) => number)
  for (let last = size - 1; last > 0; last--) {
    const other = below(last + 1)
    const kept = numbers[last]!
    numbers[last] = numbers[other]!
    numbers[other] = kept
  }
  return numbers
}

export function edgesOf(graph: Graph): Edge[] {
  return Array.from({ length: graph.size }, (_, from) => from).flatMap((from) =>
    Array.from(graph.targets.subarray(graph.outStart[from]!, graph.outStart[from + 1]!), (to): Edge => [from, to]),
  )
}

/** How good a picture is to read; all of it from left to right, edges as straight lines from handle to handle. */
export interface LayoutQuality {
  /** Pairs of edges that cross and share no end. */
  readonly crossings: number
  /** Of all edges, canvas pixels. */
  readonly length: number
  /** Pairs of an edge and a node that it runs behind. */
  readonly behind: number
  /** Width by height of the whole, in million square pixels. */
  readonly area: number
}

interface Line {
  readonly from: number
  readonly to: number
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** `positions` and `sizes` as a `Layout` gives and takes them. O(edges²) at worst. */
export function layoutQuality(graph: Graph, positions: Float64Array, sizes: Float64Array): LayoutQuality {
  const lines = edgesOf(graph)
    .map(([from, to]) => lineOf(from, to, positions, sizes))
    .sort((a, b) => a.x1 - b.x1)
  let right = 0
  let bottom = 0
  for (let node = 0; node < graph.size; node++) {
    right = Math.max(right, positions[2 * node]! + sizes[2 * node]!)
    bottom = Math.max(bottom, positions[2 * node + 1]! + sizes[2 * node + 1]!)
  }
  const left = positions.reduce((least, value, index) => (index % 2 === 0 ? Math.min(least, value) : least), right)
  const top = positions.reduce((least, value, index) => (index % 2 === 1 ? Math.min(least, value) : least), bottom)
  return {
    crossings: crossingsOf(lines),
    length: Math.round(lines.reduce((sum, line) => sum + Math.hypot(line.x2 - line.x1, line.y2 - line.y1), 0)),
    behind: behindOf(lines, graph.size, positions, sizes),
    area: Math.round(((right - left) * (bottom - top)) / 1e4) / 100,
  }
}

function lineOf(from: number, to: number, positions: Float64Array, sizes: Float64Array): Line {
  const start = [positions[2 * from]! + sizes[2 * from]!, positions[2 * from + 1]! + sizes[2 * from + 1]! / 2] as const
  const end = [positions[2 * to]!, positions[2 * to + 1]! + sizes[2 * to + 1]! / 2] as const
  const [[x1, y1], [x2, y2]] = start[0] <= end[0] ? [start, end] : [end, start]
  return { from, to, x1, y1, x2, y2 }
}

/** `lines` by their left end. */
function crossingsOf(lines: readonly Line[]): number {
  let count = 0
  let open: Line[] = []
  for (const line of lines) {
    open = open.filter((other) => other.x2 > line.x1)
    for (const other of open) if (cross(line, other)) count++
    open.push(line)
  }
  return count
}

function cross(a: Line, b: Line): boolean {
  if (a.from === b.from || a.to === b.to || a.from === b.to || a.to === b.from) return false
  return sideOf(a, b.x1, b.y1) * sideOf(a, b.x2, b.y2) < 0 && sideOf(b, a.x1, a.y1) * sideOf(b, a.x2, a.y2) < 0
}

function sideOf(line: Line, x: number, y: number): number {
  return (line.x2 - line.x1) * (y - line.y1) - (line.y2 - line.y1) * (x - line.x1)
}

function behindOf(lines: readonly Line[], size: number, positions: Float64Array, sizes: Float64Array): number {
  const byLeft = Array.from({ length: size }, (_, node) => node).sort((a, b) => positions[2 * a]! - positions[2 * b]!)
  let count = 0
  for (const line of lines) {
    const heightAt = (x: number) => line.y1 + ((line.y2 - line.y1) * (x - line.x1)) / (line.x2 - line.x1)
    for (const node of byLeft) {
      const left = positions[2 * node]!
      const right = left + sizes[2 * node]!
      if (left >= line.x2) break
      if (node === line.from || node === line.to || left <= line.x1 || right >= line.x2) continue
      const [a, b] = [heightAt(left), heightAt(right)]
      const top = positions[2 * node + 1]!
      if (Math.max(a, b) > top && Math.min(a, b) < top + sizes[2 * node + 1]!) count++
    }
  }
  return count
}
