// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree grid cannot be a table: its rows are placed by transform
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows have the focus, one at a time
import { ChevronDown, ChevronRight, StickyNote } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { Group, Note, Task } from '#shared/model/pipeline.ts'
import { renameGroup, renameShown } from '../canvas/actions.ts'
import { tasksOfGroup } from '../canvas/geometry.ts'
import { noteLines } from '../canvas/noteText.ts'
import { workText, worstState } from '../canvas/paint/groupLook.ts'
import { taskShown } from '../runs/shown-state.ts'
import { useAnalysis, useTaskPlan, useTypicalDuration } from '../state/analysis.ts'
import { usePipeline } from '../state/documents.ts'
import { useRunView, useTaskRun } from '../state/runs.ts'
import { classes } from '../ui/classes.ts'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import { StateIcon } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import styles from './Outline.module.css'
import type { OutlineRow } from './outlineRows.ts'

export const COLUMNS: readonly { readonly name: string; readonly shown?: 'wide' | 'widest' }[] = [
  { name: 'Task' },
  { name: 'Kind', shown: 'widest' },
  { name: 'State', shown: 'widest' },
  { name: 'Needs', shown: 'wide' },
  { name: 'Typical', shown: 'wide' },
  { name: 'Float' },
]

export interface OutlineCellsProps {
  readonly row: OutlineRow
  readonly closed: boolean
  readonly renaming: boolean
  readonly onRenamed: () => void
}

/** The cells of a row, one for each column whatever the row is. */
export function OutlineCells({ row, closed, renaming, onRenamed }: OutlineCellsProps) {
  const { depth } = row
  if (row.type === 'note') return <NoteCells note={row.note} depth={depth} />
  if (row.type === 'group') {
    const { group } = row
    const field = renaming && (
      <NameField name={group.name} onDone={onRenamed} keep={(name) => renameGroup(group.id, name)} />
    )
    return <GroupCells group={group} depth={depth} closed={closed} field={field} />
  }
  const { task } = row
  const field = renaming && <NameField name={task.name} onDone={onRenamed} keep={(name) => renameShown(task, name)} />
  return <TaskCells task={task} depth={depth} field={field} />
}

interface CellsProps {
  readonly depth: number
  readonly title: string
  readonly first: ReactNode
  readonly kind: string
  readonly state: string
  readonly needs: string
  readonly typical: string
  readonly float: string
  readonly critical: boolean
}

const INDENT = 14

function Cells({ depth, title, first, kind, state, needs, typical, float, critical }: CellsProps) {
  return (
    <>
      <span role="gridcell" className={styles.cell} style={{ paddingLeft: 8 + depth * INDENT }} title={title}>
        {first}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.widest)}>
        {kind}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.widest)}>
        {state}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.wide)} title={needs}>
        {needs}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.wide, 'tabular')}>
        {typical}
      </span>
      <span role="gridcell" className={classes(styles.cell, 'tabular', critical && styles.critical)}>
        {float}
      </span>
    </>
  )
}

const NONE = '–'

function TaskCells({ task, depth, field }: { readonly task: Task; readonly depth: number; readonly field: ReactNode }) {
  const run = useTaskRun(task.id)
  const state = run && taskShown(run)
  const typical = useTypicalDuration(task.id)
  const plan = useTaskPlan(task.id)
  return (
    <Cells
      depth={depth}
      title={task.name}
      first={
        <>
          <KindIcon kind={task.kind} size={14} />
          {field || <span className={styles.name}>{task.name}</span>}
          {state && <StateIcon state={state} size={13} />}
        </>
      }
      kind={KIND_STYLES[task.kind].label}
      state={state ? STATE_STYLES[state].label : NONE}
      needs={task.needs.map((need) => need.task).join(', ') || NONE}
      typical={typical && typical.source !== 'default' ? durationText(typical.value) : NONE}
      float={!plan ? NONE : plan.critical ? 'critical' : `+${durationText(plan.totalFloat)}`}
      critical={plan?.critical ?? false}
    />
  )
}

interface GroupCellsProps {
  readonly group: Group
  readonly depth: number
  readonly closed: boolean
  readonly field: ReactNode
}

function GroupCells({ group, depth, closed, field }: GroupCellsProps) {
  const tasks = tasksOfGroup(usePipeline()?.groups ?? [], group.id)
  const view = useRunView()
  const plan = useAnalysis((analysis) => analysis.plan)
  const criticalTasks = useAnalysis((analysis) => analysis.criticalTasks)
  const state = worstState(view, tasks)
  const work = workText(plan, tasks)
  const critical = tasks.some((id) => criticalTasks.has(id))
  const Fold = closed ? ChevronRight : ChevronDown
  return (
    <Cells
      depth={depth}
      title={group.name}
      first={
        <>
          <Fold size={14} aria-hidden className={styles.fold} />
          {field || <span className={classes(styles.name, styles.group)}>{group.name}</span>}
          <span className={styles.muted}>
            {tasks.length}
            <span className="visually-hidden"> {tasks.length === 1 ? 'task' : 'tasks'}</span>
          </span>
          {closed && state && <StateIcon state={state} size={13} />}
        </>
      }
      kind="Group"
      state={state ? STATE_STYLES[state].label : NONE}
      needs={NONE}
      typical={plan ? work : NONE}
      float={critical ? 'critical' : NONE}
      critical={critical}
    />
  )
}

function NoteCells({ note, depth }: { readonly note: Note; readonly depth: number }) {
  const line = noteLines(note.text).find((one) => one.trim() !== '') ?? 'Empty note'
  return (
    <Cells
      depth={depth}
      title={note.text}
      first={
        <>
          <StickyNote size={14} aria-hidden />
          <span className={styles.name}>{line}</span>
        </>
      }
      kind="Note"
      state={NONE}
      needs={NONE}
      typical={NONE}
      float={NONE}
      critical={false}
    />
  )
}

interface NameFieldProps {
  readonly name: string
  readonly keep: (name: string) => void
  readonly onDone: () => void
}

function NameField({ name, keep, onDone }: NameFieldProps) {
  const [text, setText] = useState(name)
  const finished = useRef(false)
  const finish = (kept: boolean) => {
    if (finished.current) return
    finished.current = true
    if (kept && text.trim() !== '' && text !== name) keep(text.trim())
    onDone()
  }
  return (
    <input
      className={styles.field}
      value={text}
      aria-label={`New name of ${name}`}
      // biome-ignore lint/a11y/noAutofocus: the person just asked to rename it
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') finish(true)
        if (event.key === 'Escape') finish(false)
      }}
    />
  )
}
