import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dagreLayout } from './dagre-layout.ts'
import { acyclicEdges, anyEdges, chain } from './graph.testing.ts'
import { buildGraph, type Edge, type Graph } from './graph.ts'
import { layeredLayout } from './layered/layered-layout.ts'
import { edgesOf, layoutQuality, pipelineShape } from './layout.testing.ts'
import { type Layout, type LayoutGroup, layoutPipeline } from './layout.ts'
import { LAYER_SPACE } from './spacing.ts'

const sizesOf = (size: number) => Float64Array.from({ length: 2 * size }, (_, index) => [180, 60][index % 2]!)
const direction = fc.constantFrom('LR', 'TB')

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function boxesOf(positions: Float64Array, sizes: Float64Array): Box[] {
  return Array.from({ length: sizes.length / 2 }, (_, node) => {
    const [left, top] = [positions[2 * node]!, positions[2 * node + 1]!]
    return { left, top, right: left + sizes[2 * node]!, bottom: top + sizes[2 * node + 1]! }
  })
}

/** One pixel of overlap is rounding. */
const apart = (a: Box, b: Box) =>
  a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1

function expectApart(boxes: readonly Box[]) {
  boxes.forEach((a, i) => {
    boxes.slice(i + 1).forEach((b, j) => {
      expect(apart(a, b), `boxes ${i} and ${i + 1 + j} overlap`).toBe(true)
    })
  })
}

describe.each<[string, Layout]>([
  ['dagre', dagreLayout],
  ['layered', layeredLayout],
])('%s layout', (_name, kernel) => {
  it('puts every node after what it needs, in both directions', () => {
    fc.assert(
      fc.property(acyclicEdges(12), direction, ({ size, edges }, direction) => {
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
        expectApart(boxesOf(positions, sizes))
        expect(kernel(graph, sizes, { direction: 'LR' })).toEqual(positions)
      }),
    )
  })
})

/** Groups that may nest in each other, the third in the first, the first in the fourth; each node in at most one. */
const FRAME = { left: 16, top: 36, right: 16, bottom: 16 }
const grouped = fc
  .record({ made: acyclicEdges(14), groupOf: fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 14 }) })
  .map(({ made, groupOf }) => ({
    ...made,
    groups: [0, 1, 2, 3, 4].map((group): LayoutGroup => {
      const rings = [2, 1, 1, 3, 1][group]!
      return {
        nodes: groupOf.flatMap((of, node) => (of === group && node < made.size ? [node] : [])),
        parent: [3, -1, 0, -1, -1][group]!,
        frame: { left: 16 * rings, top: 36 * rings, right: 16 * rings, bottom: 16 * rings },
      }
    }),
  }))

function membersOf(groups: readonly LayoutGroup[], group: number): number[] {
  return [
    ...groups[group]!.nodes,
    ...groups.flatMap(({ parent }, inner) => (parent === group ? membersOf(groups, inner) : [])),
  ]
}

function frameOf(groups: readonly LayoutGroup[], group: number, boxes: readonly Box[]): Box | null {
  const members = membersOf(groups, group).map((node) => boxes[node]!)
  if (members.length === 0) return null
  const { left, top, right, bottom } = groups[group]!.frame ?? FRAME
  return {
    left: Math.min(...members.map((box) => box.left)) - left,
    top: Math.min(...members.map((box) => box.top)) - top,
    right: Math.max(...members.map((box) => box.right)) + right,
    bottom: Math.max(...members.map((box) => box.bottom)) + bottom,
  }
}

