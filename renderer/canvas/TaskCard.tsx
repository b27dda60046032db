import { Handle, type NodeProps, Position } from '@xyflow/react'
import { Layers, Pin, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { Task } from '#shared/model/pipeline.ts'
import { OriginLabel } from '../runs/OriginLabel.tsx'
import { originOf } from '../runs/task-list.ts'
import { useAnalysis, useIsCritical, useTaskPlan, useTypicalDuration } from '../state/analysis.ts'
import { useCanvasViews } from '../state/canvasView.ts'
import { useTick } from '../state/clock.ts'
import { usePin } from '../state/pins.ts'
import { useRuns, useTaskRun } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { classes } from '../ui/classes.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import { StateIcon } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import { durationNow, nameOnCard, stateDetail } from './cardText.ts'
import { heatOf, useHeatMetric } from './heat.ts'
import type { TaskNode } from './nodes.ts'
import { RenameField } from './RenameField.tsx'
import styles from './TaskCard.module.css'
import { layerColor, tinted } from './tint.ts'

export const TaskCard = memo(function TaskCard({
  id,
  data,
  selected,
  sourcePosition,
  targetPosition,
}: NodeProps<TaskNode>) {
  const { task, problems, worst } = data
  const lens = useView((state) => state.lens)
  const run = useTaskRun(id)
  const critical = useIsCritical(id)
  const renaming = useCanvasViews((state) => state.renaming === id)
  const refused = useCanvasViews((state) => state.refused.includes(id))
  const heat = useHeat(id)
  const pin = usePin(task)
  const state = run?.state ?? null
  const shown = lens === 'design' ? null : state
  const name = nameOnCard(task.name, Number(task.forEach !== null) + Number(problems > 0) + Number(pin !== null))
  return (
    <div
      className={classes(styles.card, selected && styles.selected, refused && styles.refused)}
      data-state={shown ?? undefined}
      data-critical={critical || undefined}
      data-heat={lens === 'heat' ? heat : undefined}
      data-mapped={task.forEach !== null || undefined}
      data-optional={!task.required || undefined}
      style={tinted(layerColor(task.layer))}
    >
      <Handle type="target" position={targetPosition ?? Position.Left} className={styles.handle ?? ''} />
      <div className={styles.first}>
        <KindIcon kind={task.kind} size={16} />
        {renaming ? (
          <RenameField task={task} />
        ) : (
          <span
            className={styles.name}
            data-long={name.long || undefined}
            title={task.name === id ? id : `${task.name} (${id})`}
          >
            {name.text}
          </span>
        )}
        {pin && (
          <span className={styles.mapped} title="Pinned: runs from the app take its pinned outputs">
            <Pin size={13} aria-hidden />
            <span className="visually-hidden">Pinned</span>
          </span>
        )}
        {task.forEach !== null && <Layers size={13} className={styles.mapped} aria-label="Mapped task" />}
        {problems > 0 && (
          <span
            className={styles.problems}
            data-severity={worst}
            title={`${problems} ${problems === 1 ? 'problem' : 'problems'}`}
          >
            <TriangleAlert size={13} aria-hidden />
            <span className="visually-hidden">{problems} problems</span>
          </span>
        )}
        {shown && (
          <span className={styles.farState}>
            <StateIcon state={shown} size={26} named />
          </span>
        )}
      </div>
      <SecondLine task={task} />
      <Bar task={id} />
      <Handle type="source" position={sourcePosition ?? Position.Right} className={styles.handle ?? ''} />
    </div>
  )
})

/** What the lens says in words, and the duration. */
function SecondLine({ task }: { readonly task: Task }) {
  const lens = useView((state) => state.lens)
  return (
    <div className={styles.second}>
      <span className={styles.words}>
        {lens === 'critical' || lens === 'heat' ? (
          <FloatText task={task.id} />
        ) : (
          <StateOrKind task={task} lens={lens} />
        )}
      </span>
      <DurationText task={task.id} />
    </div>
  )
}

function StateOrKind({ task, lens }: { readonly task: Task; readonly lens: 'design' | 'state' }) {
  const run = useTaskRun(task.id)
  const view = useRuns((state) => state.view)
  useTick(run?.state === 'retrying', 250)
  if (lens === 'design' || !run || !view) {
    const words = [KIND_STYLES[task.kind].label, task.layer].filter(Boolean).join(' · ')
    return (
      <>
        <span className={styles.resting}>{words}</span>
        <span className={styles.hovered}>
          <FloatText task={task.id} />
        </span>
      </>
    )
  }
  const detail = stateDetail(view, run)
  return (
    <span className={styles.state} title={run.instances[0]?.reason?.message ?? run.settled?.reason?.message}>
      <StateIcon state={run.state} size={13} />
      <span>{STATE_STYLES[run.state].label}</span>
      {run.state === 'success' && <OriginLabel origin={originOf(run)} />}
      {detail && <span className={styles.detail}>{detail}</span>}
    </span>
  )
}

function FloatText({ task }: { readonly task: string }) {
  const plan = useTaskPlan(task)
  if (!plan) return <span>No plan</span>
  if (plan.critical) return <span className={styles.critical}>critical</span>
  return <span title={`Total float ${exactDurationText(plan.totalFloat)}`}>+{durationText(plan.totalFloat)} float</span>
}

/** "4.2 s / 3.9 s": now, or in the chosen run, and typical. */
function DurationText({ task }: { readonly task: string }) {
  const lens = useView((state) => state.lens)
  const typical = useTypicalDuration(task)
  const run = useTaskRun(task)
  const view = useRuns((state) => state.view)
  const moving = run?.state === 'running' || run?.state === 'retrying'
  useTick(moving, 200)
  const now = lens !== 'design' && view && run ? durationNow(view, run) : null
  if (now === null && typical === null) return null
  const guess = typical?.source === 'default'
  const usual = typical && !guess ? durationText(typical.value) : '–'
  const title = [
    now !== null && `${moving ? 'So far' : 'In this run'} ${exactDurationText(now)}`,
    typical &&
      (guess ? 'Never run and not estimated' : `Typically ${exactDurationText(typical.value)} (${typical.source})`),
  ]
  return (
    <span className={styles.duration} title={title.filter(Boolean).join('\n')}>
      {now !== null && <span className={styles.now}>{durationText(now)}</span>}
      {now !== null && <span className={styles.slash}> / </span>}
      <span className={styles.usual}>{usual}</span>
    </span>
  )
}

/** A thin bar: this task against the longest one; the tick is what is typical. */
function Bar({ task }: { readonly task: string }) {
  const lens = useView((state) => state.lens)
  const longest = useAnalysis((state) => state.longest)
  const typical = useTypicalDuration(task)
  const run = useTaskRun(task)
  const view = useRuns((state) => state.view)
  useTick(run?.state === 'running', 200)
  if (longest <= 0) return null
  const now = lens !== 'design' && view && run ? durationNow(view, run) : null
  const share = (value: number) => `${Math.min(100, (value / longest) * 100)}%`
  const usual = typical && typical.source !== 'default' ? typical.value : 0
  return (
    <div className={styles.bar} aria-hidden>
      {(now ?? usual) > 0 && (
        <div className={styles.fill} data-typical={now === null || undefined} style={{ width: share(now ?? usual) }} />
      )}
      {now !== null && usual > 0 && <div className={styles.tick} style={{ left: share(usual) }} />}
    </div>
  )
}

function useHeat(task: string): number {
  const metric = useHeatMetric()
  return useAnalysis((state) => heatOf(state, task, metric))
}
