import { describe, expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { NO_SELECTION, selectTask, useSelection } from '../state/selection.ts'
import type { Point } from './geometry.ts'
import { groupNodeId, nodeKind } from './nodeId.ts'
import { countProblems, createNodeMaker, type NodeScene } from './nodes.ts'
import { buildGraph } from './paint/graph.ts'
import { movedFrames } from './paint/scene.ts'

const TEXT = `dagwright: 1
id: p
tasks:
  a: { kind: noop }
  b: { kind: shell, run: "true", needs: [a] }
  c: { kind: noop, needs: [a, b] }
  __proto__: { kind: noop, needs: [c] }
groups:
  g: { name: G, tasks: [a, b] }
`
const PLACES: readonly (readonly [string, Point])[] = [
  ['a', [0, 0]],
  ['b', [400, 0]],
  ['c', [800, 0]],
  ['__proto__', [1200, 0]],
]
const ALL = ['a', 'b', 'c', '__proto__', groupNodeId('g')]

function sceneOf(text: string, change: Partial<NodeScene> & { collapsed?: ReadonlySet<string> } = {}): NodeScene {
  const document = parseDocument(text)
  const graph = buildGraph({
    pipeline: document.pipeline!,
    placed: new Map(PLACES),
    collapsed: change.collapsed ?? new Set(),
    direction: 'LR',
    edgeStyle: 'curved',
  })
  const moving = change.moving ?? new Map<string, Point>()
  return {
    graph,
    mounted: new Set(ALL),
    problems: countProblems(document.problems),
    selection: NO_SELECTION,
    moving,
    frames: movedFrames(graph, moving),
    ...change,
  }
}

describe('nodes', () => {
  test('only what is mounted has one, cards in the order of the file', () => {
    const make = createNodeMaker()
    expect(make(sceneOf(TEXT, { mounted: new Set(['c', 'a', 'gone']) })).map((node) => node.id)).toEqual(['a', 'c'])
    expect(make(sceneOf(TEXT)).map((node) => node.id)).toEqual([groupNodeId('g'), 'a', 'b', 'c', '__proto__'])
  })

  test('one moved task changes its own object, and that of the frame round it', () => {
    const make = createNodeMaker()
    const before = make(sceneOf(TEXT))
    const alone = make(sceneOf(TEXT, { moving: new Map([['c', [800, 40]]]) }))
    expect(alone.filter((node, index) => node !== before[index]).map((node) => node.id)).toEqual(['c'])
    const framed = make(sceneOf(TEXT, { moving: new Map([['b', [500, 40]]]) }))
    const changed = framed.filter((node, index) => node !== before[index]).map((node) => node.id)
    expect(changed).toEqual([groupNodeId('g'), 'b', 'c'])
  })

  test('an edit of the code changes no card, a new name only its own', () => {
    const make = createNodeMaker()
    const before = make(sceneOf(TEXT))
    const code = make(sceneOf(TEXT.replace('"true"', '"false"')))
    expect(code.every((node, index) => node === before[index])).toBe(true)
    const named = make(sceneOf(TEXT.replace('run: "true"', 'run: "true", name: Other')))
    expect(named.filter((node, index) => node !== before[index]).map((node) => node.id)).toEqual(['b'])
  })

  test('a collapsed group is one card', () => {
    const nodes = createNodeMaker()(sceneOf(TEXT, { collapsed: new Set(['g']) }))
    expect(nodes.map((node) => [node.id, node.type])).toEqual([
      [groupNodeId('g'), 'collapsed'],
      ['c', 'task'],
      ['__proto__', 'task'],
    ])
  })

  test('what is selected is marked, and every node has its size, so that nothing needs measuring', () => {
    selectTask('b')
    const nodes = createNodeMaker()(sceneOf(TEXT, { selection: useSelection.getState() }))
    expect(nodes.filter((node) => node.selected).map((node) => node.id)).toEqual(['b'])
    for (const node of nodes) {
      expect(node.measured).toEqual({ width: node.width, height: node.height })
      expect(node.width).toBeGreaterThan(0)
    }
  })

  test('problems are counted by task, the worst first; information is none', () => {
    const problem = (task: string, severity: 'error' | 'warning' | 'info') => ({
      code: 'UNKNOWN_KEY' as const,
      message: '',
      severity,
      task,
      range: null,
    })
    const counts = countProblems([
      problem('a', 'warning'),
      problem('a', 'error'),
      problem('a', 'warning'),
      problem('b', 'info'),
    ] as unknown as Parameters<typeof countProblems>[0])
    expect([...counts]).toEqual([['a', { count: 3, worst: 'error' }]])
  })
})

test('node ids tell tasks, groups and notes apart', () => {
  expect(nodeKind('group')).toEqual({ kind: 'tasks', id: 'group' })
  expect(nodeKind(groupNodeId('g'))).toEqual({ kind: 'groups', id: 'g' })
})
