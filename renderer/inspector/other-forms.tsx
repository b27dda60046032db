import { ArrowRight, Trash2, Ungroup, X } from 'lucide-react'
import { durationText } from '#shared/analysis/duration-text.ts'
import { setGroupTasks } from '#shared/model/edit-group.ts'
import { setTaskField } from '#shared/model/edit-task.ts'
import type { Group, Note, Pipeline, Task } from '#shared/model/pipeline.ts'
import { selectionBetween } from '#shared/scheduler/selection.ts'
import { changeNote, deleteSelection, disconnectTasks, groupSelection, ungroup } from '../canvas/actions.ts'
import { type EditStep, perform } from '../canvas/editing.ts'
import { runBetweenLabel } from '../runs/part-text.ts'
import { useTypicalDuration } from '../state/analysis.ts'
import { openRunDialog } from '../state/runs.ts'
import { edgeEnds, selectTask } from '../state/selection.ts'
import { Button } from '../ui/Button.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import { TextField } from '../ui/TextField.tsx'
import { FieldRow } from './FieldRow.tsx'
import fields from './fields.module.css'
import { ConditionRow, TextRow } from './fields.tsx'
import styles from './Inspector.module.css'
import { Section } from './Section.tsx'
import { needScope, ScopeProvider, useScope } from './scope.ts'
import { TaskPicker } from './TaskPicker.tsx'

export function GroupForm({ group, pipeline }: { readonly group: Group; readonly pipeline: Pipeline }) {
  const { readOnly } = useScope()
  const names = new Map<string, { readonly name: string; readonly kind: Task['kind'] | null }>([
    ...pipeline.tasks.map((task) => [task.id, { name: task.name, kind: task.kind }] as const),
    ...pipeline.groups.map((other) => [other.id, { name: other.name, kind: null }] as const),
  ])
  const members = (tasks: readonly string[]) =>
    perform(`Change group ${group.id}`, [(document) => setGroupTasks(document, group.id, tasks)])
  const options = [...names]
    .filter(([id]) => id !== group.id && !group.tasks.includes(id))
    .map(([id, { name, kind }]) => ({ id, name, kind }))
  return (
    <>
      <Section name="group.general" title="Group">
        <TextRow path={['name']} label="Name" standard={group.id} />
        <TextRow path={['color']} label="Colour" standard="none" help="A name such as blue, or a CSS colour." />
      </Section>
      <Section name="group.members" title="Members" note={String(group.tasks.length)}>
        {group.tasks.map((id) => (
          <div key={id} className={styles.need}>
            <button type="button" className={styles.needName} onClick={() => selectTask(id)}>
              {names.get(id)?.name ?? id}
            </button>
            <span />
            <button
              type="button"
              className={fields.remove}
              disabled={readOnly}
              aria-label={`Take ${id} out of the group`}
              onClick={() => members(group.tasks.filter((other) => other !== id))}
            >
              <X size={13} aria-hidden />
            </button>
          </div>
        ))}
        {!readOnly && (
          <TaskPicker label="Add a member" options={options} onPick={(id) => members([...group.tasks, id])} />
        )}
      </Section>
      <Section name="group.actions" title="Actions">
        <div className={styles.buttons}>
          <Button size="small" icon={Ungroup} disabled={readOnly} onClick={() => ungroup(group.id)}>
            Ungroup
          </Button>
        </div>
      </Section>
    </>
  )
}

export function NoteForm({ note }: { readonly note: Note }) {
  const { readOnly } = useScope()
  return (
    <Section name="note" title="Note">
      <FieldRow label="Text" isSet wide>
        <textarea
          className={fields.area}
          aria-label="Text of the note, in Markdown"
          value={note.text}
          disabled={readOnly}
          onChange={(event) => changeNote(note.id, { text: event.target.value })}
        />
      </FieldRow>
      <p className={styles.quiet}>Markdown. Drag its corner on the canvas to resize it.</p>
    </Section>
  )
}

