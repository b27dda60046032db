import { changeTaskKind } from '#shared/model/edit-task.ts'
import { type Pipeline, TASK_KINDS, type Task, type TaskKind, TRIGGER_RULES } from '#shared/model/pipeline.ts'
import { renameTaskId } from '../canvas/actions.ts'
import { perform } from '../canvas/editing.ts'
import { KIND_FORMS } from '../kinds/forms.ts'
import { KIND_STYLES } from '../ui/kinds.ts'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { EstimateField, PoolField, RetryFields, SloFields } from './compound-fields.tsx'
import { FieldRow } from './FieldRow.tsx'
import { ForEachField } from './ForEachField.tsx'
import fields from './fields.module.css'
import { AreaRow, ConditionRow, DurationRow, NumberRow, SelectRow, SwitchRow, TextRow } from './fields.tsx'
import { HistorySection } from './HistorySection.tsx'
import { ListRow, MapRow } from './list-fields.tsx'
import { NeedsField } from './NeedsField.tsx'
import { Section } from './Section.tsx'
import { useField, useScope } from './scope.ts'
import { RULE_TEXTS } from './trigger-rules.ts'

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
        <TextRow path={['layer']} label="Layer" standard="none" />
        <TextRow path={['owner']} label="Owner" standard={pipeline.owner || 'none'} />
        <ListRow path={['tags']} label="Tags" placeholder="Add a tag" />
        <AreaRow path={['docs']} label="Notes" standard="What it does and why, in Markdown" />
      </Section>
      <KindSection kind={task.kind} />
      <Section name="needs" title="Dependencies" note={countText(task.needs.length, 'upstream', 'upstreams')}>
        <NeedsField task={task} pipeline={pipeline} />
        <TriggerRuleRow />
        <ConditionRow path={['when']} label="When" standard="always" />
        <TextRow path={['branch']} label="Branch" standard="all go on" code />
        <SwitchRow path={['required']} label="Required" standard={true} />
      </Section>
      <Section name="repeat" title="Repeat" note={task.forEach === null ? 'once' : 'mapped'} open={false}>
        <ForEachField task={task} pipeline={pipeline} />
        <NumberRow
          path={['maxParallel']}
          label="At once"
          standard="no limit"
          limits={{ integer: true, minimum: 1 }}
          unit="instances"
        />
        <SwitchRow path={['failFast']} label="Fail fast" standard={false} />
      </Section>
      <Section name="time" title="Retries and time">
        <RetryFields />
        <DurationRow path={['timeout']} label="Timeout" standard="none" />
        <EstimateField />
        <PoolField />
        <NumberRow path={['priority']} label="Priority" standard="0" limits={{ integer: true }} />
      </Section>
      <Section name="data" title="Data" note={countText(task.reads.length + task.writes.length, 'dataset', 'datasets')}>
        <ListRow path={['reads']} label="Reads" placeholder="Table, file or URI" />
        <ListRow path={['writes']} label="Writes" placeholder="Table, file or URI" />
        <SwitchRow path={['cache']} label="Cache" standard={false} />
      </Section>
      <Section
        name="environment"
        title="Environment"
        note={countText(task.env.size + task.secrets.length, 'variable', 'variables')}
        open={false}
      >
        <MapRow path={['env']} label="Variables" keyLabel="Name" valueLabel="Value" addLabel="Add a variable" />
        <ListRow path={['secrets']} label="Secrets" placeholder="Name of a secret" />
        <TextRow path={['cwd']} label="Folder" standard="the pipeline's folder" code />
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

function TriggerRuleRow() {
  const field = useField(['triggerRule'], 'Trigger rule')
  const rule = TRIGGER_RULES.find((name) => name === (field.raw ?? field.inherited)) ?? 'all_success'
  return (
    <SelectRow
      path={['triggerRule']}
      label="Trigger rule"
      standard="all_success"
      options={TRIGGER_RULES.map((name) => ({ value: name, label: RULE_TEXTS[name].label, detail: name }))}
      help={RULE_TEXTS[rule].text}
    />
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
