import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acyclicEdges, chain } from '../graph/graph.testing.ts'
import { buildGraph, type Edge } from '../graph/graph.ts'
import { analyzeCriticalPath } from './critical-path.ts'

/** Every path from a source to a sink, by plain recursion: the oracle knows nothing of orders, tails or trees. */
function allPaths(size: number, edges: readonly Edge[]): number[][] {
  const targets = (node: number) => [...new Set(edges.filter(([from]) => from === node).map(([, to]) => to))]
  const sources = [...Array(size).keys()].filter((node) => !edges.some(([, to]) => to === node))
  const extend = (path: number[]): number[][] => {
    const next = targets(path.at(-1)!)
    return next.length === 0 ? [path] : next.flatMap((node) => extend([...path, node]))
  }
  return sources.flatMap((source) => extend([source]))
}

const length = (path: readonly number[], durations: readonly number[]) =>
  path.reduce((sum, node) => sum + durations[node]!, 0)

const longest = (paths: readonly number[][], durations: readonly number[]) =>
  Math.max(0, ...paths.map((path) => length(path, durations)))

const plans = acyclicEdges(8).chain(({ size, edges }) =>
  fc.record({
    size: fc.constant(size),
    edges: fc.constant(edges),
    // Few distinct values, zero among them: ties and parallel critical paths are the rule.
    durations: fc.array(fc.constantFrom(0, 0, 1, 2, 3, 5, 1_000_000), { minLength: size, maxLength: size }),
  }),
)

describe('critical path', () => {
  it('agrees with the enumeration of all paths', () => {
    fc.assert(
      fc.property(plans, ({ size, edges, durations }) => {
        const plan = analyzeCriticalPath(buildGraph(size, edges), Float64Array.from(durations))
        const paths = allPaths(size, edges)
        expect(plan.makespan).toBe(longest(paths, durations))
        for (let node = 0; node < size; node++) {
          const through = paths.filter((path) => path.includes(node))
          const before = through.map((path) => path.slice(0, path.indexOf(node)))
          const slack = plan.makespan - longest(through, durations)
          expect(plan.earliestStart[node]).toBe(longest(before, durations))
          expect(plan.earliestFinish[node]).toBe(plan.earliestStart[node]! + durations[node]!)
          expect(plan.totalFloat[node]).toBe(slack)
          expect(plan.latestStart[node]).toBe(plan.earliestStart[node]! + slack)
          expect(plan.latestFinish[node]).toBe(plan.latestStart[node]! + durations[node]!)
          expect(plan.critical[node]).toBe(slack === 0 ? 1 : 0)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('drag is what the makespan loses when the task takes no time', () => {
    fc.assert(
      fc.property(plans, ({ size, edges, durations }) => {
        const graph = buildGraph(size, edges)
        const plan = analyzeCriticalPath(graph, Float64Array.from(durations))
        const paths = allPaths(size, edges)
        for (let node = 0; node < size; node++) {
          const without = durations.map((duration, other) => (other === node ? 0 : duration))
          expect(plan.drag[node]).toBe(plan.makespan - longest(paths, without))
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('free float is how far one task slips before any other moves', () => {
    fc.assert(
      fc.property(plans, ({ size, edges, durations }) => {
        const plan = analyzeCriticalPath(buildGraph(size, edges), Float64Array.from(durations))
        for (let node = 0; node < size; node++) {
          const next = edges.filter(([from]) => from === node).map(([, to]) => plan.earliestStart[to]!)
          expect(plan.freeFloat[node]).toBe(Math.min(plan.makespan, ...next) - plan.earliestFinish[node]!)
          expect(plan.freeFloat[node]).toBeLessThanOrEqual(plan.totalFloat[node]!)
        }
      }),
    )
  })

  it('names the first longest path in file order, from a source to a sink', () => {
    fc.assert(
      fc.property(plans, ({ size, edges, durations }) => {
        const plan = analyzeCriticalPath(buildGraph(size, edges), Float64Array.from(durations))
        const best = allPaths(size, edges)
          .filter((path) => length(path, durations) === plan.makespan)
          .sort((a, b) => {
            const differs = a.findIndex((node, index) => node !== b[index])
            return a[differs]! - b[differs]!
          })
        expect(plan.criticalPath).toEqual(best[0])
      }),
      { numRuns: 1000 },
    )
  })

  it('has drag zero where two critical paths run side by side, and the difference where one is shorter', () => {
    const diamond = buildGraph(4, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ])
    expect(Array.from(analyzeCriticalPath(diamond, Float64Array.of(1, 5, 5, 2)).drag)).toEqual([1, 0, 0, 2])
    expect(Array.from(analyzeCriticalPath(diamond, Float64Array.of(1, 5, 3, 2)).drag)).toEqual([1, 2, 0, 2])
  })

  it('stands the empty graph and a chain of 100,000 tasks', () => {
    expect(analyzeCriticalPath(buildGraph(0, []), new Float64Array()).makespan).toBe(0)
    const plan = analyzeCriticalPath(chain(100_000), new Float64Array(100_000).fill(3))
    expect(plan.makespan).toBe(300_000)
    expect(plan.criticalPath).toHaveLength(100_000)
    expect(plan.drag.every((drag) => drag === 3)).toBe(true)
  })

  it('refuses a cycle', () => {
    const ring = buildGraph(2, [
      [0, 1],
      [1, 0],
    ])
    expect(() => analyzeCriticalPath(ring, new Float64Array(2))).toThrow(RangeError)
  })
})
