import { edgeId } from '../../state/selection.ts'
import { CURVE_NUMBERS, curveBetween } from './curve.ts'
import { applyLine, LINE_STYLES, type LineKind, plainLine, RUNNING_DASH, traceCurve } from './edges.ts'
import type { Link } from './graph.ts'
import { paintLabel } from './label.ts'
import type { Target } from './layer.ts'
import type { Palette } from './palette.ts'
import { placeOf, type Scene } from './scene.ts'

/** Lines that stand out from the others, or move with a card; painted over the plain ones. */
export interface Line {
  readonly link: Link
  readonly kind: LineKind | 'plain'
}

/** With more than this on the move its edges are drawn once it lands: each frame would trace them all. */
const MOST_LIFTED = 1_500

/** The lowest first: what is meant most lies on top and, where several hold, wins. */
const ORDER: readonly Line['kind'][] = [
  'plain',
  'added',
  'changed',
  'removed',
  'running',
  'critical',
  'hovered',
  'selected',
  'refused',
]

export function standingOut(scene: Scene, running: ReadonlySet<string>): readonly Line[] {
  const { graph, lens, moving, selection, refused } = scene
  const kinds = new Map<number, Line['kind']>()
  const mark = (link: Link | undefined, kind: Line['kind']) => {
    if (link) kinds.set(link.number, kind)
  }
  if (moving.size <= MOST_LIFTED) {
    for (const id of moving.keys()) for (const number of graph.cardOf.get(id)?.edges ?? []) kinds.set(number, 'plain')
  }
  if (lens === 'state' || lens === 'critical') {
    for (const id of running) {
      for (const number of graph.cardOf.get(id)?.edges ?? []) {
        if (graph.edges[number]!.target === id) kinds.set(number, 'running')
      }
    }
  }
  for (const { from, to, change } of scene.changedEdges) mark(graph.edgeOf.get(edgeId(from, to)), change)
  if (lens === 'critical') for (const id of scene.criticalEdges) mark(graph.edgeOf.get(id), 'critical')
  if (scene.hovered !== null) mark(graph.edgeOf.get(scene.hovered), 'hovered')
  for (const id of selection.edges) mark(graph.edgeOf.get(id), 'selected')
  if (scene.inserting !== null) mark(graph.edgeOf.get(scene.inserting), 'selected')
  for (const [index, from] of refused.entries()) mark(graph.edgeOf.get(`${from}\n${refused[index + 1]}`), 'refused')
  const lines = [...kinds].map(([number, kind]): Line => ({ link: graph.edges[number]!, kind }))
  return lines.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}

/** Do the lines look different in the next frame, though nothing has changed? */
export function isAnimated(scene: Scene, lines: readonly Line[]): boolean {
  return scene.motion && lines.some(({ kind }) => kind === 'running' || kind === 'refused')
}

/** Milliseconds in which dashes flow by their own length, and a refused cycle blinks. */
const FLOW_MS = 600
const BLINK_MS = 400

const curve = new Float64Array(CURVE_NUMBERS)

export function paintLines(target: Target, scene: Scene, palette: Palette, lines: readonly Line[], now: number): void {
  const { context, view, ratio } = target
  const pixel = 1 / view.zoom
  for (const { link, kind } of lines) {
    const style = kind === 'plain' ? plainLine(link.when !== null, scene.lens) : LINE_STYLES[kind]
    applyLine(context, style, palette, pixel, pixel / ratio)
    if (scene.motion && kind === 'running') {
      const length = RUNNING_DASH.reduce((sum, part) => sum + part, 0) * Math.max(1, pixel / 2)
      context.lineDashOffset = -length * ((now % FLOW_MS) / FLOW_MS)
    }
    if (scene.motion && kind === 'refused') {
      context.globalAlpha = 0.625 + 0.375 * Math.cos((2 * Math.PI * now) / BLINK_MS)
    }
    context.beginPath()
    traceLink(context, scene, link)
    context.stroke()
    context.lineDashOffset = 0
  }
  context.globalAlpha = 1
  context.setLineDash([])
  for (const { link, kind } of lines) {
    if (kind === 'hovered' && link.when !== null) paintLabel(context, palette, scene.graph, link, true)
  }
}

/** Where the link is now, its cards on the move included. */
function traceLink(context: CanvasRenderingContext2D, { graph, moving }: Scene, link: Link): void {
  if (!moving.has(link.source) && !moving.has(link.target)) {
    traceCurve(context, graph.curves, link.number)
    return
  }
  const from = graph.cardOf.get(link.source)
  const to = graph.cardOf.get(link.target)
  if (!from || !to) return
  curveBetween(placeOf(from, moving), placeOf(to, moving), graph.direction, graph.edgeStyle, curve)
  traceCurve(context, curve, 0)
}
