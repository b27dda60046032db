import { useState } from 'react'
import { moneyText } from '#shared/analysis/cost.ts'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { SlotsCurve, SlotsPoint } from '#shared/analysis/slots-curve.ts'
import { formatDuration, parseDuration } from '#shared/model/duration.ts'
import { payForEvery, supposeAlso, useWhatIf } from '../state/whatIf.ts'
import { useWorkspace } from '../state/workspace.ts'
import { TextField } from '../ui/TextField.tsx'
import { Chart } from './chart/Chart.tsx'
import { csvText } from './chart/csv-text.ts'
import { LegendMark, Line, Moment, Points } from './chart/marks.tsx'
import { roundDomain } from './chart/scale.ts'
import styles from './DrawsPanel.module.css'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'
import { percentText } from './goal-text.ts'

/** How long a run takes with 1, 2, … slots, what they are used for, and what they cost. */
export function SlotsPanel() {
  const answer = useWhatIf((state) => state.answer)
  const stated = useWorkspace((state) => state.info?.slotPrice ?? null)
  const [tried, setTried] = useState<number | null>(null)
  if (!answer?.ok || answer.curve === null) return null
  const { curve, slots } = answer
  const price = tried ?? stated?.perHour ?? null
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <span>{summary(curve, slots)}</span>
        <Price price={price} currency={stated?.currency ?? ''} onChange={setTried} />
      </div>
      <div className={styles.halves}>
        <Curve curve={curve} slots={slots} />
        <FactsTable
          label="Makespan and cost by slots"
          columns={columnsOf(price, stated?.currency ?? '')}
          rows={curve.points}
          keyOf={({ slots: count }) => String(count)}
          chosen={String(slots)}
          onOpen={({ slots: count }) => supposeAlso({ slots: count })}
        />
      </div>
    </div>
  )
}

function summary({ enough, longestPath, points }: SlotsCurve, slots: number): string {
  const now = points.find((point) => point.slots === slots)
  const most = enough === 1 ? 'one slot is' : `${enough} slots are`
  const used = now
    ? ` At ${slots} ${slots === 1 ? 'slot' : 'slots'}, ${percentText(now.utilisation)} of their time does work.`
    : ''
  return `More than ${most} never used at once; no run is shorter than ${durationText(longestPath)}.${used}`
}

interface PriceProps {
  readonly price: number | null
  readonly currency: string
  readonly onChange: (price: number) => void
}

/** Of dagwright.yaml, or one to try. */
function Price({ price, currency, onChange }: PriceProps) {
  const interval = useWhatIf((state) => state.interval)
  return (
    <>
      <span className={styles.field}>
        A slot costs
        <TextField
          className={styles.price}
          label="Price of a slot for an hour"
          inputMode="decimal"
          value={price === null ? '' : String(price)}
          onCommit={(text) => {
            const value = Number(text)
            if (text.trim() !== '' && Number.isFinite(value) && value >= 0) onChange(value)
          }}
        />
        {currency} an hour
      </span>
      <span className={styles.field}>
        paid for every
        <TextField
          className={styles.price}
          label="How often slots can be added or given back"
          value={formatDuration(interval)}
          onCommit={(text) => {
            const value = parseDuration(text)
            if (value !== undefined && value > 0) payForEvery(value)
          }}
        />
      </span>
    </>
  )
}

function Curve({ curve: { points }, slots }: { readonly curve: SlotsCurve; readonly slots: number }) {
  const domain = roundDomain(
    points.flatMap(({ makespan, bound }) => [makespan, bound]),
    'duration',
  )
  const last = points.at(-1)?.slots ?? 1
  const ticks = points
    .filter(({ slots: count }) => points.length <= 16 || count === 1 || count % Math.ceil(points.length / 8) === 0)
    .map(({ slots: count }) => ({ value: count, label: String(count) }))
  return (
    <Chart
      title="Makespan by slots"
      legend={
        <>
          <LegendMark shape="line" text="simulated" />
          <LegendMark shape="dashed" color="--text-3" text="at best" />
        </>
      }
      y={{ domain, unit: 'duration' }}
      x={{ domain: { from: 1, to: Math.max(2, last) }, ticks }}
      points={points.map((point) => ({
        key: String(point.slots),
        x: point.slots,
        y: point.makespan,
        lines: tipOf(point),
      }))}
      chosen={String(slots)}
      onOpen={(key) => supposeAlso({ slots: Number(key) })}
      csv={() =>
        csvText(
          ['slots', 'makespan_seconds', 'bound_seconds', 'utilisation', 'fixed_slot_hours', 'scaled_slot_hours'],
          points.map(({ slots: count, makespan, bound, utilisation, cost }) => [
            count,
            makespan / 1e6,
            bound / 1e6,
            utilisation,
            cost.fixed,
            cost.scaled,
          ]),
        )
      }
      className={styles.chart}
    >
      {(plot) => (
        <>
          <Line plot={plot} points={points.map(({ slots: x, bound }) => ({ x, y: bound }))} color="--text-3" dashed />
          <Line plot={plot} points={points.map(({ slots: x, makespan }) => ({ x, y: makespan }))} />
          <Points plot={plot} points={points.map(({ slots: x, makespan }) => ({ key: String(x), x, y: makespan }))} />
          {slots <= last && <Moment plot={plot} value={slots} text={`${slots} now`} color="--text-2" />}
        </>
      )}
    </Chart>
  )
}

function tipOf({ slots, makespan, bound, utilisation, overran }: SlotsPoint): readonly string[] {
  return [
    `${slots} ${slots === 1 ? 'slot' : 'slots'}: ${exactDurationText(makespan)}`,
    `At best ${exactDurationText(bound)}`,
    `${percentText(utilisation)} of the slots' time does work`,
    ...(overran ? ['Ended by the timeout of the pipeline'] : []),
  ]
}

function columnsOf(price: number | null, currency: string): readonly FactsColumn<SlotsPoint>[] {
  const cost = (hours: number) =>
    price === null ? String(Number(hours.toPrecision(3))) : moneyText(hours * price, currency)
  return [
    { title: 'Slots', cell: ({ slots }) => String(slots) },
    { title: 'Makespan', numeric: true, cell: ({ makespan }) => durationText(makespan) },
    { title: 'At best', numeric: true, cell: ({ bound }) => durationText(bound) },
    { title: 'In use', numeric: true, cell: ({ utilisation }) => percentText(utilisation) },
    {
      title: price === null ? 'Fixed (h)' : 'Fixed',
      numeric: true,
      cell: ({ cost: { fixed } }) => cost(fixed),
      tip: () => 'Slot-hours of all slots, held from start to end',
    },
    {
      title: price === null ? 'Scaled (h)' : 'Scaled',
      numeric: true,
      cell: ({ cost: { scaled } }) => cost(scaled),
      tip: () => 'Slot-hours of as many slots, in every interval, as its busiest instant needs',
    },
  ]
}
