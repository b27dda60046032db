import { Handle, type NodeProps, Position } from '@xyflow/react'
import { Layers, Pin, TriangleAlert } from 'lucide-react'
import { Fragment, memo } from 'react'
import { exactDurationText } from '#shared/analysis/duration-text.ts'
import type { Task } from '#shared/model/pipeline.ts'
import { OriginLabel } from '../runs/OriginLabel.tsx'
import { useAnalysis, useIsCritical, useTaskPlan, useTypicalDuration } from '../state/analysis.ts'
import { useCanvasViews } from '../state/canvasView.ts'
import { useTick } from '../state/clock.ts'
import { runTimeouts } from '../state/frozenSpec.ts'
import { usePin } from '../state/pins.ts'
import { useRuns, useTaskRun } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { whyTitle } from '../state/why.ts'
import { classes } from '../ui/classes.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { StateIcon } from '../ui/StateIcon.tsx'
import { renameShown } from './actions.ts'
import { NO_BADGES, useBadges } from './badges.ts'
import { CardBadges } from './CardBadges.tsx'
import { CardBar } from './CardBar.tsx'
import handle from './CardHandle.module.css'
import { durationNow } from './cardText.ts'
import { useLensWords } from './lensWords.ts'
import type { TaskNode } from './nodes.ts'
import { type CardLook, cardLook, floatTitle, floatWords } from './paint/look.ts'
import { RenameField } from './RenameField.tsx'
import styles from './TaskCard.module.css'
import { grounded, layerColor, tinted } from './tint.ts'

export const TaskCard = memo(function TaskCard({
  id,
  data,
  selected,
  sourcePosition,
  targetPosition,
}: NodeProps<TaskNode>) {
  const { task } = data
  const look = useCardLook(data)
  const critical = useIsCritical(id)
  const renaming = useCanvasViews((state) => state.renaming === id)
  const refused = useCanvasViews((state) => state.refused.includes(id))
  return (
    <div
      className={classes(styles.card, selected && styles.selected, refused && styles.refused)}
      data-state={look.state ?? undefined}
      data-critical={critical || undefined}
      data-near={look.near || undefined}
      data-told={look.ground !== null || undefined}
      data-hatched={look.hatched || undefined}
      data-mapped={look.mapped || undefined}
      data-optional={look.optional || undefined}
      style={{ ...tinted(layerColor(task.layer)), ...grounded(look.ground) }}
    >
      <Handle type="target" position={targetPosition ?? Position.Left} className={handle.handle ?? ''} />
      <div className={styles.first}>
        <KindIcon kind={look.kind} size={16} />
        {renaming ? (
          <RenameField name={task.name} keep={(name) => renameShown(task, name)} />
        ) : (
          <span
            className={styles.name}
            data-long={look.long || undefined}
            title={task.name === id ? id : `${task.name} (${id})`}
          >
            <Breakable name={look.name} />
          </span>
        )}
        <CardBadges badges={look.badges} />
        <Signs look={look} />
        {look.state && (
          <span className={styles.farState}>
            <StateIcon state={look.state} size={26} named />
          </span>
        )}
      </div>
      <div className={styles.second}>
        <span className={styles.words}>
          <WordsText task={task} look={look} />
        </span>
        <DurationText task={id} look={look} />
      </div>
      <CardBar look={look} />
      <Handle type="source" position={sourcePosition ?? Position.Right} className={handle.handle ?? ''} />
    </div>
  )
})

/** From afar a name takes two lines: broken where the painter breaks it, see `twoLines`. */
function Breakable({ name }: { readonly name: string }) {
  let at = 0
  return name.split(/(?<=[_.])/).map((piece) => {
    at += piece.length
    return (
      <Fragment key={at}>
        {piece}
        <wbr />
      </Fragment>
    )
  })
}

