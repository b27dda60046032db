import type { ChainLink } from '#shared/analysis/chain-links.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { RealizedPath } from '#shared/analysis/realized-path.ts'
import { edgeId } from '../state/selection.ts'
import { type Box, type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import { CURVE_NUMBERS, curveBetween, curvePoint, type Direction } from './paint/curve.ts'
import type { Graph } from './paint/graph.ts'
import type { LensWords, Told } from './told.ts'

/** Of what is drawn where a link is no dependency, in canvas pixels. */
export const DOT = 3
export const DOT_STEP = 8
export const ARROW = 8

/** A link of the realized path as it is drawn: along its dependency, or on a line of its own where it is none. */
export interface ChainLine {
  readonly link: ChainLink
  readonly dotted: boolean
  /** CURVE_NUMBERS of it. */
  readonly curve: Float64Array
}

/** Links to or from a task without a card (renamed since, or in a collapsed group) are left out. */
export function chainLines(graph: Graph, links: readonly ChainLink[]): readonly ChainLine[] {
  return links.flatMap((link): readonly ChainLine[] => {
    const [from, to] = [graph.cardOf.get(link.from), graph.cardOf.get(link.to)]
    if (!from || !to) return []
    const edge = graph.edgeOf.get(edgeId(link.from, link.to))
    if (link.cause === 'dependency' && edge) {
      const at = edge.number * CURVE_NUMBERS
      return [{ link, dotted: false, curve: graph.curves.subarray(at, at + CURVE_NUMBERS) }]
    }
    return [{ link, dotted: true, curve: ownCurve(graph.direction, from.at, to.at) }]
  })
}

/** Across a gap as dependencies go; between cards one above the other (or, top to bottom, side by side) straight over. */
export function ownCurve(direction: Direction, from: Point, to: Point): Float64Array {
  const curve = new Float64Array(CURVE_NUMBERS)
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const beside = direction === 'LR' ? Math.abs(dx) < TASK_WIDTH : Math.abs(dy) < TASK_HEIGHT
  const across = direction === 'LR' ? 'TB' : 'LR'
  const backwards = direction === 'LR' ? dy < 0 : dx < 0
  if (!beside) curveBetween(from, to, direction, 'curved', curve)
  else if (!backwards) curveBetween(from, to, across, 'curved', curve)
  else {
    curveBetween(to, from, across, 'curved', curve)
    const points = [6, 7, 4, 5, 2, 3, 0, 1].map((at) => curve[at]!)
    curve.set(points)
  }
  return curve
}

/** Corners of the arrow at the end of a line, `size` pixels long. */
export function arrowOf(curve: Float64Array, size: number): readonly Point[] {
  const end: Point = [curve[6]!, curve[7]!]
  const [x, y] = curvePoint(curve, 0.92)
  const back = Math.atan2(end[1] - y, end[0] - x) + Math.PI
  const side = (turn: number): Point => [end[0] + size * Math.cos(back + turn), end[1] + size * Math.sin(back + turn)]
  return [end, side(-0.45), side(0.45)]
}

/** Round everything a label may cover, by the middle of its line. */
export function labelBox([x, y]: Point): Box {
  return { x: x - 40, y: y - 12, width: 80, height: 24 }
}

/** "slot", "pool db": the cause alone. */
export function linkName({ cause, pool }: Pick<ChainLink, 'cause' | 'pool'>): string {
  return cause === 'pool' ? `pool ${pool}` : NAMES[cause]
}

const NAMES: Readonly<Record<Exclude<ChainLink['cause'], 'pool'>, string>> = {
  begin: 'start',
  dependency: 'dependency',
  retry: 'retry',
  resume: 'resumed',
  marked: 'cleared',
  maxParallel: 'maxParallel',
  slot: 'slot',
  verdict: 'verdict',
}

/** "slot, waited 434 ms". */
export function linkText(link: ChainLink): string {
  return link.waited > 0 ? `${linkName(link)}, waited ${durationText(link.waited)}` : linkName(link)
}

/** "Routes waited 434 ms for a slot that rank_hubs freed", for a tip and for those who do not see the line. */
export function linkSentence(link: ChainLink): string {
  const { from, to, cause, pool, waited } = link
  const long = waited > 0 ? `waited ${durationText(waited)}` : 'waited'
  switch (cause) {
    case 'dependency':
      return `${to} started when ${from}, which it needs, had ended`
    case 'slot':
      return `${to} ${long} for a slot, until ${from} had ended`
    case 'pool':
      return `${to} ${long} for a slot of pool ${pool}, until ${from} had ended`
    case 'maxParallel':
      return `${to} ${long} for a place beside its other instances, until ${from} had ended`
    case 'resume':
      return `${to} started again when the run was resumed; ${from} was the last to end before`
    case 'marked':
      return `${to} started because a person cleared it, after ${from} had ended`
    case 'verdict':
      return `${to} did not run; its state came of ${from}`
    case 'begin':
    case 'retry':
      return `${to} started after ${from} had ended`
  }
}

/** What the cards say in the realized path: what each task of the chain waited for, and which are not on it. */
export function chainWords(
  tasks: readonly { readonly id: string }[],
  path: RealizedPath,
  links: readonly ChainLink[],
): LensWords {
  const on = new Set(path.links.map(({ task }) => task))
  const attempts = new Map<string, number>()
  for (const { task, index, attempt } of path.links) {
    if (index === null) attempts.set(task, Math.max(attempts.get(task) ?? 0, attempt))
  }
  return new Map(
    tasks.map(({ id }): [string, Told] => {
      if (!on.has(id)) return [id, plain('not on the path', null, 0)]
      const into = links.findLast((link) => link.to === id)
      const tries = attempts.get(id) ?? 0
      const parts = [
        into === undefined ? 'began the path' : into.cause === 'dependency' ? `after ${into.from}` : linkText(into),
        tries > 1 && `${tries} attempts`,
      ]
      return [id, plain(parts.filter(Boolean).join(', '), into === undefined ? null : linkSentence(into), 1)]
    }),
  )
}

function plain(text: string, title: string | null, weight: number): Told {
  return { text, title, ground: null, hatched: false, weight }
}
