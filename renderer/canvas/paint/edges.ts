import { CURVE_NUMBERS } from './curve.ts'
import type { Link } from './graph.ts'
import type { Palette } from './palette.ts'

/** How a dependency's line is drawn. Widths in canvas pixels; `least` in pixels of the screen, so that it is seen from afar. */
export interface LineStyle {
  readonly token: string
  readonly width: number
  readonly least: number
  readonly dash: readonly number[]
  readonly opacity: number
}

/** Of the device: what a plain line is never thinner than. */
const HAIR = 1

const style = (token: string, width: number, least: number, dash: readonly number[] = []): LineStyle => ({
  token,
  width,
  least,
  dash,
  opacity: 1,
})

const PLAIN = style('--edge', 1.5, HAIR)
export const CONDITION_DASH: readonly number[] = [2, 4]
export const RUNNING_DASH: readonly number[] = [6, 5]
/** Of non-critical edges in the critical-path lens. */
const STEPPED_BACK = 0.55

export type LineKind = 'hovered' | 'selected' | 'critical' | 'running' | 'refused' | 'added' | 'changed' | 'removed'

/** What lies over the plain lines. */
export const LINE_STYLES: Readonly<Record<LineKind, LineStyle>> = {
  critical: style('--critical', 3, 2),
  running: style('--state-running', 1.5, 1.5, RUNNING_DASH),
  hovered: style('--edge-hover', 2, 1.5),
  selected: style('--accent', 2.5, 2),
  refused: style('--danger', 3, 2),
  added: style('--state-running', 3, 2),
  changed: style('--state-retrying', 3, 2, [2, 4]),
  removed: style('--danger', 2, 1.5, [8, 5]),
}

export function plainLine(conditional: boolean, lens: string): LineStyle {
  const opacity = lens === 'critical' ? STEPPED_BACK : 1
  return { ...PLAIN, opacity, dash: conditional ? CONDITION_DASH : [] }
}

/** Sets stroke, width and dashes. `pixel`: canvas pixels to one of the screen; `device`: to one of the device. */
export function applyLine(
  context: CanvasRenderingContext2D,
  line: LineStyle,
  palette: Palette,
  pixel: number,
  device: number,
): void {
  context.strokeStyle = palette.token(line.token)
  context.lineWidth = Math.max(line.width, line.least === HAIR ? device : line.least * pixel)
  context.setLineDash(line.dash.length > 0 ? line.dash.map((part) => part * Math.max(1, pixel / 2)) : [])
  context.globalAlpha = line.opacity
}

/** Adds an edge's line to the context's path. */
export function traceCurve(context: CanvasRenderingContext2D, curves: Float64Array, number: number): void {
  const at = number * CURVE_NUMBERS
  context.moveTo(curves[at]!, curves[at + 1]!)
  context.bezierCurveTo(
    curves[at + 2]!,
    curves[at + 3]!,
    curves[at + 4]!,
    curves[at + 5]!,
    curves[at + 6]!,
    curves[at + 7]!,
  )
}

/** The expression without its braces. */
export function conditionText(edge: Pick<Link, 'when'>): string {
  return (edge.when ?? '').replace(/^\$\{\{\s*|\s*\}\}$/g, '')
}
