import { durationText } from '#shared/analysis/duration-text.ts'
import { type Change, MOST_PARTS, type Scenario } from '#shared/analysis/scenario.ts'
import type { Task } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { useTypicalDuration } from '../state/analysis.ts'
import { suppose, supposeAlso, useWhatIf, withoutLike } from '../state/whatIf.ts'
import { Button } from '../ui/Button.tsx'
import styles from './ChangePanel.module.css'

/** What can be supposed of one task. The middle of each slider, or its start, is the task as it is. */
export function TaskControls({ task }: { readonly task: Task }) {
  const scenario = useWhatIf((state) => state.scenario)
  const typical = useTypicalDuration(task.id)?.value ?? 0
  const makespan = useWhatIf((state) => (state.answer?.ok ? state.answer.effect.before : 0))
  const own = changesOf(scenario, task.id)
  const factor = own.factor ?? 1
  const gone = { task: task.id, gone: true } as const
  const fails = { task: task.id, fails: true } as const
  return (
    <>
      <h2 className={styles.title}>{task.name}</h2>
      <Slider
        label="Takes"
        at={FACTORS.findIndex((one) => one >= factor)}
        most={FACTORS.length - 1}
        text={factor === 1 ? durationText(typical) : `${factorText(factor)}, ${durationText(typical * factor)}`}
        onChange={(at) => put({ task: task.id, factor: FACTORS[at] ?? 1 }, FACTORS[at] === 1)}
      />
      <Slider
        label="In parts"
        at={(own.split ?? 1) - 1}
        most={Math.min(MOST_PARTS, 16) - 1}
        text={own.split === undefined ? 'one' : `${own.split} parallel`}
        onChange={(at) => put({ task: task.id, split: at + 1 }, at === 0)}
      />
      <Slider
        label="Late by"
        at={latenesses(makespan).findIndex((one) => one >= (own.late ?? 0))}
        most={LATE_STEPS}
        text={own.late === undefined ? 'on time' : durationText(own.late)}
        onChange={(at) => put({ task: task.id, late: latenesses(makespan)[at] ?? 0 }, at === 0)}
      />
      <div className={styles.choices}>
        <Button size="small" aria-pressed={own.gone} onClick={() => put(gone, own.gone)}>
          Gone
        </Button>
        <Button size="small" aria-pressed={own.fails} onClick={() => put(fails, own.fails)}>
          Fails
        </Button>
      </div>
    </>
  )
}

/** Slots of the run and of its pools. */
export function RunControls({ slots, pools }: { readonly slots: number; readonly pools: ReadonlyMap<string, number> }) {
  const source = useWhatIf((state) => state.source)
  if (source === null) return null
  return (
    <>
      <h2 className={styles.title}>The run</h2>
      <SlotSlider label="Slots" now={slots} own={source.slots} change={(count) => ({ slots: count })} />
      {[...pools].map(([pool, size]) => (
        <SlotSlider
          key={pool}
          label={`Pool ${pool}`}
          now={size}
          own={source.pools.get(pool) ?? size}
          change={(count) => ({ pool, slots: count })}
        />
      ))}
    </>
  )
}

interface SlotSliderProps {
  readonly label: string
  readonly now: number
  /** As the pipeline, its workspace or this machine has it. */
  readonly own: number
  readonly change: (count: number) => Change
}

function SlotSlider({ label, now, own, change }: SlotSliderProps) {
  return (
    <Slider
      label={label}
      at={now - 1}
      most={Math.max(now, 4 * own, 16) - 1}
      text={now === own ? `${now}, as now` : `${now} instead of ${own}`}
      onChange={(at) => put(change(at + 1), at + 1 === own)}
    />
  )
}

interface SliderProps {
  readonly label: string
  /** Steps from the left. */
  readonly at: number
  readonly most: number
  readonly text: string
  readonly onChange: (at: number) => void
}

function Slider({ label, at, most, text, onChange }: SliderProps) {
  return (
    <label className={styles.row}>
      <span title={label}>{label}</span>
      <input
        type="range"
        className={styles.slider}
        min={0}
        max={most}
        value={Math.max(0, at)}
        aria-valuetext={text}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <span className={styles.amount}>{text}</span>
    </label>
  )
}

/** `same`: that is how it is anyway. */
function put(change: Change, same: boolean): void {
  if (same) suppose(withoutLike(useWhatIf.getState().scenario, change))
  else supposeAlso(change)
}

const FACTORS = [0.1, 0.2, 0.25, 1 / 3, 0.5, 2 / 3, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4, 5, 10]

function factorText(factor: number): string {
  return factor < 1 ? `${rounded(1 / factor)} × faster` : `${rounded(factor)} × as long`
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)))
}

const LATE_STEPS = 20

/** From on time to twice the run's length, small steps first. */
function latenesses(makespan: Micros): readonly Micros[] {
  return Array.from({ length: LATE_STEPS + 1 }, (_, step) => roundTime(2 * makespan * (step / LATE_STEPS) ** 2))
}

/** To two digits, so that it reads well. */
function roundTime(time: Micros): Micros {
  return Math.round(Number(time.toPrecision(2)))
}

interface TaskChanges {
  factor?: number
  split?: number
  late?: Micros
  gone: boolean
  fails: boolean
}

function changesOf(scenario: Scenario, task: string): TaskChanges {
  const own: TaskChanges = { gone: false, fails: false }
  for (const change of scenario) {
    if (!('task' in change) || change.task !== task) continue
    if ('factor' in change) own.factor = change.factor
    else if ('split' in change) own.split = change.split
    else if ('late' in change) own.late = change.late
    else if ('gone' in change) own.gone = true
    else own.fails = true
  }
  return own
}
