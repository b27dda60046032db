import { describe, expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { edgeId, NO_SELECTION } from '../../state/selection.ts'
import type { Point } from '../geometry.ts'
import { buildGraph } from './graph.ts'
import { areaOfLines, standingOut, untilMotion } from './overlay.ts'
import { lookOfTask, type Scene } from './scene.ts'

const TEXT = `dagwright: 1
id: p
tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a], layer: mart }
  c: { kind: noop, needs: [a, b] }
`
const PIPELINE = parseDocument(TEXT).pipeline!
const PLACES = new Map<string, Point>([
  ['a', [0, 0]],
  ['b', [400, 0]],
  ['c', [800, 200]],
])

function sceneOf(change: Partial<Scene> = {}): Scene {
  return {
    graph: buildGraph({
      pipeline: PIPELINE,
      placed: PLACES,
      collapsed: new Set(),
      direction: 'LR',
      edgeStyle: 'curved',
    }),
    problems: new Map(),
    pins: new Map(),
    badges: new Map(),
    selection: NO_SELECTION,
    moving: new Map(),
    lens: 'design',
    words: null,
    run: null,
    typical: new Map(),
    plan: null,
    longest: 0,
    criticalTasks: new Set(['a', 'b']),
    nearTasks: new Set(),
    criticalEdges: new Set([edgeId('a', 'b')]),
    chain: [],
    changedEdges: [],
    mounted: new Set(),
    hovered: null,
    inserting: null,
    refused: [],
    motion: true,
    ...change,
  }
}

const kinds = (scene: Scene, running: readonly string[] = []) =>
  standingOut(scene, new Set(running)).map(({ link, kind }) => [link.id, kind])

describe('lines that stand out', () => {
  test('none by default; the critical ones by their lens; those into running tasks where states are shown', () => {
    expect(kinds(sceneOf(), ['c'])).toEqual([])
    expect(kinds(sceneOf({ lens: 'critical' }))).toEqual([[edgeId('a', 'b'), 'critical']])
    expect(kinds(sceneOf({ lens: 'state' }), ['c'])).toEqual([
      [edgeId('a', 'c'), 'running'],
      [edgeId('b', 'c'), 'running'],
    ])
  })

  test('what is on the move takes its lines along; what is meant most wins and lies on top', () => {
    const scene = sceneOf({
      moving: new Map([['a', [0, 50]]]),
      hovered: edgeId('a', 'b'),
      selection: { ...NO_SELECTION, edges: new Set([edgeId('a', 'b')]) },
    })
    expect(kinds(scene)).toEqual([
      [edgeId('a', 'c'), 'plain'],
      [edgeId('a', 'b'), 'selected'],
    ])
  })

  test('a refused cycle is marked where it has edges, and moves only where motion is allowed', () => {
    const refused = ['c', 'a', 'b', 'c']
    const lines = standingOut(sceneOf({ refused }), new Set())
    expect(lines.map(({ link }) => link.id)).toEqual([edgeId('a', 'b'), edgeId('b', 'c')])
    expect(untilMotion(sceneOf({ refused }), lines, 1)).toBe(0)
    expect(untilMotion(sceneOf({ refused, motion: false }), lines, 1)).toBeNull()
  })

  test('dashes into running tasks flow near by, and stand still from afar', () => {
    const scene = sceneOf({ lens: 'state' })
    const lines = standingOut(scene, new Set(['c']))
    expect(untilMotion(scene, lines, 1)).toBeGreaterThan(0)
    expect(untilMotion(scene, lines, 0.3)).toBeNull()
    expect(untilMotion(sceneOf({ lens: 'state', motion: false }), lines, 1)).toBeNull()
    expect(untilMotion(scene, [], 1)).toBeNull()
  })

  test('take only their part of the stage', () => {
    const scene = sceneOf({ lens: 'state' })
    const screen = { width: 1000, height: 600, ratio: 2 }
    const lines = standingOut(scene, new Set(['b']))
    const area = areaOfLines(scene, lines, { x: 10, y: 20, zoom: 0.5 }, screen)!
    // From the right side of a to the left side of b, half way down, and some air.
    expect(area).toEqual({ x: 116, y: 32, width: 100, height: 12 })
    expect(areaOfLines(scene, lines, { x: -900, y: 0, zoom: 1 }, screen)).toBeNull()
    expect(areaOfLines(scene, [], { x: 0, y: 0, zoom: 1 }, screen)).toBeNull()
  })
})

describe('what a card says', () => {
  const look = (lens: Scene['lens'], id: string, change: Partial<Scene> = {}) =>
    lookOfTask(sceneOf({ lens, ...change }), PIPELINE.tasks.find((task) => task.id === id)!)

  test('by lens', () => {
    expect(look('design', 'b')).toMatchObject({
      words: { type: 'plain', text: 'No-op · mart' },
      warm: false,
      ground: null,
    })
    expect(look('critical', 'b')).toMatchObject({ words: { text: 'No plan' }, warm: true, dimmed: false })
    expect(look('critical', 'c')).toMatchObject({ warm: false, dimmed: true })
    const told = { text: 'waits 2 s', title: null, ground: '--heat-3', hatched: false, weight: 2 }
    expect(look('heat', 'b', { words: new Map([['b', told]]) })).toMatchObject({
      words: { text: 'waits 2 s' },
      ground: '--heat-3',
      dimmed: false,
    })
    expect(look('critical', 'c', { nearTasks: new Set(['c']) })).toMatchObject({ near: true, dimmed: false })
    expect(look('state', 'b')).toMatchObject({ state: null, now: null, usual: null })
  })
})
