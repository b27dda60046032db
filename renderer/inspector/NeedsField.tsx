import { Split, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Json, Pipeline, Task } from '#shared/model/pipeline.ts'
import { isRecord } from '#shared/model/source.ts'
import { reachable, taskGraph } from '#shared/model/task-graph.ts'
import { connectTasks, disconnectTasks } from '../canvas/actions.ts'
import { perform } from '../canvas/editing.ts'
import { selectTask } from '../state/selection.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { TextField } from '../ui/TextField.tsx'
import { fieldText, readCondition, useDraft } from './draft.ts'
import { FieldRow } from './FieldRow.tsx'
import fields from './fields.module.css'
import { hintOf } from './hints.ts'
import styles from './Inspector.module.css'
import { mergingOf, useField, useScope } from './scope.ts'
import { TaskPicker } from './TaskPicker.tsx'

interface RawNeed {
  readonly task: string
  readonly when: Json | undefined
}

/** The tasks that must come first, each with the condition on its edge. */
export function NeedsField({ task, pipeline }: { readonly task: Task; readonly pipeline: Pipeline }) {
  const field = useField(['needs'], 'Needs')
  const { base, readOnly } = useScope()
  const after = useMemo(() => reachable(taskGraph(pipeline.tasks).downstreams, task.id), [pipeline, task.id])
  const needs = rawNeeds(field.raw)
  const taken = new Set(needs.map((need) => need.task))
  const options = pipeline.tasks
    .filter((other) => other.id !== task.id && !taken.has(other.id))
    .map((other) => ({
      id: other.id,
      name: other.name,
      kind: other.kind,
      refused: after.has(other.id) ? 'would close a cycle' : undefined,
    }))
  return (
    <FieldRow label="Needs" hint={hintOf(base, ['needs'])} isSet={needs.length > 0} problem={field.problem}>
      <div className={styles.needs}>
        {needs.map((need, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a broken file may name a task twice
          <NeedRow key={`${need.task} ${index}`} task={task.id} need={need} index={index} readOnly={readOnly} />
        ))}
        {!readOnly && (
          <TaskPicker label="Add a dependency" options={options} onPick={(id) => connectTasks(id, task.id)} />
        )}
      </div>
    </FieldRow>
  )
}

function rawNeeds(raw: Json | undefined): readonly RawNeed[] {
  if (!Array.isArray(raw)) return []
  return raw.flatMap((need: Json): readonly RawNeed[] => {
    if (typeof need === 'string') return [{ task: need, when: undefined }]
    return isRecord(need) && typeof need.task === 'string' ? [{ task: need.task, when: need.when }] : []
  })
}

interface NeedRowProps {
  readonly task: string
  readonly need: RawNeed
  readonly index: number
  readonly readOnly: boolean
}

function NeedRow({ task, need, index, readOnly }: NeedRowProps) {
  const scope = useScope()
  const [asking, setAsking] = useState(false)
  const write = (when: Json | undefined, visit?: number) =>
    perform(
      `Change the condition on ${need.task}`,
      [
        (document) =>
          scope.write(document, ['needs', index], when === undefined ? need.task : { task: need.task, when }),
      ],
      mergingOf(`need ${task} ${index}`, visit),
    )
  const draft = useDraft(fieldText(need.when), readCondition, write)
  const open = asking || need.when !== undefined
  return (
    <div className={styles.need}>
      <button
        type="button"
        className={styles.needName}
        title={`Select ${need.task}`}
        onClick={() => selectTask(need.task)}
      >
        {need.task}
      </button>
      <IconButton
        icon={Split}
        size="small"
        label={open ? 'Take the condition out' : 'Add a condition'}
        pressed={open}
        disabled={readOnly}
        onClick={() => {
          setAsking(!open)
          if (need.when !== undefined) write(undefined)
        }}
      />
      <button
        type="button"
        className={fields.remove}
        aria-label={`Remove the dependency on ${need.task}`}
        disabled={readOnly}
        onClick={() => disconnectTasks(need.task, task)}
      >
        <X size={13} aria-hidden />
      </button>
      {open && (
        <span className={styles.condition}>
          <TextField
            value={draft.text}
            label={`Condition on ${need.task}`}
            placeholder="${{ params.full }}"
            code
            error={draft.error}
            disabled={readOnly}
            onChange={draft.onChange}
            onBlur={draft.onBlur}
          />
        </span>
      )}
    </div>
  )
}
