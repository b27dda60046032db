import { describe, expect, it } from 'vitest'
import type { ChainLink } from '#shared/analysis/chain-links.ts'
import { parseDocument } from '#shared/model/document.ts'
import { chainLines, chainWords, linkSentence, linkText } from './chain.ts'
import { type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import { buildGraph } from './paint/graph.ts'

const TEXT = `dagwright: 1
id: p
tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [a] }
groups:
  g: { name: G, tasks: [c] }
`
const PIPELINE = parseDocument(TEXT).pipeline!
const PLACES = new Map<string, Point>([
  ['a', [0, 0]],
  ['b', [400, 0]],
  ['c', [400, 200]],
])
const graphOf = (collapsed: readonly string[] = []) =>
  buildGraph({
    pipeline: PIPELINE,
    placed: PLACES,
    collapsed: new Set(collapsed),
    direction: 'LR',
    edgeStyle: 'curved',
  })
const link = (from: string, to: string, cause: ChainLink['cause'], waited = 0): ChainLink => ({
  from,
  to,
  cause,
  pool: cause === 'pool' ? 'db' : null,
  waited,
  times: 1,
})

describe('chainLines', () => {
  it('takes the line of the dependency, and one of its own for what is none', () => {
    const graph = graphOf()
    const [along, own] = chainLines(graph, [link('a', 'b', 'dependency'), link('b', 'c', 'slot')])
    expect(along?.dotted).toBe(false)
    expect([...along!.curve]).toEqual([...graph.curves.subarray(0, 8)])
    expect(own?.dotted).toBe(true)
  })

  it('goes straight over between cards one above the other, either way', () => {
    const [down, up] = chainLines(graphOf(), [link('b', 'c', 'slot'), link('c', 'b', 'slot')])
    const middle = 400 + TASK_WIDTH / 2
    expect([...down!.curve.subarray(0, 2), ...down!.curve.subarray(6)]).toEqual([middle, TASK_HEIGHT, middle, 200])
    expect([...up!.curve.subarray(0, 2), ...up!.curve.subarray(6)]).toEqual([middle, 200, middle, TASK_HEIGHT])
  })

  it('draws a slot dotted even where there is a dependency, and leaves out what has no card', () => {
    expect(chainLines(graphOf(), [link('a', 'b', 'slot')])[0]?.dotted).toBe(true)
    expect(chainLines(graphOf(['g']), [link('b', 'c', 'slot'), link('a', 'gone', 'dependency')])).toEqual([])
  })
})

describe('words', () => {
  it('say what was waited for', () => {
    expect(linkText(link('a', 'b', 'slot', 434_000))).toBe('slot, waited 434 ms')
    expect(linkText(link('a', 'b', 'pool'))).toBe('pool db')
    expect(linkSentence(link('a', 'b', 'pool', 2_000_000))).toBe(
      'b waited 2.0 s for a slot of pool db, until a had ended',
    )
  })

  it('tell the chain from the rest, and name retries', () => {
    const links = [link('a', 'b', 'slot', 1_000)]
    const path = {
      makespan: 9,
      segments: [],
      links: [
        { task: 'a', index: null, attempt: 1, cause: { type: 'begin' as const }, waited: 0 },
        { task: 'b', index: null, attempt: 1, cause: { type: 'slot' as const, task: 'a', index: null }, waited: 1 },
        { task: 'b', index: null, attempt: 2, cause: { type: 'retry' as const }, waited: 0 },
      ],
    }
    const words = chainWords(PIPELINE.tasks, path, links)
    expect([...words].map(([id, { text }]) => [id, text])).toEqual([
      ['a', 'began the path'],
      ['b', 'slot, waited 1 ms, 2 attempts'],
      ['c', 'not on the path'],
    ])
  })
})
