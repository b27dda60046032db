import fc from 'fast-check'
import { buildGraph, type Edge, type Graph } from './graph.ts'

/** Edges of a random directed graph, cycles, self-loops and parallel edges included. */
export const anyEdges: fc.Arbitrary<{ size: number; edges: Edge[] }> = fc.integer({ min: 1, max: 9 }).chain((size) => {
  const node = fc.integer({ min: 0, max: size - 1 })
  return fc.record({ size: fc.constant(size), edges: fc.array(fc.tuple(node, node), { maxLength: 16 }) })
})

/** Edges of a random acyclic graph whose node numbers give no hint of the order. */
export function acyclicEdges(maxSize: number): fc.Arbitrary<{ size: number; edges: Edge[] }> {
  return fc.integer({ min: 1, max: maxSize }).chain((size) => {
    const names = fc.shuffledSubarray(
      Array.from({ length: size }, (_, number) => number),
      { minLength: size, maxLength: size },
    )
    const node = fc.integer({ min: 0, max: size - 1 })
    return fc
      .record({ names, pairs: fc.array(fc.tuple(node, node), { maxLength: size * 3 }) })
      .map(({ names, pairs }) => ({
        size,
        edges: pairs
          .filter(([a, b]) => a !== b)
          .map(([a, b]): Edge => [names[Math.min(a, b)]!, names[Math.max(a, b)]!]),
      }))
  })
}

export function chain(length: number): Graph {
  return buildGraph(
    length,
    Array.from({ length: length - 1 }, (_, node): Edge => [node, node + 1]),
  )
}
