import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import styles from './Chart.module.css'
import { ChartMenu } from './ChartMenu.tsx'
import { type Domain, linearScale, type Scale, type Tick, ticksOf, type Unit } from './scale.ts'
import { svgFile } from './svg-file.ts'
import { useSize } from './use-size.ts'

/** Pixels of the drawing: where values lie, and its frame. */
export interface Plot {
  readonly x: Scale
  readonly y: Scale
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What can be pointed at: by the pointer, by arrow keys, and read out. */
export interface ChartPoint {
  readonly key: string
  readonly x: number
  readonly y: number
  /** The first line is the title of its tip. */
  readonly lines: readonly string[]
}

export interface ChartProps {
  /** Sentence case: "Duration by run". */
  readonly title: string
  /** Stands in the title's place where that would only say again what is chosen there. */
  readonly lead?: ReactNode
  /** Pixels at the right for the names of levels, see Rule. */
  readonly gutter?: number
  /** Signs and what they mean, beside the title. */
  readonly legend?: ReactNode
  readonly y: { readonly domain: Domain; readonly unit: Unit }
  /** Ticks where the axis is not of a unit: `ticks` in order, left out where they would overlap. */
  readonly x: { readonly domain: Domain; readonly unit?: Unit; readonly ticks?: readonly Tick[] }
  /** In the order of x. */
  readonly points: readonly ChartPoint[]
  /** A click or Enter at a point. */
  readonly onOpen?: (key: string) => void
  /** The point that is told from the others, such as the chosen run. */
  readonly chosen?: string | null
  /** What the chart shows, for copying. */
  readonly csv: () => string
  readonly className?: string | undefined
  /** Marks, drawn between the grid and the point under the pointer. */
  readonly children: (plot: Plot) => ReactNode
}

const TOP = 8
const BOTTOM = 22
const RIGHT = 12
/** Pixels of one letter of an axis. */
const LETTER = 6.4

/** A titled chart with axes, its points reachable by pointer and keys, to be copied as SVG or CSV. Fills its place. */
export function Chart(props: ChartProps) {
  const { title, lead, gutter = 0, legend, y, x, points, onOpen, chosen = null, csv, className, children } = props
  const [place, size] = useSize<HTMLDivElement>()
  const drawing = useRef<SVGSVGElement>(null)
  const [at, setAt] = useState<number | null>(null)
  const yTicks = ticksOf(y.domain, y.unit, Math.max(2, Math.floor(size.height / 36)))
  const left = 14 + LETTER * yTicks.reduce((most, { label }) => Math.max(most, label.length), 2)
  const right = Math.max(left + 1, size.width - RIGHT - gutter)
  const bottom = Math.max(TOP + 1, size.height - BOTTOM)
  const plot: Plot = {
    x: linearScale(x.domain, left + 6, right - 6),
    y: linearScale(y.domain, bottom, TOP),
    left,
    right,
    top: TOP,
    bottom,
  }
  const xTicks = x.ticks ?? ticksOf(x.domain, x.unit ?? 'count', Math.max(2, Math.floor((right - left) / 90)))
  const index = at === null || points.length === 0 ? null : Math.min(at, points.length - 1)
  const point = index === null ? null : points[index]!
  const mark = points.find(({ key }) => key === chosen)
  const keyDown = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, index, points.length)
    if (next !== null) setAt(next)
    else if ((event.key === 'Enter' || event.key === ' ') && point && onOpen) onOpen(point.key)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const pointed = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    setAt(nearest(points, plot, event.clientX - box.left, event.clientY - box.top))
  }
  return (
    <figure className={classes(styles.figure, className)}>
      <figcaption className={styles.caption}>
        <h2 className={lead ? 'visually-hidden' : styles.title}>{title}</h2>
        {lead}
        {legend ? (
          <span className={styles.legend} data-beside={lead ? true : undefined}>
            {legend}
          </span>
        ) : (
          <span className={styles.space} />
        )}
        <ChartMenu
          title={title}
          csv={csv}
          svg={() => (drawing.current === null ? '' : svgFile(drawing.current, title))}
        />
      </figcaption>
      <div
        ref={place}
        className={classes(styles.place, onOpen && styles.opens)}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={index ?? 0}
        aria-valuetext={point === null ? `${points.length} points` : point.lines.join(', ')}
        onKeyDown={keyDown}
        onFocus={(event) => event.target.matches(':focus-visible') && setAt(at ?? points.length - 1)}
        onBlur={() => setAt(null)}
        onPointerMove={pointed}
        onPointerLeave={() => setAt(null)}
        onClick={() => point && onOpen?.(point.key)}
      >
        {size.width > 0 && (
          <svg ref={drawing} className={styles.drawing} width={size.width} height={size.height} aria-hidden="true">
            <title>{title}</title>
            <Axes plot={plot} xTicks={fitting(xTicks, plot)} yTicks={yTicks} />
            {children(plot)}
            {mark && <circle className={styles.chosen} cx={plot.x(mark.x)} cy={plot.y(mark.y)} r={7} data-passing />}
            {point && (
              <g data-passing>
                <line className={styles.hair} x1={plot.x(point.x)} x2={plot.x(point.x)} y1={TOP} y2={bottom} />
                <circle className={styles.current} cx={plot.x(point.x)} cy={plot.y(point.y)} r={6} />
              </g>
            )}
          </svg>
        )}
        {point && <Tip point={point} plot={plot} width={size.width} />}
      </div>
    </figure>
  )
}

