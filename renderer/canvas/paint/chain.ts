import { ARROW, arrowOf, type ChainLine, DOT, DOT_STEP, linkName } from '../chain.ts'
import { roundRect } from './card.ts'
import { curvePoint } from './curve.ts'
import { traceCurve } from './edges.ts'
import type { Target } from './layer.ts'
import { levelOf } from './level.ts'
import type { Palette } from './palette.ts'
import { setFamily } from './text.ts'

const LABEL_HEIGHT = 18

/** The links of a realized path that are no dependencies, dotted, and over all of them what each one's cause was. */
export function paintChain(target: Target, palette: Palette, lines: readonly ChainLine[]): void {
  const { context, view } = target
  const level = levelOf(view.zoom)
  const scale = Math.max(1, 0.6 / view.zoom)
  context.globalAlpha = 1
  context.strokeStyle = palette.token('--critical')
  context.fillStyle = palette.token('--critical')
  context.lineCap = 'round'
  context.lineWidth = DOT * scale
  context.setLineDash([0, DOT_STEP * scale])
  for (const { dotted, curve } of lines) {
    if (!dotted) continue
    context.beginPath()
    traceCurve(context, curve, 0)
    context.stroke()
  }
  context.setLineDash([])
  context.lineCap = 'butt'
  for (const { dotted, curve } of lines) if (dotted) paintArrow(context, curve, ARROW * scale)
  if (level === 'farther') return
  for (const line of lines) {
    // From afar only what is no dependency is named: the line alone says the rest.
    if (line.dotted || level === 'near') paintLabel(context, palette, line, scale)
  }
}

function paintArrow(context: CanvasRenderingContext2D, curve: Float64Array, size: number): void {
  context.beginPath()
  for (const [x, y] of arrowOf(curve, size)) context.lineTo(x, y)
  context.closePath()
  context.fill()
}

/** Between the cards that the line joins; else half of it would lie under others, and the tip says the same. */
function hasRoom(curve: Float64Array, width: number, height: number): boolean {
  const [sx, sy, , outY] = curve
  const leavesSideways = sy === outY
  return leavesSideways ? Math.abs(curve[6]! - sx!) >= width : Math.abs(curve[7]! - sy!) >= height
}

function paintLabel(context: CanvasRenderingContext2D, palette: Palette, line: ChainLine, scale: number): void {
  const [x, y] = curvePoint(line.curve, 0.5)
  const text = linkName(line.link)
  const height = LABEL_HEIGHT * scale
  setFamily(context, `${11 * scale}px "Inter Variable", system-ui, sans-serif`)
  const width = context.measureText(text).width + 12 * scale
  if (!line.dotted && !hasRoom(line.curve, width, height)) return
  roundRect(context, x - width / 2, y - height / 2, width, height, height / 2)
  context.fillStyle = palette.token('--surface')
  context.fill()
  context.lineWidth = 1
  context.strokeStyle = palette.token('--critical')
  context.stroke()
  context.fillStyle = palette.token('--critical')
  context.textAlign = 'center'
  context.fillText(text, x, y + 4 * scale)
  context.textAlign = 'left'
}
