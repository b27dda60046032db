import { ChevronRight, Group as GroupIcon, Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { PipelineDocument } from '#shared/model/document.ts'
import { renameParameter, renamePool } from '#shared/model/edit-rename.ts'
import { setPipelineField } from '#shared/model/edit-task.ts'
import { ID_RULE, isId } from '#shared/model/id.ts'
import type { Parameter, Pipeline } from '#shared/model/pipeline.ts'
import { perform } from '../canvas/editing.ts'
import { notify } from '../state/notices.ts'
import { selectOnly } from '../state/selection.ts'
import { showInspector } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { SloFields } from './compound-fields.tsx'
import { DefaultsForm } from './DefaultsForm.tsx'
import { fieldText, type Reading, readJsonList, readJsonOrText, readNumber } from './draft.ts'
import fields from './fields.module.css'
import { AreaRow, DurationRow, NumberRow, ReadField, SelectRow, SwitchRow, TextRow } from './fields.tsx'
import styles from './Inspector.module.css'
import { ListRow, MapRow } from './list-fields.tsx'
import { Section } from './Section.tsx'
import { defaultsScope, nestedScope, ScopeProvider, useScope } from './scope.ts'

export interface PipelineFormProps {
  readonly pipeline: Pipeline
  readonly document: PipelineDocument
}

/** Every field of the pipeline itself. */
export function PipelineForm({ pipeline, document }: PipelineFormProps) {
  const cpus = useWorkspace((state) => state.app?.cpus)
  const { readOnly } = useScope()
  return (
    <>
      <Section name="pipeline.general" title="General">
        <TextRow path={['id']} label="Id" code help="Runs are filed under it: another id begins a new history." />
        <TextRow path={['name']} label="Name" standard={pipeline.id} />
        <AreaRow path={['description']} label="Description" standard="What it does, in Markdown" />
        <TextRow path={['owner']} label="Owner" standard="none" />
        <ListRow path={['tags']} label="Tags" placeholder="Add a tag" />
      </Section>
      <Section
        name="pipeline.params"
        title="Parameters"
        note={pipeline.params.size === 0 ? 'none' : String(pipeline.params.size)}
      >
        <Parameters pipeline={pipeline} document={document} />
      </Section>
      <Section name="pipeline.run" title="Running">
        <NumberRow
          path={['concurrency']}
          label="Slots"
          standard={cpus === undefined ? 'number of CPUs' : `${cpus}, the CPUs`}
          limits={{ integer: true, minimum: 1 }}
          unit="at once"
        />
        <DurationRow path={['timeout']} label="Timeout" standard="none" />
        <SwitchRow path={['failFast']} label="Fail fast" standard={false} />
        <ListRow path={['onSuccess']} label="On success" placeholder="Add a task id" />
        <ListRow path={['onFailure']} label="On failure" placeholder="Add a task id" />
        <p className={styles.quiet}>
          Tasks named on success or on failure need nothing and run last, by how the run ended.
        </p>
        <MapRow
          path={['pools']}
          label="Pools"
          keyLabel="Name"
          valueLabel="Slots"
          addLabel="Add a pool"
          read={readSlots}
          first={2}
          refuse={(name) => (isId(name) ? undefined : `A pool's name ${ID_RULE}.`)}
          rename={renamePool}
        />
        <MapRow path={['env']} label="Environment" keyLabel="Name" valueLabel="Value" addLabel="Add a variable" />
      </Section>
      <Section name="pipeline.defaults" title="Defaults for tasks" open={false}>
        <ScopeProvider value={defaultsScope(document, readOnly)}>
          <DefaultsForm />
        </ScopeProvider>
      </Section>
      <Section name="pipeline.schedule" title="Schedule" note={pipeline.schedule?.cron ?? 'none'} open={false}>
        <TextRow
          path={['schedule', 'cron']}
          label="Cron"
          standard="0 6 * * *"
          code
          help="For the orchestrator it is exported to. Here runs are started by hand."
        />
        <TextRow path={['schedule', 'timezone']} label="Time zone" standard="UTC" />
        <SwitchRow path={['schedule', 'catchup']} label="Catch up" standard={false} />
      </Section>
      <Section name="pipeline.slo" title="Service level" open={false}>
        <SloFields />
      </Section>
      <Section
        name="pipeline.groups"
        title="Groups"
        note={pipeline.groups.length === 0 ? 'none' : String(pipeline.groups.length)}
        open={false}
      >
        <Groups pipeline={pipeline} />
      </Section>
    </>
  )
}

/** A pool without a number is none. */
function readSlots(text: string): Reading {
  return readNumber(text.trim() === '' ? '0' : text, { integer: true, minimum: 1 })
}

function Groups({ pipeline }: { readonly pipeline: Pipeline }) {
  if (pipeline.groups.length === 0) {
    return <p className={styles.quiet}>Select tasks on the canvas and group them with Ctrl+G.</p>
  }
  return (
    <div className={styles.list}>
      {pipeline.groups.map((group) => (
        <button
          key={group.id}
          type="button"
          className={styles.listItem}
          onClick={() => {
            selectOnly('groups', [group.id])
            showInspector('task')
          }}
        >
          <GroupIcon size={14} aria-hidden />
          {group.name}
          <span className={styles.quiet}>{group.tasks.length}</span>
        </button>
      ))}
    </div>
  )
}

function Parameters({ pipeline, document }: PipelineFormProps) {
  const { readOnly } = useScope()
  const [adding, setAdding] = useState(false)
  const add = (text: string) => {
    setAdding(false)
    const name = text.trim()
    if (name === '') return
    if (!isId(name) || pipeline.params.has(name)) {
      const title = pipeline.params.has(name)
        ? `There is already a parameter ${name}.`
        : `A parameter's name ${ID_RULE}.`
      notify({ tone: 'warning', title })
      return
    }
    perform(`Add parameter ${name}`, [
      (current) => setPipelineField(current, ['params', name], { type: 'string', default: '' }),
    ])
  }
  return (
    <>
      {[...pipeline.params].map(([name, parameter]) => (
        <ScopeProvider key={name} value={nestedScope(document, ['params', name], readOnly)}>
          <ParameterFields name={name} parameter={parameter} />
        </ScopeProvider>
      ))}
      {adding ? (
        <TextField
          value=""
          label="Name of the parameter"
          placeholder="Name, then Enter"
          code
          autoFocus
          onCommit={add}
          onBlur={() => setAdding(false)}
        />
      ) : (
        !readOnly && (
          <Button className={fields.add ?? ''} variant="quiet" size="small" icon={Plus} onClick={() => setAdding(true)}>
            Add a parameter
          </Button>
        )
      )}
    </>
  )
}

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const

function ParameterFields({ name, parameter }: { readonly name: string; readonly parameter: Parameter }) {
  const { readOnly } = useScope()
  const [open, setOpen] = useState(false)
  const numeric = parameter.type === 'integer' || parameter.type === 'number'
  const rename = (next: string) => {
    if (next === '' || next === name) return
    perform(`Rename parameter ${name} to ${next}`, [(document) => renameParameter(document, name, next)])
  }
  const remove = () =>
    perform(`Remove parameter ${name}`, [(document) => setPipelineField(document, ['params', name], undefined)])
  return (
    <div className={styles.parameter}>
      <div className={styles.parameterHead}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          aria-label={`Settings of ${name}`}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={13} aria-hidden />
        </button>
        <TextField value={name} label="Name" code disabled={readOnly} onCommit={(next) => rename(next.trim())} />
        <span
          className={styles.summary}
          title={
            parameter.default === undefined
              ? parameter.type
              : `${parameter.type}, default ${fieldText(parameter.default)}`
          }
        >
          {parameter.default === undefined ? parameter.type : fieldText(parameter.default)}
        </span>
        <button
          type="button"
          className={fields.remove}
          aria-label={`Remove parameter ${name}`}
          disabled={readOnly}
          onClick={remove}
        >
          <X size={13} aria-hidden />
        </button>
      </div>
      {open && (
        <>
          <SelectRow
            path={['type']}
            label="Type"
            standard="string"
            options={TYPES.map((value) => ({ value, label: value }))}
          />
          {parameter.type === 'string' ? (
            <TextRow path={['default']} label="Default" standard="must be given" code />
          ) : (
            <ReadField path={['default']} label="Default" standard="must be given" read={readJsonOrText} code />
          )}
          <AreaRow path={['description']} label="Description" />
          <ReadField path={['enum']} label="Choices" standard={'any; else ["a", "b"]'} read={readJsonList} code />
          {numeric && <NumberRow path={['minimum']} label="At least" standard="no limit" />}
          {numeric && <NumberRow path={['maximum']} label="At most" standard="no limit" />}
        </>
      )}
    </div>
  )
}
