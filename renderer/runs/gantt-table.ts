import { STATE_STYLES } from '../ui/states.ts'
import { causeText, type TimelineRow } from './timeline-rows.ts'

/** One attempt of the timeline in numbers: times in seconds since the start of the run. */
export interface AttemptRow {
  readonly key: string
  readonly task: string
  readonly instance: number | null
  readonly attempt: number
  readonly state: string
  readonly readyAt: number
  readonly startedAt: number
  readonly endedAt: number
  readonly waited: number
  readonly worked: number
  readonly heldUp: boolean
  readonly after: string
}

export const ATTEMPT_COLUMNS = [
  'task',
  'instance',
  'attempt',
  'state',
  'ready_s',
  'started_s',
  'ended_s',
  'waited_s',
  'worked_s',
  'held_up_the_end',
  'started_after',
] as const

/** The attempts of a timeline, in order of their rows. */
export function attemptRows(rows: readonly TimelineRow[]): readonly AttemptRow[] {
  return rows.flatMap(({ bars }) =>
    bars.flatMap((bar): readonly AttemptRow[] => {
      if (bar.kind !== 'work') return []
      const sameAttempt = (other: typeof bar) =>
        other.kind === 'wait' && other.attempt === bar.attempt && other.index === bar.index
      const ready = bars.find(sameAttempt)?.from ?? bar.from
      return [
        {
          key: `${bar.task}\n${bar.index}\n${bar.attempt}\n${bar.from}`,
          task: bar.task,
          instance: bar.index,
          attempt: bar.attempt,
          state: STATE_STYLES[bar.state].label,
          readyAt: ready / 1e6,
          startedAt: bar.from / 1e6,
          endedAt: bar.to / 1e6,
          waited: (bar.from - ready) / 1e6,
          worked: (bar.to - bar.from) / 1e6,
          heldUp: bar.critical,
          after: bar.cause === null ? '' : causeText(bar.cause),
        },
      ]
    }),
  )
}

/** Cells by ATTEMPT_COLUMNS. */
export function attemptCells(row: AttemptRow): readonly unknown[] {
  const { task, instance, attempt, state, readyAt, startedAt, endedAt, waited, worked, heldUp, after } = row
  return [task, instance, attempt, state, readyAt, startedAt, endedAt, waited, worked, heldUp, after]
}
