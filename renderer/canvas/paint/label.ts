import { TASK_HEIGHT } from '../geometry.ts'
import { roundRect } from './card.ts'
import { CURVE_NUMBERS, curvePoint } from './curve.ts'
import { conditionText } from './edges.ts'
import type { Graph, Link } from './graph.ts'
import type { Palette } from './palette.ts'
import { fitted, setFamily } from './text.ts'

/** Canvas pixels. */
const MOST_WIDTH = 128
const WHOLE_WIDTH = 420
const LEAST_WIDTH = 24
const HEIGHT = 20
/** Left and right of the text, together. */
const PADDING = 14
/** Between the label and the cards beside it. */
const CLEAR = 6

/**
 * An edge's condition in the middle of its line: no wider than the gap between its cards where these stand beside it,
 * or `whole`, then out of their way.
 */
export function paintLabel(
  context: CanvasRenderingContext2D,
  palette: Palette,
  graph: Graph,
  edge: Link,
  whole = false,
): void {
  const at = edge.number * CURVE_NUMBERS
  const [x, y] = curvePoint(graph.curves, 0.5, at)
  const [fromX, fromY, toX, toY] = [0, 1, 6, 7].map((number) => graph.curves[at + number]!) as [
    number,
    number,
    number,
    number,
  ]
  const beside = graph.direction === 'LR' && Math.abs(toY - fromY) / 2 < (TASK_HEIGHT + HEIGHT) / 2
  const room = beside ? Math.max(LEAST_WIDTH, Math.abs(toX - fromX) - 2 * CLEAR) : MOST_WIDTH
  const middle = whole && beside ? Math.min(fromY, toY) - (TASK_HEIGHT + HEIGHT) / 2 - CLEAR : y
  setFamily(context, '11px "JetBrains Mono Variable", ui-monospace, monospace')
  const text = fitted(context, conditionText(edge), (whole ? WHOLE_WIDTH : Math.min(MOST_WIDTH, room)) - PADDING)
  const width = context.measureText(text).width + PADDING
  roundRect(context, x - width / 2 + 0.5, middle - HEIGHT / 2 + 0.5, width - 1, HEIGHT - 1, 9)
  context.fillStyle = palette.token('--surface')
  context.fill()
  context.lineWidth = 1
  context.strokeStyle = palette.token('--hairline')
  context.stroke()
  context.fillStyle = palette.token('--text-2')
  context.textAlign = 'center'
  context.fillText(text, x, middle + 4)
  context.textAlign = 'left'
}