function Axes({
  plot,
  xTicks,
  yTicks,
}: {
  readonly plot: Plot
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
}) {
  return (
    <>
      {yTicks.map(({ value, label }) => (
        <g key={value}>
          <line className={styles.grid} x1={plot.left} x2={plot.right} y1={plot.y(value)} y2={plot.y(value)} />
          <text className={styles.tick} x={plot.left - 6} y={plot.y(value)} textAnchor="end" dominantBaseline="central">
            {label}
          </text>
        </g>
      ))}
      {xTicks.map(({ value, label }) => (
        <text key={value} className={styles.tick} x={plot.x(value)} y={plot.bottom + 15} textAnchor="middle">
          {label}
        </text>
      ))}
    </>
  )
}

function Tip({ point, plot, width }: { readonly point: ChartPoint; readonly plot: Plot; readonly width: number }) {
  const x = plot.x(point.x)
  const place = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 }
  return (
    <div className={styles.tip} style={{ ...place, top: TOP }} role="presentation">
      {point.lines.map((line, index) => (
        <div key={line} className={index === 0 ? styles.tipTitle : undefined}>
          {line}
        </div>
      ))}
    </div>
  )
}

function nextIndex(key: string, index: number | null, count: number): number | null {
  const last = count - 1
  if (last < 0) return null
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, (index ?? -1) + 1)
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, (index ?? count) - 1)
  if (key === 'Home') return 0
  return key === 'End' ? last : null
}

/** The point next to a place on the screen: across counts ten times as much as up and down. null: there is none. */
function nearest(points: readonly ChartPoint[], plot: Plot, x: number, y: number): number | null {
  let best: number | null = null
  let least = Number.POSITIVE_INFINITY
  points.forEach((point, index) => {
    const distance = Math.abs(plot.x(point.x) - x) * 10 + Math.abs(plot.y(point.y) - y)
    if (distance >= least) return
    least = distance
    best = index
  })
  return best
}

/** The ticks that have room beside the one before and inside the plot. */
function fitting(ticks: readonly Tick[], plot: Plot): readonly Tick[] {
  let end = 0
  return ticks.filter(({ value, label }) => {
    const half = (label.length * LETTER) / 2
    const middle = plot.x(value)
    if (middle - half < end || middle + half > plot.right + RIGHT) return false
    end = middle + half + 12
    return true
  })
}
