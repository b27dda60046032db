import { X } from 'lucide-react'
import { Fragment } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { Fix } from '#shared/analysis/fixes.ts'
import { changeText, type Scenario } from '#shared/analysis/scenario.ts'
import { effectSentence, type ScenarioEffect } from '#shared/analysis/scenario-effect.ts'
import type { Micros } from '#shared/model/time.ts'
import { usePipeline } from '../state/documents.ts'
import { useSelectedTask } from '../state/selection.ts'
import { changeSaved, suppose, supposeAlso, supposeNot, useWhatIf } from '../state/whatIf.ts'
import { Button } from '../ui/Button.tsx'
import styles from './ChangePanel.module.css'
import { plainText } from './plain-text.ts'
import { RunControls, TaskControls } from './ScenarioControls.tsx'

/** Something made different, what comes of it, and what would help most. */
export function ChangePanel() {
  const pipeline = usePipeline()
  const selected = useSelectedTask()
  const answer = useWhatIf((state) => state.answer)
  if (pipeline === null || !answer?.ok) return null
  const task = pipeline.tasks.find(({ id }) => id === selected)
  return (
    <div className={styles.room}>
      <div className={styles.panel}>
        <section className={styles.column} aria-label="What to suppose">
          {task ? (
            <TaskControls key={task.id} task={task} />
          ) : (
            <p className={styles.quiet}>Select a task on the canvas to make it faster, late, split or fail.</p>
          )}
          <RunControls slots={answer.slots} pools={answer.pools} />
        </section>
        <section className={styles.column} aria-label="What comes of it">
          <Result effect={answer.effect} longestPath={answer.curve?.longestPath ?? null} />
          <Notes />
        </section>
        <section className={styles.column} aria-label="What should I fix first">
          <h2 className={styles.title}>What should I fix first</h2>
          <Fixes fixes={answer.fixes} />
        </section>
      </div>
    </div>
  )
}

function Result({ effect, longestPath }: { readonly effect: ScenarioEffect; readonly longestPath: Micros | null }) {
  const scenario = useWhatIf((state) => state.scenario)
  const changed = scenario.length > 0
  return (
    <>
      <dl className={styles.numbers}>
        <div title={`${exactDurationText(effect.before)}, simulated at the pipeline's own slots and pools`}>
          <dt>As it is</dt>
          <dd>{durationText(effect.before)}</dd>
        </div>
        {changed && (
          <div title={`${exactDurationText(effect.after)}, simulated`} data-now>
            <dt>Supposed</dt>
            <dd>{durationText(effect.after)}</dd>
          </div>
        )}
        {longestPath !== null && (
          <div
            title={`${exactDurationText(longestPath)}: the longest path. No run is shorter while tasks take that long`}
          >
            <dt>With unlimited slots</dt>
            <dd>{durationText(longestPath)}</dd>
          </div>
        )}
      </dl>
      {changed ? (
        <>
          <p role="status">{plainText(effectSentence(effect))}</p>
          <Changes scenario={scenario} />
          <p className={styles.quiet}>
            {effect.tasks.length === 1 ? '1 task fares' : `${effect.tasks.length} tasks fare`} differently, as the
            canvas shows. The pipeline itself is not changed.
          </p>
          <div className={styles.actions}>
            <Button size="small" onClick={() => keep(scenario)}>
              Keep this scenario
            </Button>
            <Button size="small" variant="quiet" onClick={() => suppose([])}>
              Back to the pipeline
            </Button>
          </div>
        </>
      ) : (
        <p className={styles.quiet}>Nothing is supposed yet. The pipeline is never changed by what you try here.</p>
      )}
    </>
  )
}

export function keep(scenario: Scenario): void {
  const name = plainText(scenario.map(changeText).join(', '))
  changeSaved((saved) => [...saved, { id: crypto.randomUUID(), name, scenario }])
}

function Changes({ scenario }: { readonly scenario: Scenario }) {
  return (
    <ul className={styles.changes} aria-label="Supposed changes">
      {scenario.map((change) => {
        const text = plainText(changeText(change))
        return (
          <li key={text} className={styles.change}>
            {text}
            <button
              type="button"
              className={styles.remove}
              aria-label={`Not: ${text}`}
              onClick={() => supposeNot(change)}
            >
              <X size={12} aria-hidden />
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function Fixes({ fixes }: { readonly fixes: readonly Fix[] }) {
  const useful = fixes.filter(({ gain }) => gain > 0)
  if (useful.length === 0)
    return <p className={styles.quiet}>No single change of a task, a slot or a pool would make the run shorter.</p>
  return (
    <ol className={styles.fixes}>
      {useful.map((fix) => (
        <li key={changeText(fix.change)}>
          <button
            type="button"
            className={styles.fix}
            title={`${exactDurationText(fix.before)} → ${exactDurationText(fix.after)}. Click to suppose it.`}
            onClick={() => supposeAlso(fix.change)}
          >
            <span className={styles.fixName}>{named(changeText(fix.change))}</span>
            <span className={styles.gain}>
              −{durationText(fix.gain)} ({Math.round(fix.share * 100)}%)
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}

/** Names between backticks in the type of names. */
function named(text: string) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      <span key={part} className={styles.name}>
        {part}
      </span>
    ) : (
      <Fragment key={part}>{part}</Fragment>
    ),
  )
}

function Notes() {
  const notes = useWhatIf((state) => state.notes)
  return notes.map((note) => (
    <p key={note} className={styles.quiet}>
      {plainText(note)}
    </p>
  ))
}