describe('groups', () => {
  it('frames hold their members and nothing else, and overlap only what they nest in', () => {
    fc.assert(
      fc.property(grouped, direction, ({ size, edges, groups }, direction) => {
        const sizes = sizesOf(size)
        const boxes = boxesOf(layoutPipeline(buildGraph(size, edges), sizes, { direction, groups }), sizes)
        expectApart(boxes)
        const frames = groups.map((_, group) => frameOf(groups, group, boxes))
        frames.forEach((frame, group) => {
          if (frame === null) return
          const members = new Set(membersOf(groups, group))
          boxes.forEach((box, node) => {
            if (!members.has(node)) expect(apart(frame, box), `node ${node} stands in frame ${group}`).toBe(true)
          })
          frames.forEach((other, index) => {
            if (other === null || index <= group) return
            const inner = membersOf(groups, index)
            const nested =
              inner.every((node) => members.has(node)) || [...members].every((node) => inner.includes(node))
            if (!nested) expect(apart(frame, other), `frames ${group} and ${index} overlap`).toBe(true)
          })
        })
      }),
      { numRuns: 300 },
    )
  })

  it('edges still lead forward', () => {
    fc.assert(
      fc.property(grouped, ({ size, edges, groups }) => {
        const positions = layoutPipeline(buildGraph(size, edges), sizesOf(size), { direction: 'LR', groups })
        for (const [from, to] of edges) expect(positions[2 * from]! + 180).toBeLessThan(positions[2 * to]!)
      }),
    )
  })

  it('stands groups that hold each other and nodes named twice', () => {
    const groups: LayoutGroup[] = [
      { nodes: [0, 1], parent: 1, frame: FRAME },
      { nodes: [1, 2], parent: 0, frame: FRAME },
      { nodes: [3], parent: 2, frame: FRAME },
    ]
    const positions = layoutPipeline(chain(5), sizesOf(5), { direction: 'LR', groups })
    expectApart(boxesOf(positions, sizesOf(5)))
  })
})

describe('layout of a part', () => {
  it('lays it out around its present middle and leaves the rest alone', () => {
    const positions = Float64Array.of(0, 0, 1000, 500, 1000, 500, 5000, 0)
    const mask = Uint8Array.of(1, 0, 0, 1)
    const half = (180 + LAYER_SPACE) / 2
    const moved = layoutPipeline(chain(4), sizesOf(4), { direction: 'LR', fixed: { mask, positions } })
    expect(Array.from(moved)).toEqual([0, 0, 1000 - half, 500, 1000 + half, 500, 5000, 0])
  })

  it('moves no fixed node and covers none with another', () => {
    const place = fc.integer({ min: 0, max: 1500 })
    fc.assert(
      fc.property(
        acyclicEdges(10),
        fc.array(fc.tuple(place, place, fc.boolean()), { minLength: 10, maxLength: 10 }),
        direction,
        ({ size, edges }, places, direction) => {
          const sizes = sizesOf(size)
          const mask = Uint8Array.from({ length: size }, (_, node) => (places[node]![2] ? 1 : 0))
          const positions = Float64Array.from(
            { length: 2 * size },
            (_, index) => places[index >> 1]![index & 1] as number,
          )
          const moved = layoutPipeline(buildGraph(size, edges), sizes, { direction, fixed: { mask, positions } })
          const boxes = boxesOf(moved, sizes)
          boxes.forEach((box, node) => {
            if (mask[node] === 1) expect([box.left, box.top]).toEqual(places[node]!.slice(0, 2))
            else for (const fixed of boxes.filter((_, other) => mask[other] === 1)) expect(apart(box, fixed)).toBe(true)
          })
        },
      ),
    )
  })
})

describe('a layout after an edit', () => {
  const moved = (before: Float64Array, after: Float64Array) => {
    const moves = Array.from({ length: before.length / 2 }, (_, node) =>
      Math.hypot(after[2 * node]! - before[2 * node]!, after[2 * node + 1]! - before[2 * node + 1]!),
    ).sort((a, b) => a - b)
    return moves[Math.floor(moves.length * 0.75)]!
  }
  const withEdge = (graph: Graph, edge: Edge) => buildGraph(graph.size, [...edgesOf(graph), edge])

  it('stays as it is where nothing changed', () => {
    const graph = pipelineShape(60, 3)
    const before = layoutPipeline(graph, sizesOf(60), { direction: 'LR' })
    const after = layoutPipeline(graph, sizesOf(60), { direction: 'LR', previous: before })
    expect(moved(before, after)).toBeLessThan(30)
  })

  it('moves three in four nodes by less than half a column when an edge is added', () => {
    for (const seed of [1, 2, 3]) {
      const graph = pipelineShape(60, seed)
      const before = layoutPipeline(graph, sizesOf(60), { direction: 'LR' })
      const left = (node: number) => before[2 * node]!
      const from = Array.from({ length: 60 }, (_, node) => node).sort((a, b) => left(a) - left(b))[3]!
      const to = Array.from({ length: 60 }, (_, node) => node).sort((a, b) => left(a) - left(b))[50]!
      const edited = withEdge(graph, [from, to])
      const after = layoutPipeline(edited, sizesOf(60), { direction: 'LR', previous: before })
      expect(moved(before, after)).toBeLessThan((180 + LAYER_SPACE) / 2)
    }
  })
})

