import { barSpan, type Tick, type TimeWindow, timeToX } from './gantt-geometry.ts'
import type { TimelineBar, TimelineRow } from './timeline-rows.ts'

export const ROW_HEIGHT = 24

/** Colours by token, read once per theme: a canvas knows no CSS variables. */
export type Palette = (token: string) => string

export interface GanttScene {
  readonly rows: readonly TimelineRow[]
  /** First and one past the last row to draw. */
  readonly start: number
  readonly end: number
  readonly scrollTop: number
  readonly window: TimeWindow
  readonly width: number
  readonly height: number
  readonly ticks: readonly Tick[]
  /** Keys of selected rows' tasks. */
  readonly selected: ReadonlySet<string>
  readonly hovered: number | null
  /** Where "now" is, in a live run. */
  readonly now: number | null
}

/** Draws one frame. The context is scaled so that one unit is a CSS pixel. */
export function paintGantt(context: CanvasRenderingContext2D, scene: GanttScene, color: Palette): void {
  context.clearRect(0, 0, scene.width, scene.height)
  context.fillStyle = color('--surface')
  context.fillRect(0, 0, scene.width, scene.height)
  paintGrid(context, scene, color)
  for (let index = scene.start; index < scene.end; index++) {
    const row = scene.rows[index]
    if (row !== undefined) paintRow(context, scene, row, index, color)
  }
  if (scene.now !== null) {
    const x = Math.round(timeToX(scene.now, scene.window, scene.width)) + 0.5
    context.strokeStyle = color('--state-running')
    context.beginPath()
    context.moveTo(x, 0)
    context.lineTo(x, scene.height)
    context.stroke()
  }
}

function paintGrid(context: CanvasRenderingContext2D, scene: GanttScene, color: Palette): void {
  context.strokeStyle = color('--hairline')
  context.lineWidth = 1
  context.beginPath()
  for (const { time } of scene.ticks) {
    const x = Math.round(timeToX(time, scene.window, scene.width)) + 0.5
    context.moveTo(x, 0)
    context.lineTo(x, scene.height)
  }
  context.stroke()
}

function paintRow(
  context: CanvasRenderingContext2D,
  scene: GanttScene,
  row: TimelineRow,
  index: number,
  color: Palette,
): void {
  const top = index * ROW_HEIGHT - scene.scrollTop
  const tint = scene.selected.has(row.task) ? '--accent-soft' : index === scene.hovered ? '--hover' : null
  if (tint !== null) {
    context.fillStyle = color(tint)
    context.fillRect(0, top, scene.width, ROW_HEIGHT)
  }
  for (const bar of row.bars) {
    const span = barSpan(bar.from, bar.to, scene.window, scene.width)
    if (span !== null) paintBar(context, bar, span.x, top, span.width, color)
  }
}

function paintBar(
  context: CanvasRenderingContext2D,
  bar: TimelineBar,
  x: number,
  top: number,
  width: number,
  color: Palette,
): void {
  const middle = top + ROW_HEIGHT / 2
  if (bar.kind === 'span') {
    context.fillStyle = color('--bar-typical')
    context.fillRect(x, middle - 1, width, 2)
    return
  }
  if (bar.kind === 'wait') {
    context.fillStyle = color('--bar')
    context.fillRect(x, middle - 2, width, 4)
    return
  }
  if (bar.kind === 'retry') {
    context.strokeStyle = color('--state-retrying')
    context.lineWidth = 1.5
    context.setLineDash([3, 3])
    context.beginPath()
    context.moveTo(x, middle)
    context.lineTo(x + width, middle)
    context.stroke()
    context.setLineDash([])
    context.lineWidth = 1
    return
  }
  context.fillStyle = color(`--state-${stateToken(bar.state)}`)
  context.beginPath()
  context.roundRect(x, top + 5, width, ROW_HEIGHT - 10, Math.min(3, width / 2))
  context.fill()
  if (bar.critical) {
    // A line of its own over the bar: told by place as well as by colour.
    context.fillStyle = color('--critical')
    context.fillRect(x, top + 1.5, width, 2.5)
  }
}

function stateToken(state: TimelineBar['state']): string {
  return state === 'timed_out' ? 'failed' : state
}

/** The bar under a point, the topmost first; null between bars. */
export function barAt(row: TimelineRow, x: number, window: TimeWindow, width: number): TimelineBar | null {
  const near = 2
  return (
    row.bars.findLast((bar) => {
      const span = bar.kind === 'span' ? null : barSpan(bar.from, bar.to, window, width)
      return span !== null && x >= span.x - near && x <= span.x + span.width + near
    }) ?? null
  )
}
