import { edgeId } from '../../state/selection.ts'
import { type Box, boundsOf } from '../geometry.ts'
import { CURVE_NUMBERS, curveBetween, curveBounds } from './curve.ts'
import { applyLine, LINE_STYLES, type LineKind, plainLine, RUNNING_DASH, traceCurve } from './edges.ts'
import type { Link } from './graph.ts'
import { paintLabel } from './label.ts'
import type { Screen, Target, View } from './layer.ts'
import { levelOf } from './level.ts'
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

/** Milliseconds from one picture of flowing dashes to the next: smoother would have the window composed in each frame. */
const FLOW_STEP_MS = 100

/** Milliseconds until the lines look different though nothing has changed; null: never. From afar dashes stand still. */
export function untilMotion(scene: Scene, lines: readonly Line[], zoom: number): number | null {
  if (!scene.motion) return null
  if (lines.some(({ kind }) => kind === 'refused')) return 0
  const level = levelOf(zoom)
  const seen = level === 'near' || level === 'middle'
  return seen && lines.some(({ kind }) => kind === 'running') ? FLOW_STEP_MS : null
}

/** Screen pixels round a line's points: half its width, and what smoothing its edges adds. */
const AIR = 6

/** The part of the stage that the lines need, in CSS pixels from its corner; null: they are not to be seen. */
export function areaOfLines(scene: Scene, lines: readonly Line[], view: View, screen: Screen): Box | null {
  const bounds = boundsOf(
    lines.map(({ link }) => {
      const { curves, number } = curveOf(scene, link)
      return curveBounds(curves, number * CURVE_NUMBERS)
    }),
  )
  if (bounds === null) return null
  if (lines.some(hasLabel)) return { x: 0, y: 0, width: screen.width, height: screen.height }
  const air = AIR * Math.max(1, view.zoom)
  const left = Math.max(0, Math.floor(bounds.x * view.zoom + view.x - air))
  const top = Math.max(0, Math.floor(bounds.y * view.zoom + view.y - air))
  const right = Math.min(screen.width, Math.ceil((bounds.x + bounds.width) * view.zoom + view.x + air))
  const bottom = Math.min(screen.height, Math.ceil((bounds.y + bounds.height) * view.zoom + view.y + air))
  return left < right && top < bottom ? { x: left, y: top, width: right - left, height: bottom - top } : null
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
    const { curves, number } = curveOf(scene, link)
    context.beginPath()
    traceCurve(context, curves, number)
    context.stroke()
    context.lineDashOffset = 0
  }
  context.globalAlpha = 1
  context.setLineDash([])
  for (const line of lines) if (hasLabel(line)) paintLabel(context, palette, scene.graph, line.link, true)
}

function hasLabel({ link, kind }: Line): boolean {
  return kind === 'hovered' && link.when !== null
}

/** Where the link is now, its cards on the move included: the curve in `curves` of that number. */
function curveOf({ graph, moving }: Scene, link: Link): { readonly curves: Float64Array; readonly number: number } {
  const from = graph.cardOf.get(link.source)
  const to = graph.cardOf.get(link.target)
  const isStill = !moving.has(link.source) && !moving.has(link.target)
  if (isStill || !from || !to) return { curves: graph.curves, number: link.number }
  curveBetween(placeOf(from, moving), placeOf(to, moving), graph.direction, graph.edgeStyle, curve)
  return { curves: curve, number: 0 }
}