describe('layout of a pipeline', () => {
  it('does not depend on the order in which edges are given', () => {
    fc.assert(
      fc.property(anyEdges, fc.integer(), ({ size, edges }, seed) => {
        const turned = edges.toSorted((a, b) => ((a[0] * 31 + a[1] + seed) % 7) - ((b[0] * 31 + b[1] + seed) % 7))
        const [one, other] = [edges, turned].map((own) =>
          layoutPipeline(buildGraph(size, own), sizesOf(size), { direction: 'LR' }),
        )
        expect(other).toEqual(one)
      }),
    )
  })

  it('keeps the order of the file among tasks that are alike', () => {
    const edges: Edge[] = [1, 2, 3, 4, 5].flatMap((node): Edge[] => [
      [0, node],
      [node, 6],
    ])
    const positions = layoutPipeline(buildGraph(7, edges), sizesOf(7), { direction: 'LR' })
    const heights = [1, 2, 3, 4, 5].map((node) => positions[2 * node + 1]!)
    expect(heights).toEqual(heights.toSorted((a, b) => a - b))
    expect(positions[1]).toBe(positions[13])
  })

  it('puts parts that nothing links beside each other in the shape of a window', () => {
    const positions = layoutPipeline(buildGraph(200, []), sizesOf(200), { direction: 'LR' })
    const boxes = boxesOf(positions, sizesOf(200))
    expectApart(boxes)
    const width = Math.max(...boxes.map((box) => box.right))
    const height = Math.max(...boxes.map((box) => box.bottom))
    expect(width / height).toBeGreaterThan(0.8)
    expect(width / height).toBeLessThan(3)
  })

  it('stands the empty graph, a chain of 20,000, a fan of 10,000 and edges over 2,000 layers', () => {
    expect(layoutPipeline(buildGraph(0, []), new Float64Array(), { direction: 'LR' })).toHaveLength(0)
    const positions = layoutPipeline(chain(20_000), sizesOf(20_000), { direction: 'LR' })
    expect(positions[2 * 19_999]).toBe(19_999 * (180 + LAYER_SPACE))
    const fan = buildGraph(
      10_001,
      Array.from({ length: 10_000 }, (_, node): Edge => [0, node + 1]),
    )
    expect(layoutPipeline(fan, sizesOf(10_001), { direction: 'LR' }).every(Number.isFinite)).toBe(true)
    const ladder = buildGraph(2000, [
      ...edgesOf(chain(2000)),
      ...Array.from({ length: 1998 }, (_, n): Edge => [n, 1999]),
    ])
    const rungs = layoutPipeline(ladder, sizesOf(2000), { direction: 'LR' })
    expect(rungs[2 * 1999]).toBeGreaterThanOrEqual(1999 * (180 + LAYER_SPACE))
  })
})

/**
 * Measured when this was written; Graphviz dot 2.43 with the same sizes and spaces: see e2e/bench/layout.ts. A change
 * of the kernel may trade these for each other, but not lose a tenth.
 */
describe('quality does not get worse', () => {
  it.each([
    { size: 20, seed: 21, crossings: 19, length: 4045 },
    { size: 50, seed: 21, crossings: 72, length: 14341 },
    { size: 50, seed: 22, crossings: 74, length: 13665 },
    { size: 200, seed: 21, crossings: 606, length: 77927 },
    { size: 500, seed: 21, crossings: 2049, length: 237222 },
    { size: 1000, seed: 21, crossings: 6129, length: 633098 },
  ])('$size tasks, seed $seed', ({ size, seed, crossings, length }) => {
    const graph = pipelineShape(size, seed)
    const sizes = sizesOf(size)
    const quality = layoutQuality(graph, layoutPipeline(graph, sizes, { direction: 'LR' }), sizes)
    expect(quality.crossings).toBeLessThan(crossings * 1.1)
    expect(quality.length).toBeLessThan(length * 1.1)
  })
})
