import { type Task, TRIGGER_RULES } from '#shared/model/pipeline.ts'
import { EstimateField, PoolField, RetryFields } from './compound-fields.tsx'
import { ForEachField } from './ForEachField.tsx'
import { AreaRow, ConditionRow, DurationRow, NumberRow, SelectRow, SwitchRow, TextRow } from './fields.tsx'
import { ListRow, MapRow } from './list-fields.tsx'
import { useField } from './scope.ts'
import { RULE_TEXTS } from './trigger-rules.ts'

/** The fields that tasks of every kind have, by what they are about: of one task, and of the defaults for all. */

export function AboutFields({ owner = 'none' }: { readonly owner?: string }) {
  return (
    <>
      <TextRow path={['layer']} label="Layer" standard="none" />
      <TextRow path={['owner']} label="Owner" standard={owner} />
      <ListRow path={['tags']} label="Tags" placeholder="Add a tag" />
      <AreaRow path={['docs']} label="Notes" standard="What it does and why, in Markdown" />
    </>
  )
}

/** When it runs, and what its end means. */
export function TriggerFields() {
  return (
    <>
      <TriggerRuleRow />
      <ConditionRow path={['when']} label="When" standard="always" />
      <TextRow path={['branch']} label="Branch" standard="all go on" code />
      <SwitchRow path={['required']} label="Required" standard={true} />
    </>
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

/** @param mapped the tasks that it could follow instance by instance */
export function RepeatFields({ mapped }: { readonly mapped: readonly Task[] }) {
  return (
    <>
      <ForEachField mapped={mapped} />
      <NumberRow
        path={['maxParallel']}
        label="At once"
        standard="no limit"
        limits={{ integer: true, minimum: 1 }}
        unit="instances"
      />
      <SwitchRow path={['failFast']} label="Fail fast" standard={false} />
    </>
  )
}

export function TimeFields() {
  return (
    <>
      <RetryFields />
      <DurationRow path={['timeout']} label="Timeout" standard="none" />
      <EstimateField />
      <PoolField />
      <NumberRow path={['priority']} label="Priority" standard="0" limits={{ integer: true }} />
    </>
  )
}

export function DataFields() {
  return (
    <>
      <ListRow path={['reads']} label="Reads" placeholder="Table, file or URI" />
      <ListRow path={['writes']} label="Writes" placeholder="Table, file or URI" />
      <SwitchRow path={['cache']} label="Cache" standard={false} />
    </>
  )
}

export function EnvironmentFields() {
  return (
    <>
      <MapRow path={['env']} label="Variables" keyLabel="Name" valueLabel="Value" addLabel="Add a variable" />
      <ListRow path={['secrets']} label="Secrets" placeholder="Name of a secret" />
      <TextRow path={['cwd']} label="Folder" standard="the pipeline's folder" code />
    </>
  )
}
