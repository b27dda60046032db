import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { PathSegment, RealizedPath } from '#shared/analysis/realized-path.ts'
import type { TaskWait } from '#shared/analysis/waits.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import { selectTask } from '../state/selection.ts'
import { classes } from '../ui/classes.ts'
import { SegmentBar } from './SegmentBar.tsx'
import styles from './WhereTimeWent.module.css'
import { type ChainStep, chainSteps, type TimeShare, timeShares } from './where-time-went.ts'

/** Longer chains are not read to their beginning. */
const MOST_STEPS = 200

/** The chain that led to the end of a run, and what its time was spent on. The parts add up to the makespan. */
export function WhereTimeWent({
  path,
  waits,
  onSegment,
}: {
  readonly path: RealizedPath
  /** Of all tasks of the run, outside the sum. */
  readonly waits: readonly TaskWait[]
  /** A part was chosen: its task is selected already. */
  readonly onSegment?: (segment: PathSegment) => void
}) {
  const shares = timeShares(path)
  const steps = chainSteps(path)
  return (
    <div className={styles.root}>
      <h2 className={styles.title}>Where the {durationText(path.makespan)} went</h2>
      {path.segments.length === 0 ? (
        <p className={styles.percent}>It took no time that could be told apart.</p>
      ) : (
        <SegmentBar path={path} onSegment={onSegment} />
      )}
      <div className={styles.kinds}>
        {shares.map((share) => (
          <KindRow key={share.kind} share={share} />
        ))}
      </div>
      <h2 className={styles.title}>What held up the end</h2>
      {steps.length > MOST_STEPS && (
        <p className={styles.percent}>
          The last {MOST_STEPS} of {steps.length.toLocaleString('en')} links
        </p>
      )}
      <div className={styles.chain}>
        {steps.slice(-MOST_STEPS).map((step) => (
          <StepRow key={instanceLabel(step.task, step.index) + step.attempts} step={step} makespan={path.makespan} />
        ))}
      </div>
      <Waits waits={waits} />
    </div>
  )
}

const MOST_WAITS = 100

/** What tasks waited for while they were ready: beside the sum, since others worked meanwhile. */
function Waits({ waits }: { readonly waits: readonly TaskWait[] }) {
  const found = waits.filter(({ waited }) => waited > 0)
  if (found.length === 0) return <p className={styles.percent}>No task waited for a slot or a pool.</p>
  return (
    <table className={styles.waits}>
      <caption className={styles.title}>Waits for slots and pools, outside the sum</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Task</th>
          <th scope="col">Waited for</th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        {found.slice(0, MOST_WAITS).map((wait) => (
          <tr key={`${wait.task} ${wait.for} ${wait.pool}`}>
            <th scope="row">
              <button type="button" className={styles.waiting} onClick={() => selectTask(wait.task)}>
                {wait.task}
              </button>
            </th>
            <td>{wait.for === 'pool' ? `pool ${wait.pool}` : wait.for}</td>
            <td className={styles.number} title={exactDurationText(wait.waited)}>
              {durationText(wait.waited)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function KindRow({ share }: { readonly share: TimeShare }) {
  return (
    <>
      <span className={classes(styles.swatch, styles[share.kind])} aria-hidden />
      <span title={EXPLAINED[share.kind]}>{NAMES[share.kind]}</span>
      <span className={styles.number} title={exactDurationText(share.time)}>
        {durationText(share.time)}
      </span>
      <span className={classes(styles.number, styles.percent)}>{percentText(share.share)}</span>
    </>
  )
}

function StepRow({ step, makespan }: { readonly step: ChainStep; readonly makespan: Micros }) {
  const notes = [
    step.attempts > 1 && `${step.attempts} attempts`,
    step.retry > 0 && `${durationText(step.retry)} retry delay`,
    step.waited > makespan / 100 && `waited ${durationText(step.waited)} for a slot`,
  ].filter((note) => note !== false)
  return (
    <button type="button" className={styles.step} onClick={() => selectTask(step.task)}>
      <span className={styles.name}>{instanceLabel(step.task, step.index)}</span>
      <span className={styles.number} title={exactDurationText(step.work)}>
        {durationText(step.work)}
      </span>
      {notes.length > 0 && <span className={styles.note}>{notes.join(', ')}</span>}
    </button>
  )
}

const NAMES = { work: 'Work', retry: 'Retry delays', overhead: 'Overhead', interrupted: 'Interrupted' } as const
const EXPLAINED = {
  work: 'The tasks of the chain worked',
  retry: 'Delays before further attempts',
  overhead: 'From a cause to the start that it led to, waiting for slots included',
  interrupted: 'The engine was down or the machine slept',
} as const

function percentText(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`
}
