import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCycle } from './cycle.ts'
import { acyclicEdges, anyEdges, chain } from './graph.testing.ts'
import { buildGraph, type Edge } from './graph.ts'
import { levels, topologicalOrder } from './order.ts'
import { findPath } from './path.ts'
import { ancestors, descendantCounts, descendants } from './reachability.ts'
import { taskGraph } from './task-graph.ts'

/** closure[a][b]: at least one edge leads from a to b. Warshall's algorithm, the oracle of this file. */
function closureOf(size: number, edges: readonly Edge[]): boolean[][] {
  const closure = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  for (const [from, to] of edges) closure[from]![to] = true
  for (let via = 0; via < size; via++)
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) if (closure[a]![via] && closure[via]![b]) closure[a]![b] = true
  return closure
}

describe('graph', () => {
  it('keeps every edge, from both ends, in the order given', () => {
    fc.assert(
      fc.property(anyEdges, ({ size, edges }) => {
        const graph = buildGraph(size, edges)
        for (let node = 0; node < size; node++) {
          expect(Array.from(graph.targets.subarray(graph.outStart[node], graph.outStart[node + 1]))).toEqual(
            edges.filter(([from]) => from === node).map(([, to]) => to),
          )
          expect(Array.from(graph.sources.subarray(graph.inStart[node], graph.inStart[node + 1]))).toEqual(
            edges.filter(([, to]) => to === node).map(([from]) => from),
          )
        }
      }),
    )
  })

  it('refuses an edge that leaves the graph', () => {
    expect(() => buildGraph(2, [[0, 2]])).toThrow(RangeError)
    expect(() => buildGraph(2, [[-1, 0]])).toThrow(RangeError)
  })

  it('orders acyclic graphs, and only those', () => {
    fc.assert(
      fc.property(anyEdges, ({ size, edges }) => {
        const order = topologicalOrder(buildGraph(size, edges))
        const closure = closureOf(size, edges)
        expect(order === null).toBe(closure.some((row, node) => row[node]))
        if (order === null) return
        const place = new Map(Array.from(order, (node, position) => [node, position]))
        expect(place.size).toBe(size)
        for (const [from, to] of edges) expect(place.get(from)!).toBeLessThan(place.get(to)!)
      }),
      { numRuns: 500 },
    )
  })

  it('finds a cycle exactly where there is one, and each of its edges exists', () => {
    fc.assert(
      fc.property(anyEdges, ({ size, edges }) => {
        const cycle = findCycle(buildGraph(size, edges))
        expect(cycle === null).toBe(!closureOf(size, edges).some((row, node) => row[node]))
        if (cycle === null) return
        expect(new Set(cycle).size).toBe(cycle.length)
        cycle.forEach((from, index) => {
          const to = cycle[(index + 1) % cycle.length]!
          expect(edges.some((edge) => edge[0] === from && edge[1] === to)).toBe(true)
        })
      }),
      { numRuns: 500 },
    )
  })

  it('shows the short way around, not the long one', () => {
    const length = 20_000
    const edges: Edge[] = Array.from({ length }, (_, node) => [node, (node + 1) % length])
    expect(findCycle(buildGraph(length, edges))).toHaveLength(length)
    expect(findCycle(buildGraph(length, [...edges, [1, 0]]))).toEqual([0, 1])
  })

  it('counts descendants as the closure has them, over more nodes than it takes at a time', () => {
    fc.assert(
      fc.property(anyEdges, ({ size, edges }) => {
        const counts = descendantCounts(buildGraph(size, edges))
        const closure = closureOf(size, edges)
        if (closure.some((row, node) => row[node])) expect(counts).toBe(null)
        else expect(Array.from(counts!)).toEqual(closure.map((row) => row.filter(Boolean).length))
      }),
    )
    expect(Array.from(descendantCounts(chain(3000))!)).toEqual(Array.from({ length: 3000 }, (_, node) => 2999 - node))
  })

  it('marks descendants and ancestors as the closure has them', () => {
    fc.assert(
      fc.property(anyEdges, fc.array(fc.nat(8), { maxLength: 3 }), ({ size, edges }, picks) => {
        const graph = buildGraph(size, edges)
        const starts = picks.filter((node) => node < size)
        const closure = closureOf(size, edges)
        const down = descendants(graph, starts)
        const up = ancestors(graph, starts)
        for (let node = 0; node < size; node++) {
          expect(down[node] === 1).toBe(starts.some((start) => closure[start]![node]))
          expect(up[node] === 1).toBe(starts.some((start) => closure[node]![start]))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('finds a shortest path exactly where there is one', () => {
    fc.assert(
      fc.property(anyEdges, fc.nat(8), fc.nat(8), ({ size, edges }, a, b) => {
        const [from, to] = [a % size, b % size]
        const path = findPath(buildGraph(size, edges), from, to)
        let reach = new Set([from])
        let steps = 0
        do {
          reach = new Set(edges.filter((edge) => reach.has(edge[0])).map((edge) => edge[1]))
          steps++
        } while (!reach.has(to) && steps <= size)
        expect(path === null).toBe(!reach.has(to))
        if (path === null) return
        expect(path[0]).toBe(from)
        expect(path.at(-1)).toBe(to)
        expect(path.length - 1).toBe(steps)
      }),
      { numRuns: 500 },
    )
  })

  it('levels are one more than the highest level upstream', () => {
    fc.assert(
      fc.property(acyclicEdges(9), ({ size, edges }) => {
        const level = levels(buildGraph(size, edges))!
        for (let node = 0; node < size; node++) {
          const upstream = edges.filter(([, to]) => to === node).map(([from]) => level[from]!)
          expect(level[node]).toBe(Math.max(-1, ...upstream) + 1)
        }
      }),
    )
  })

  it('stands chains of any length', () => {
    const graph = chain(100_000)
    expect(topologicalOrder(graph)!.at(-1)).toBe(99_999)
    expect(levels(graph)!.at(-1)).toBe(99_999)
    expect(findCycle(graph)).toBeNull()
    expect(descendants(graph, [0]).reduce((sum, mark) => sum + mark, 0)).toBe(99_999)
    expect(findPath(graph, 0, 99_999)).toHaveLength(100_000)
  })

  it('numbers tasks in file order, hostile ids included, and leaves unknown needs out', () => {
    const { graph, numberOf } = taskGraph([
      { id: '__proto__', needs: [] },
      { id: 'constructor', needs: [{ task: '__proto__' }, { task: 'gone' }] },
    ])
    expect(numberOf.get('constructor')).toBe(1)
    expect(graph.edgeCount).toBe(1)
    expect(findPath(graph, 0, 1)).toEqual([0, 1])
  })
})
