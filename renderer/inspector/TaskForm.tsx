import { changeTaskKind } from '#shared/model/edit-task.ts'
import { type Pipeline, TASK_KINDS, type Task, type TaskKind } from '#shared/model/pipeline.ts'
import { renameTaskId } from '../canvas/actions.ts'
import { perform } from '../canvas/editing.ts'
import { KIND_FORMS } from '../kinds/forms.ts'
import { KIND_STYLES } from '../ui/kinds.ts'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { SloFields } from './compound-fields.tsx'
import { FieldRow } from './FieldRow.tsx'
import fields from './fields.module.css'
import { TextRow } from './fields.tsx'
import { HistorySection } from './HistorySection.tsx'
import { NeedsField } from './NeedsField.tsx'
import { Section } from './Section.tsx'
import { useScope } from './scope.ts'
import { AboutFields, DataFields, EnvironmentFields, RepeatFields, TimeFields, TriggerFields } from './TaskFields.tsx'

export interface TaskFormProps {
  readonly task: Task
  readonly pipeline: Pipeline
}

/** Every field of a task. */
export function TaskForm({ task, pipeline }: TaskFormProps) {
  return (
    <>
      <Section name="general" title="General">
        <IdRow id={task.id} />
        <TextRow path={['name']} label="Name" standard={task.id} />
        <KindRow task={task} />
        <AboutFields owner={pipeline.owner || 'none'} />
      </Section>
      <KindSection kind={task.kind} />
      <Section name="needs" title="Dependencies" note={countText(task.needs.length, 'upstream', 'upstreams')}>
        <NeedsField task={task} pipeline={pipeline} />
        <TriggerFields />
      </Section>
      <Section name="repeat" title="Repeat" note={task.forEach === null ? 'once' : 'mapped'} open={false}>
        <RepeatFields mapped={pipeline.tasks.filter((other) => other.forEach !== null && other.id !== task.id)} />
      </Section>
      <Section name="time" title="Retries and time">
        <TimeFields />
      </Section>
      <Section name="data" title="Data" note={countText(task.reads.length + task.writes.length, 'dataset', 'datasets')}>
        <DataFields />
      </Section>
      <Section
        name="environment"
        title="Environment"
        note={countText(task.env.size + task.secrets.length, 'variable', 'variables')}
        open={false}
      >
        <EnvironmentFields />
      </Section>
      <Section name="slo" title="Service level" open={false}>
        <SloFields />
      </Section>
      <HistorySection task={task.id} />
    </>
  )
}

function countText(count: number, one: string, many: string): string {
  return count === 0 ? 'none' : `${count} ${count === 1 ? one : many}`
}

/** Renaming rewrites needs, groups and expressions, and keeps the history. */
function IdRow({ id }: { readonly id: string }) {
  const { readOnly, document } = useScope()
  const problem = document.problems.find((other) => other.task === id && other.path?.length === 2)
  return (
    <FieldRow label="Id" id="inspector-task-id" isSet problem={problem}>
      <TextField
        id="inspector-task-id"
        className={fields.grow ?? ''}
        value={id}
        code
        disabled={readOnly}
        onCommit={(next) => renameTaskId(id, next.trim())}
      />
    </FieldRow>
  )
}

function KindRow({ task }: { readonly task: Task }) {
  const { readOnly } = useScope()
  const change = (kind: TaskKind) => {
    if (kind !== task.kind) {
      perform(`Make ${task.id} a ${KIND_STYLES[kind].label} task`, [
        (document) => changeTaskKind(document, task.id, kind),
      ])
    }
  }
  return (
    <FieldRow label="Kind" id="inspector-task-kind" isSet>
      <Select
        id="inspector-task-kind"
        className={fields.grow ?? ''}
        label="Kind"
        value={task.kind}
        disabled={readOnly}
        options={TASK_KINDS.map((kind) => ({
          value: kind,
          label: KIND_STYLES[kind].label,
          detail: KIND_STYLES[kind].description,
        }))}
        onChange={change}
      />
    </FieldRow>
  )
}

/** What a kind has of its own. */
function KindSection({ kind }: { readonly kind: TaskKind }) {
  const Form = KIND_FORMS[kind]
  if (Form === null) return null
  return (
    <Section name="code" title={KIND_STYLES[kind].label}>
      <Form />
    </Section>
  )
}
