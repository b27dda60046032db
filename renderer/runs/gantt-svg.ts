import type { Micros } from '#shared/model/time.ts'
import { axisTicks, barSpan, type TimeWindow, timeToX } from './gantt-geometry.ts'
import { type Palette, ROW_HEIGHT } from './gantt-painter.ts'
import type { TimelineBar, TimelineRow } from './timeline-rows.ts'

const WIDTH = 1200
const LABELS = 220
const AXIS = 28

/** The whole chart, every row of it, as an SVG file in the present colours. */
export function ganttSvg(title: string, rows: readonly TimelineRow[], end: Micros, color: Palette): string {
  const window: TimeWindow = { start: 0, end: Math.max(1_000, end * 1.02) }
  const chart = WIDTH - LABELS
  const height = AXIS + rows.length * ROW_HEIGHT + 8
  const x = (time: Micros) => LABELS + timeToX(time, window, chart)
  const ticks = axisTicks(window, chart).map(
    ({ time, label }) =>
      `<line x1="${px(x(time))}" x2="${px(x(time))}" y1="${AXIS}" y2="${height}" stroke="${color('--hairline')}"/>` +
      `<text x="${px(x(time) + 4)}" y="18" fill="${color('--text-2')}">${escaped(label)}</text>`,
  )
  const drawn = rows.map((row, place) => {
    const top = AXIS + place * ROW_HEIGHT
    const weight = row.critical ? ' font-weight="600"' : ''
    const left = row.nested ? 28 : 12
    const label = `<text x="${left}" y="${top + 16}" fill="${color('--text')}"${weight}>${escaped(row.label)}</text>`
    const bars = row.bars.map((bar) => barSvg(bar, top, window, chart, color))
    return `<g>${label}${bars.join('')}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Inter, system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${color('--surface')}"/>`,
    ...ticks,
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

function barSvg(bar: TimelineBar, top: number, window: TimeWindow, width: number, color: Palette): string {
  const span = barSpan(bar.from, bar.to, window, width)
  if (span === null) return ''
  const middle = top + ROW_HEIGHT / 2
  const rect = (y: number, height: number, fill: string, radius = 0) =>
    `<rect x="${px(LABELS + span.x)}" y="${px(y)}" width="${px(span.width)}" height="${height}" rx="${radius}" fill="${fill}"/>`
  switch (bar.kind) {
    case 'span':
      return rect(middle - 1, 2, color('--bar-typical'))
    case 'wait':
      return rect(middle - 2, 4, color('--bar'))
    case 'retry':
      return `<line x1="${px(LABELS + span.x)}" x2="${px(LABELS + span.x + span.width)}" y1="${middle}" y2="${middle}" stroke="${color('--state-retrying')}" stroke-width="1.5" stroke-dasharray="3 3"/>`
    case 'work': {
      const state = bar.state === 'timed_out' ? 'failed' : bar.state
      const work = rect(top + 5, ROW_HEIGHT - 10, color(`--state-${state}`), 3)
      return bar.critical ? work + rect(top + 1.5, 2.5, color('--critical')) : work
    }
  }
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
