import { Play, ScrollText } from 'lucide-react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import { attemptStart, instanceQueued, isFinal, type TaskView, taskDuration } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { taskShown } from '../runs/shown-state.ts'
import { WhyText } from '../runs/WhyText.tsx'
import { useTaskPlan, useTypicalDuration } from '../state/analysis.ts'
import { runClock, useTick } from '../state/clock.ts'
import { openRunDialog, useIsUnderWay, useRuns, useTaskRun } from '../state/runs.ts'
import { showLog } from '../state/view.ts'
import { useWhyContext, whySentence } from '../state/why.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { StateLabel } from '../ui/StateIcon.tsx'
import styles from './Inspector.module.css'

/** How the task fared in the chosen run, and what it means for the plan. */
export function TaskRun({ task }: { readonly task: string }) {
  const view = useTaskRun(task)
  const live = useIsUnderWay()
  const plan = useTaskPlan(task)
  const typical = useTypicalDuration(task)
  useTick(live && view !== null && !isFinal(view.state), 500)
  const attempts = view?.instances.reduce((sum, instance) => sum + instance.attempts.length, 0) ?? 0
  const duration = view === null ? null : currentDuration(view)
  const queued = view?.instances.reduce((most, instance) => Math.max(most, instanceQueued(instance)), 0) ?? 0
  return (
    <div className={styles.run}>
      {view !== null && (
        <div className={styles.runState}>
          <StateLabel state={taskShown(view)} />
        </div>
      )}
      <dl className={styles.facts}>
        {duration !== null && (
          <Fact name={live && view && !isFinal(view.state) ? 'So far' : 'Duration'} time={duration} />
        )}
        {typical !== null && <Fact name={TYPICAL[typical.source]} time={typical.value} />}
        {queued > 0 && <Fact name="Waited" time={queued} />}
        {attempts > 1 && (
          <div>
            <dt>Attempts</dt>
            <dd>{attempts}</dd>
          </div>
        )}
        {plan !== null && (
          <div title={plan.critical ? 'Any delay moves the end of the plan' : exactDurationText(plan.totalFloat)}>
            <dt>Float</dt>
            <dd className={classes(plan.critical && styles.critical)}>
              {plan.critical ? 'critical' : `+${durationText(plan.totalFloat)}`}
            </dd>
          </div>
        )}
        {plan !== null && plan.freeFloat !== plan.totalFloat && (
          <div title={`How long it can slip before any other task starts later: ${exactDurationText(plan.freeFloat)}`}>
            <dt>Free float</dt>
            <dd>{durationText(plan.freeFloat)}</dd>
          </div>
        )}
        {plan !== null && plan.drag > 0 && (
          <div title="How much shorter the plan gets if this task takes no time">
            <dt>Drag</dt>
            <dd>{durationText(plan.drag)}</dd>
          </div>
        )}
      </dl>
      {view !== null && <WhySentence task={task} />}
      <div className={styles.buttons}>
        <Button
          size="small"
          icon={ScrollText}
          disabled={attempts === 0}
          onClick={() => showLog({ task, index: null, attempt: null })}
        >
          Logs
        </Button>
        <Button size="small" icon={Play} onClick={() => openRunDialog({ selection: { from: [task] } })}>
          Run from here
        </Button>
      </div>
    </div>
  )
}

const TYPICAL = { history: 'Typical', imported: 'Recorded', estimate: 'Estimate', default: 'Assumed' } as const

function Fact({ name, time }: { readonly name: string; readonly time: Micros }) {
  return (
    <div title={exactDurationText(time)}>
      <dt>{name}</dt>
      <dd>{durationText(time)}</dd>
    </div>
  )
}

function currentDuration(view: TaskView): Micros | null {
  if (isFinal(view.state)) return taskDuration(view)
  const run = useRuns.getState().view
  const starts = view.instances.flatMap((instance) => instance.attempts.slice(0, 1).map(attemptStart))
  return run === null || starts.length === 0 ? null : runClock(run) - Math.min(...starts)
}

/** Why it is in its state. By itself, since what other tasks do changes it. */
function WhySentence({ task }: { readonly task: string }) {
  const context = useWhyContext()
  if (context === null) return null
  return (
    <p className={styles.reason} data-why>
      <WhyText view={context.view} text={whySentence(context, task, null)} about={task} />
    </p>
  )
}
