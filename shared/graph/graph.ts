/**
 * A directed graph over the nodes 0 … size-1 in compressed sparse rows: the targets of node v are
 * `targets[outStart[v]] … targets[outStart[v + 1] - 1]`, its sources likewise in `sources` by `inStart`.
 * Neighbours stand in the order in which the edges were given. Parallel edges and self-loops are kept.
 * All kernels over it are iterative: a chain of any length is safe.
 */
export interface Graph {
  readonly size: number
  readonly edgeCount: number
  readonly outStart: Int32Array
  readonly targets: Int32Array
  readonly inStart: Int32Array
  readonly sources: Int32Array
}

export type Edge = readonly [from: number, to: number]

/**
 * Takes the number of nodes and the edges as pairs of node numbers.
 * Throws a RangeError for an edge that names a node outside 0 … size-1.
 */
export function buildGraph(size: number, edges: readonly Edge[]): Graph {
  const outStart = new Int32Array(size + 1)
  const inStart = new Int32Array(size + 1)
  for (const [from, to] of edges) {
    if (!(from >= 0 && from < size && to >= 0 && to < size)) {
      throw new RangeError(`Edge ${from} -> ${to} leaves a graph of ${size} nodes`)
    }
    outStart[from + 1]!++
    inStart[to + 1]!++
  }
  for (let node = 0; node < size; node++) {
    outStart[node + 1]! += outStart[node]!
    inStart[node + 1]! += inStart[node]!
  }
  const targets = new Int32Array(edges.length)
  const sources = new Int32Array(edges.length)
  const nextOut = outStart.slice()
  const nextIn = inStart.slice()
  for (const [from, to] of edges) {
    targets[nextOut[from]!++] = to
    sources[nextIn[to]!++] = from
  }
  return { size, edgeCount: edges.length, outStart, targets, inStart, sources }
}