export function EdgeForm({ edge, pipeline }: { readonly edge: string; readonly pipeline: Pipeline }) {
  const scope = useScope()
  const { from, to } = edgeEnds(edge)
  const target = pipeline.tasks.find((task) => task.id === to)
  const index = target?.needs.findIndex((need) => need.task === from) ?? -1
  return (
    <Section name="edge" title="Dependency">
      <div className={styles.buttons}>
        <Button size="small" onClick={() => selectTask(from)}>
          {from}
        </Button>
        <ArrowRight size={14} aria-hidden style={{ alignSelf: 'center' }} />
        <Button size="small" onClick={() => selectTask(to)}>
          {to}
        </Button>
      </div>
      <ScopeProvider value={needScope(scope.document, to, index, from, scope.readOnly)}>
        <ConditionRow
          path={['when']}
          label="Condition"
          standard="always"
          help="If it is false, this dependency counts as skipped."
        />
      </ScopeProvider>
      <div className={styles.buttons}>
        <Button size="small" icon={Trash2} disabled={scope.readOnly} onClick={() => disconnectTasks(from, to)}>
          Remove the dependency
        </Button>
      </div>
    </Section>
  )
}

/** Several tasks: what they have in common, and what can be done to all of them. */
export function ManyForm({ tasks, pipeline }: { readonly tasks: readonly Task[]; readonly pipeline: Pipeline }) {
  const { readOnly } = useScope()
  const ids = tasks.map((task) => task.id)
  const between = selectionBetween(pipeline, ids)
  const all = (label: string, field: string, value: string) =>
    perform(
      label,
      ids.map(
        (id): EditStep =>
          (document) =>
            setTaskField(document, id, [field], value === '' ? undefined : value),
      ),
    )
  return (
    <>
      <Section name="many" title={`${tasks.length} tasks`}>
        <CommonField
          label="Layer"
          values={tasks.map((task) => task.layer)}
          disabled={readOnly}
          onCommit={(value) => all('Change the layers', 'layer', value)}
        />
        <CommonField
          label="Owner"
          values={tasks.map((task) => task.owner)}
          disabled={readOnly}
          onCommit={(value) => all('Change the owners', 'owner', value)}
        />
        <div className={styles.buttons}>
          <Button size="small" disabled={readOnly} onClick={groupSelection}>
            Group
          </Button>
          <Button size="small" onClick={() => openRunDialog({ selection: { only: ids } })}>
            Run these
          </Button>
          {between !== null && (
            <Button size="small" onClick={() => openRunDialog({ selection: between })}>
              {runBetweenLabel(between)}
            </Button>
          )}
          <Button size="small" icon={Trash2} disabled={readOnly} onClick={() => deleteSelection(false)}>
            Delete
          </Button>
        </div>
      </Section>
      <Section name="many.list" title="Selected">
        <div className={styles.list}>
          {tasks.map((task) => (
            <SelectedTask key={task.id} task={task} />
          ))}
        </div>
      </Section>
    </>
  )
}

interface CommonFieldProps {
  readonly label: string
  readonly values: readonly string[]
  readonly disabled: boolean
  readonly onCommit: (value: string) => void
}

function CommonField({ label, values, disabled, onCommit }: CommonFieldProps) {
  const [first = '', ...others] = values
  const same = others.every((value) => value === first)
  return (
    <FieldRow label={label} isSet={same && first !== ''}>
      <TextField
        className={fields.grow ?? ''}
        value={same ? first : ''}
        label={`${label} of all`}
        placeholder={same ? 'none' : 'several'}
        disabled={disabled}
        onCommit={onCommit}
      />
    </FieldRow>
  )
}

function SelectedTask({ task }: { readonly task: Task }) {
  const typical = useTypicalDuration(task.id)
  return (
    <button type="button" className={styles.listItem} onClick={() => selectTask(task.id)}>
      <KindIcon kind={task.kind} size={14} />
      {task.name}
      <span className={styles.quiet} style={{ marginLeft: 'auto' }}>
        {typical === null ? '' : durationText(typical.value)}
      </span>
    </button>
  )
}