/** What the card says by the present lens; asked again while its durations grow. */
function useCardLook({ task, problems, worst }: TaskNode['data']): CardLook {
  const lens = useView((state) => state.lens)
  const run = useTaskRun(task.id)
  const view = useRuns((state) => state.view)
  const typical = useTypicalDuration(task.id)
  const plan = useTaskPlan(task.id)
  const longest = useAnalysis((state) => state.longest)
  const critical = useIsCritical(task.id)
  const near = useAnalysis((state) => state.nearTasks.has(task.id))
  const told = useLensWords((state) => state.words?.get(task.id) ?? null)
  const pinned = usePin(task) !== null
  const badges = useBadges((state) => state.byTask.get(task.id) ?? NO_BADGES)
  const look = cardLook({
    task,
    problems,
    worst,
    pinned,
    badges,
    lens,
    view,
    run,
    timeout: runTimeouts().get(task.id) ?? null,
    typical,
    plan,
    longest,
    critical,
    near,
    told,
  })
  useTick(look.ticking, 200)
  return look
}

function Signs({ look }: { readonly look: CardLook }) {
  return (
    <>
      {look.pinned && (
        <span className={styles.mapped} title="Pinned: runs from the app take its pinned outputs">
          <Pin size={13} aria-hidden />
          <span className="visually-hidden">Pinned</span>
        </span>
      )}
      {look.mapped && <Layers size={13} className={styles.mapped} aria-label="Mapped task" />}
      {look.problems > 0 && (
        <span
          className={styles.problems}
          data-severity={look.worst}
          title={`${look.problems} ${look.problems === 1 ? 'problem' : 'problems'}`}
        >
          <TriangleAlert size={13} aria-hidden />
          <span className="visually-hidden">{look.problems} problems</span>
        </span>
      )}
    </>
  )
}

/** What the lens says in words; under the pointer a plain card says its float. */
function WordsText({ task, look }: { readonly task: Task; readonly look: CardLook }) {
  const told = useLensWords((state) => state.words?.get(task.id) ?? null)
  const { words } = look
  if (words.type === 'state') {
    return (
      <span
        className={styles.state}
        onPointerEnter={(event) => {
          event.currentTarget.title = whyTitle(task.id)
        }}
      >
        <StateIcon state={words.state} size={13} />
        <span>{words.text}</span>
        <OriginLabel origin={words.origin} />
        {words.detail && <span className={styles.detail}>{words.detail}</span>}
      </span>
    )
  }
  if (told !== null) return <span title={told.title ?? told.text}>{told.text}</span>
  if (look.lens === 'critical' || look.lens === 'heat') return <FloatText task={task.id} />
  return (
    <>
      <span className={styles.resting}>{words.text}</span>
      <span className={styles.hovered}>
        <FloatText task={task.id} />
      </span>
    </>
  )
}

function FloatText({ task }: { readonly task: string }) {
  const plan = useTaskPlan(task)
  const words = floatWords(plan)
  if (words.type === 'critical') return <span className={styles.critical}>{words.text}</span>
  return <span title={plan ? floatTitle(plan) : undefined}>{words.text}</span>
}

/** "4.2 s / 3.9 s": now, or in the chosen run, and typical. */
function DurationText({ task, look }: { readonly task: string; readonly look: CardLook }) {
  const typical = useTypicalDuration(task)
  const run = useTaskRun(task)
  const view = useRuns((state) => state.view)
  if (look.now === null && look.usual === null) return null
  const now = look.now !== null && view && run ? durationNow(view, run) : null
  const title = [
    now !== null && `${look.ticking ? 'So far' : 'In this run'} ${exactDurationText(now)}`,
    typical &&
      (typical.source === 'default'
        ? 'Never run and not estimated'
        : `Typically ${exactDurationText(typical.value)} (${typical.source})`),
  ]
  return (
    <span className={styles.duration} title={title.filter(Boolean).join('\n')}>
      {look.now !== null && <span className={styles.now}>{look.now}</span>}
      {look.now !== null && look.usual !== null && <span className={styles.slash}>{look.between}</span>}
      <span className={styles.usual}>{look.usual}</span>
    </span>
  )
}
