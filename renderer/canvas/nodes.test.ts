import { describe, expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { edgeId, NO_SELECTION, selectOnly, useSelection } from '../state/selection.ts'
import type { Point } from './geometry.ts'
import { createDrawer, groupNodeId, nodeKind, type Scene } from './nodes.ts'

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

function sceneOf(text: string, change: Partial<Scene> = {}): Scene {
  const document = parseDocument(text)
  return {
    pipeline: document.pipeline!,
    problems: document.problems,
    placed: new Map(PLACES),
    moving: new Map(),
    collapsed: new Set(),
    selection: NO_SELECTION,
    direction: 'LR',
    ...change,
  }
}

describe('drawing', () => {
  test('one moved task changes one node object and no edge', () => {
    const draw = createDrawer()
    const before = draw(sceneOf(TEXT))
    const after = draw(sceneOf(TEXT, { moving: new Map([['c', [800, 40]]]) }))
    const changed = after.nodes.filter((node, index) => node !== before.nodes[index]).map((node) => node.id)
    expect(changed).toEqual(['c'])
    expect(after.edges.every((edge, index) => edge === before.edges[index])).toBe(true)
  })

  test('an edit of the code changes no card, a new name only its own', () => {
    const draw = createDrawer()
    const before = draw(sceneOf(TEXT))
    const code = draw(sceneOf(TEXT.replace('"true"', '"false"')))
    expect(code.nodes.every((node, index) => node === before.nodes[index])).toBe(true)
    const named = draw(sceneOf(TEXT.replace('run: "true"', 'run: "true", name: Other')))
    expect(named.nodes.filter((node, index) => node !== before.nodes[index]).map((node) => node.id)).toEqual(['b'])
  })

  test('a collapsed group is one card with the links of its tasks, each once', () => {
    const { nodes, edges } = createDrawer()(sceneOf(TEXT, { collapsed: new Set(['g']) }))
    expect(nodes.map((node) => node.id)).toEqual([groupNodeId('g'), 'c', '__proto__'])
    expect(edges.map((edge) => [edge.source, edge.target])).toEqual([
      [groupNodeId('g'), 'c'],
      ['c', '__proto__'],
    ])
  })

  test('what is selected is marked, tasks and edges', () => {
    selectOnly('edges', [edgeId('a', 'c')])
    const { nodes, edges } = createDrawer()(sceneOf(TEXT, { selection: useSelection.getState() }))
    expect(nodes.some((node) => node.selected)).toBe(false)
    expect(edges.filter((edge) => edge.selected).map((edge) => edge.id)).toEqual([edgeId('a', 'c')])
  })

  test('every node has its size, so that nothing needs measuring', () => {
    const { nodes } = createDrawer()(sceneOf(TEXT))
    for (const node of nodes) {
      expect(node.measured).toEqual({ width: node.width, height: node.height })
      expect(node.width).toBeGreaterThan(0)
    }
  })

  test('needs of unknown tasks are not drawn', () => {
    const { edges } = createDrawer()(sceneOf(TEXT.replace('needs: [a, b]', 'needs: [a, nowhere]')))
    expect(edges.map((edge) => edge.source)).not.toContain('nowhere')
  })
})

test('node ids tell tasks, groups and notes apart', () => {
  expect(nodeKind('group')).toEqual({ kind: 'tasks', id: 'group' })
  expect(nodeKind(groupNodeId('g'))).toEqual({ kind: 'groups', id: 'g' })
})
