import { durationText } from '#shared/analysis/duration-text.ts'
import type { ExpectedEnd } from '#shared/analysis/expected-end.ts'
import { instanceLabel } from '#shared/journal/event.ts'
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
  /** Ids of tasks. */
  readonly selected: ReadonlySet<string>
  readonly hovered: number | null
  /** Where "now" is, in a live run. */
  readonly now: number | null
  /** When a live run is expected to end, and between what; null: it has ended, or nobody knows. */
  readonly expected: ExpectedEnd | null
  /** Dependencies to be drawn: those of the task that is pointed at or selected. */
  readonly links: readonly GanttLink[]
}

/** From the end of what a task needs to its own start; `row`: places in `rows`. */
export interface GanttLink {
  readonly from: { readonly row: number; readonly time: number }
  readonly to: { readonly row: number; readonly time: number }
}

const FONT = '11px "Inter Variable", system-ui, sans-serif'

/** Draws one frame. The context is scaled so that one unit is a CSS pixel. */
export function paintGantt(context: CanvasRenderingContext2D, scene: GanttScene, color: Palette): void {
  context.clearRect(0, 0, scene.width, scene.height)
  context.font = FONT
  context.fillStyle = color('--surface')
  context.fillRect(0, 0, scene.width, scene.height)
  paintGrid(context, scene, color)
  paintExpected(context, scene, color)
  for (let index = scene.start; index < scene.end; index++) {
    const row = scene.rows[index]
    if (row !== undefined) paintRow(context, scene, row, index, color)
  }
  paintLinks(context, scene, color)
  if (scene.now !== null) paintInstant(context, scene, scene.now, color('--state-running'))
}

function paintInstant(context: CanvasRenderingContext2D, scene: GanttScene, time: number, color: string): void {
  const x = Math.round(timeToX(time, scene.window, scene.width)) + 0.5
  context.strokeStyle = color
  context.beginPath()
  context.moveTo(x, 0)
  context.lineTo(x, scene.height)
  context.stroke()
}

/** A band from the earliest to the latest end that is likely, and a dashed line where the run is expected to end. */
function paintExpected(context: CanvasRenderingContext2D, scene: GanttScene, color: Palette): void {
  if (scene.expected === null) return
  const { earliest, likely, latest } = scene.expected
  const band = barSpan(earliest, latest, scene.window, scene.width)
  if (band !== null) {
    context.fillStyle = color('--accent-soft')
    context.fillRect(band.x, 0, band.width, scene.height)
  }
  context.setLineDash([4, 4])
  paintInstant(context, scene, likely, color('--accent'))
  context.setLineDash([])
}

const ELBOW = 6

/** Down from the end of one bar, and to the beginning of the other. */
function paintLinks(context: CanvasRenderingContext2D, scene: GanttScene, color: Palette): void {
  context.strokeStyle = color('--edge-hover')
  context.lineWidth = 1.5
  for (const { from, to } of scene.links) {
    const [x1, x2] = [from.time, to.time].map((time) => timeToX(time, scene.window, scene.width)) as [number, number]
    const [y1, y2] = [from.row, to.row].map((row) => (row + 0.5) * ROW_HEIGHT - scene.scrollTop) as [number, number]
    const turn = Math.max(x1 + ELBOW, Math.min(x2 - ELBOW, x1 + ELBOW))
    context.beginPath()
    context.moveTo(x1, y1)
    context.lineTo(turn, y1)
    context.lineTo(turn, y2)
    context.lineTo(x2, y2)
    context.stroke()
  }
  context.lineWidth = 1
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
  const chosen = row.task !== null && scene.selected.has(row.task)
  const tint = chosen ? '--accent-soft' : index === scene.hovered ? '--hover' : null
  if (tint !== null) {
    context.fillStyle = color(tint)
    context.fillRect(0, top, scene.width, ROW_HEIGHT)
  }
  for (const bar of row.bars) {
    const span = barSpan(bar.from, bar.to, scene.window, scene.width)
    if (span === null) continue
    paintBar(context, bar, span.x, top, span.width, color)
    if (row.task === null) paintName(context, bar, span, top, scene, color)
  }
  if (row.task !== null) paintTime(context, scene, row, top, color)
}

/** Narrower than this a bar holds no name that says anything. */
const LEAST_NAME = 34

/** On a slot: whose attempt it is; what is selected is framed. */
function paintName(
  context: CanvasRenderingContext2D,
  bar: TimelineBar,
  span: { readonly x: number; readonly width: number },
  top: number,
  scene: GanttScene,
  color: Palette,
): void {
  if (scene.selected.has(bar.task)) {
    context.strokeStyle = color('--text')
    context.lineWidth = 2
    context.strokeRect(span.x, top + 4, span.width, ROW_HEIGHT - 8)
    context.lineWidth = 1
  }
  if (span.width < LEAST_NAME) return
  context.save()
  context.beginPath()
  context.rect(span.x + 4, top, span.width - 8, ROW_HEIGHT)
  context.clip()
  context.fillStyle = color('--surface')
  context.fillText(instanceLabel(bar.task, bar.index), span.x + 5, top + ROW_HEIGHT / 2 + 4)
  context.restore()
}

const TIME_ROOM = 52

/** Behind the last bar of a row, where there is room: how long its work took, or all its instances together. */
function paintTime(
  context: CanvasRenderingContext2D,
  scene: GanttScene,
  row: TimelineRow,
  top: number,
  color: Palette,
): void {
  const last = row.bars.at(-1)
  if (last === undefined || last.kind === 'wait') return
  const x = timeToX(last.to, scene.window, scene.width) + 6
  if (x < 6 || x > scene.width - TIME_ROOM) return
  const work = row.bars.reduce((sum, bar) => sum + (bar.kind === 'work' ? bar.to - bar.from : 0), 0)
  context.fillStyle = color('--text-3')
  context.fillText(durationText(last.kind === 'span' ? last.to - last.from : work), x, top + ROW_HEIGHT / 2 + 4)
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
