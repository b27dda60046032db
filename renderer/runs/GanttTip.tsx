import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { StateIcon } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import styles from './Gantt.module.css'
import { causeText, type TimelineBar, type TimelineRow } from './timeline-rows.ts'

export interface GanttTipProps {
  readonly row: TimelineRow
  readonly bar: TimelineBar | null
  readonly x: number
  readonly y: number
}

/** Beside the pointer: what the bar under it says, to the microsecond. */
export function GanttTip({ row, bar, x, y }: GanttTipProps) {
  const left = Math.min(x + 14, window.innerWidth - 340)
  const above = y > window.innerHeight - 190
  const place = above ? { left, bottom: window.innerHeight - y + 10 } : { left, top: y + 16 }
  const state = bar?.state ?? row.state
  if (bar === null && row.task === null) return null
  return (
    <div className={styles.tip} style={place} role="presentation">
      <div className={styles.tipTitle}>
        <StateIcon state={state} size={13} />
        {row.task === null && bar !== null ? instanceLabel(bar.task, bar.index) : row.label}
      </div>
      {bar === null ? <div>{STATE_STYLES[row.state].label}</div> : <BarFacts row={row} bar={bar} />}
    </div>
  )
}

function BarFacts({ row, bar }: { readonly row: TimelineRow; readonly bar: TimelineBar }) {
  const wait = row.bars.find((other) => other.kind === 'wait' && other.attempt === bar.attempt)
  return (
    <dl className={styles.facts}>
      <dt>{TITLES[bar.kind]}</dt>
      <dd>
        {bar.kind === 'work'
          ? `${bar.attempt}, ${STATE_STYLES[bar.state].label.toLowerCase()}`
          : durationText(bar.to - bar.from)}
      </dd>
      {bar.kind === 'work' && (
        <>
          <dt>Duration</dt>
          <dd>{exactDurationText(bar.to - bar.from)}</dd>
        </>
      )}
      <dt>From</dt>
      <dd>{exactDurationText(bar.from)}</dd>
      <dt>To</dt>
      <dd>{exactDurationText(bar.to)}</dd>
      {bar.kind === 'work' && wait !== undefined && (
        <>
          <dt>Waited</dt>
          <dd>{exactDurationText(wait.to - wait.from)}</dd>
        </>
      )}
      {bar.cause !== null && (
        <>
          <dt>After</dt>
          <dd>{causeText(bar.cause)}</dd>
        </>
      )}
      {bar.critical && (
        <>
          <dt>Held up</dt>
          <dd>the end of the run</dd>
        </>
      )}
    </dl>
  )
}

const TITLES: Readonly<Record<TimelineBar['kind'], string>> = {
  work: 'Attempt',
  wait: 'Waited for a slot',
  retry: 'Delay before retry',
  span: 'All instances',
}
