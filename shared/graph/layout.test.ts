import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dagreLayout } from './dagre-layout.ts'
import { acyclicEdges, anyEdges, chain } from './graph.testing.ts'
import { buildGraph, type Edge } from './graph.ts'
import { type Layout, type LayoutGroup, layoutPipeline } from './layout.ts'
import { levelLayout } from './level-layout.ts'
import { LAYER_SPACE } from './spacing.ts'

const sizesOf = (size: number) => Float64Array.from({ length: 2 * size }, (_, index) => [180, 60][index % 2]!)

function expectApart(positions: Float64Array, sizes: Float64Array) {
  const size = sizes.length / 2
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const apart = [0, 1].some((axis) => {
        const [pa, pb] = [positions[2 * a + axis]!, positions[2 * b + axis]!]
        return pa + sizes[2 * a + axis]! <= pb + 1 || pb + sizes[2 * b + axis]! <= pa + 1
      })
      expect(apart, `nodes ${a} and ${b} overlap`).toBe(true)
    }
  }
}

describe.each<[string, Layout]>([
  ['dagre', dagreLayout],
  ['levels', levelLayout],
])('%s layout', (_name, kernel) => {
  it('puts every node after what it needs, in both directions', () => {
    fc.assert(
      fc.property(acyclicEdges(12), fc.constantFrom('LR', 'TB'), ({ size, edges }, direction) => {
        const sizes = sizesOf(size)
        const positions = kernel(buildGraph(size, edges), sizes, { direction })
        const axis = direction === 'LR' ? 0 : 1
        for (const [from, to] of edges) {
          expect(positions[2 * from + axis]! + sizes[axis]!).toBeLessThan(positions[2 * to + axis]!)
        }
      }),
    )
  })

  it('overlaps no nodes of any sizes, whatever the graph, and is the same every time', () => {
    fc.assert(
      fc.property(anyEdges, fc.infiniteStream(fc.integer({ min: 20, max: 300 })), ({ size, edges }, stream) => {
        const sizes = Float64Array.from({ length: 2 * size }, () => stream.next().value)
        const graph = buildGraph(size, edges)
        const positions = kernel(graph, sizes, { direction: 'LR' })
        expect(positions.every(Number.isFinite)).toBe(true)
        expectApart(positions, sizes)
        expect(kernel(graph, sizes, { direction: 'LR' })).toEqual(positions)
      }),
    )
  })
})

describe('layout of a pipeline', () => {
  it('keeps groups together: their boxes are free of other nodes', () => {
    const edges: Edge[] = [
      [0, 3],
      [1, 3],
      [2, 4],
      [3, 5],
      [4, 5],
      [1, 4],
    ]
    const groups: LayoutGroup[] = [
      { nodes: [0, 2], parent: -1 },
      { nodes: [], parent: -1 },
      { nodes: [4], parent: 3 },
      { nodes: [3], parent: -1 },
    ]
    const positions = layoutPipeline(buildGraph(6, edges), sizesOf(6), { direction: 'LR', groups })
    const [y0, y1, y2] = [positions[1]!, positions[3]!, positions[5]!]
    expect(y1 < Math.min(y0, y2) || y1 > Math.max(y0, y2)).toBe(true)
  })

  it('lays out a part around its present middle and leaves the rest alone', () => {
    const graph = chain(4)
    const positions = Float64Array.of(0, 0, 1000, 500, 1000, 500, 5000, 0)
    const mask = Uint8Array.of(1, 0, 0, 1)
    const half = (180 + LAYER_SPACE) / 2
    const moved = layoutPipeline(graph, sizesOf(4), { direction: 'LR', fixed: { mask, positions } })
    expect(Array.from(moved)).toEqual([0, 0, 1000 - half, 500, 1000 + half, 500, 5000, 0])
  })

  it('takes groups of any shape', () => {
    fc.assert(
      fc.property(acyclicEdges(10), fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 10 }), (made, groupOf) => {
        const groups: LayoutGroup[] = [0, 1, 2, 3].map((group) => ({
          nodes: groupOf.flatMap((of, node) => (of === group && node < made.size ? [node] : [])),
          parent: group === 3 ? 1 : -1,
        }))
        const sizes = sizesOf(made.size)
        expectApart(layoutPipeline(buildGraph(made.size, made.edges), sizes, { direction: 'TB', groups }), sizes)
      }),
    )
  })

  it('stands the empty graph and a chain of 20,000', () => {
    expect(layoutPipeline(buildGraph(0, []), new Float64Array(), { direction: 'LR' })).toHaveLength(0)
    const positions = layoutPipeline(chain(20_000), sizesOf(20_000), { direction: 'LR' })
    expect(positions[2 * 19_999]).toBe(19_999 * (180 + LAYER_SPACE))
  })
})
