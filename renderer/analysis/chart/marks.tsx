import { classes } from '../../ui/classes.ts'
import styles from './Chart.module.css'
import type { Plot } from './Chart.tsx'

/** Told apart by shape before colour. */
export type Shape = 'dot' | 'ring' | 'cross' | 'diamond'

export interface MarkPoint {
  readonly key: string
  readonly x: number
  readonly y: number
}

/** What a mark is drawn in: a token such as `--accent`. */
interface Drawn {
  readonly plot: Plot
  readonly color?: string
}

const ACCENT = '--accent'

export function Points({
  plot,
  points,
  shape = 'dot',
  color = ACCENT,
}: Drawn & { readonly points: readonly MarkPoint[]; readonly shape?: Shape }) {
  return points.map(({ key, x, y }) => <ShapeMark key={key} shape={shape} x={plot.x(x)} y={plot.y(y)} color={color} />)
}

function ShapeMark({
  shape,
  x,
  y,
  color,
}: {
  readonly shape: Shape
  readonly x: number
  readonly y: number
  readonly color: string
}) {
  const paint = `var(${color})`
  if (shape === 'dot') return <circle cx={x} cy={y} r={3} fill={paint} />
  if (shape === 'ring') return <circle cx={x} cy={y} r={3} fill="none" stroke={paint} strokeWidth={1.5} />
  if (shape === 'diamond') return <path d={`M${x} ${y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`} fill={paint} />
  return <path d={`M${x - 4} ${y - 4}l8 8m0-8l-8 8`} fill="none" stroke={paint} strokeWidth={2} />
}

/** The shape in a line of text. */
export function LegendMark({
  shape,
  color = ACCENT,
  text,
}: {
  readonly shape: Shape | 'line' | 'dashed' | 'bar'
  readonly color?: string
  readonly text: string
}) {
  return (
    <span className={styles.key}>
      <svg width={14} height={12} aria-hidden="true">
        {shape === 'line' || shape === 'dashed' ? (
          <line
            className={classes(shape === 'dashed' && styles.dashed)}
            x1={0}
            x2={14}
            y1={6}
            y2={6}
            stroke={`var(${color})`}
            strokeWidth={1.5}
          />
        ) : shape === 'bar' ? (
          <rect x={3} y={1} width={8} height={10} rx={1} fill={`var(${color})`} />
        ) : (
          <ShapeMark shape={shape} x={7} y={6} color={color} />
        )}
      </svg>
      {text}
    </span>
  )
}

/** From point to point; a gap (null) is left open. */
export function Line({
  plot,
  points,
  color = ACCENT,
  dashed = false,
}: Drawn & { readonly points: readonly (Omit<MarkPoint, 'key'> | null)[]; readonly dashed?: boolean }) {
  let drawn = false
  const path = points.map((point) => {
    const step = point === null ? '' : `${drawn ? 'L' : 'M'}${plot.x(point.x)} ${plot.y(point.y)}`
    drawn = point !== null
    return step
  })
  return (
    <path
      className={classes(styles.line, dashed && styles.dashed)}
      d={path.join('')}
      fill="none"
      stroke={`var(${color})`}
    />
  )
}

/** A level across the plot with its name behind its right end, in the chart's gutter; `side`: of the line. */
export function Rule({
  plot,
  value,
  text,
  color = '--text-3',
  side,
}: Drawn & { readonly value: number; readonly text: string; readonly side: 'above' | 'below' }) {
  const y = plot.y(value)
  return (
    <>
      <line className={styles.dashed} x1={plot.left} x2={plot.right} y1={y} y2={y} stroke={`var(${color})`} />
      <text className={styles.ruleText} x={plot.right + 5} y={side === 'above' ? y - 1 : y + 10} fill={`var(${color})`}>
        {text}
      </text>
    </>
  )
}

/** A moment across the plot with its name at the top. `row`: lines further down, where names would meet. */
export function Moment({
  plot,
  value,
  text,
  color = '--critical',
  row = 0,
}: Drawn & { readonly value: number; readonly text: string; readonly row?: number }) {
  const x = plot.x(value)
  const late = x > (plot.left + plot.right) / 2
  return (
    <>
      <line x1={x} x2={x} y1={plot.top} y2={plot.bottom} stroke={`var(${color})`} strokeWidth={1.5} />
      <text
        className={styles.ruleText}
        x={late ? x - 5 : x + 5}
        y={plot.top + 10 + 14 * row}
        textAnchor={late ? 'end' : 'start'}
        fill={`var(${color})`}
      >
        {text}
      </text>
    </>
  )
}

export interface Bar {
  readonly key: string
  readonly from: number
  readonly to: number
  readonly value: number
  readonly color?: string
}

/** Upright bars from zero, a pixel apart. */
export function Bars({ plot, bars, color = '--bar-typical' }: Drawn & { readonly bars: readonly Bar[] }) {
  return bars.map((bar) => {
    const left = plot.x(bar.from)
    const top = Math.min(plot.y(bar.value), plot.y(0))
    return (
      <rect
        key={bar.key}
        x={left}
        y={top}
        width={Math.max(1, plot.x(bar.to) - left - 1)}
        height={Math.max(bar.value === 0 ? 0 : 1, Math.abs(plot.y(0) - plot.y(bar.value)))}
        fill={`var(${bar.color ?? color})`}
      />
    )
  })
}
