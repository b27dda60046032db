import { MousePointerClick } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { FROZEN_REASON, type OpenDocument, useActiveDocument } from '../state/documents.ts'
import { type Selection, useSelection } from '../state/selection.ts'
import { type InspectorTab, showInspector, useView } from '../state/view.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { CodeAsRan } from './CodeAsRan.tsx'
import styles from './Inspector.module.css'
import { EdgeForm, GroupForm, ManyForm, NoteForm } from './other-forms.tsx'
import { PinSection } from './PinSection.tsx'
import { PipelineForm } from './PipelineForm.tsx'
import { PipelineSummary } from './PipelineSummary.tsx'
import { RemovedTask, useRemovedTask } from './RemovedTask.tsx'
import { groupScope, pipelineScope, ScopeProvider, taskScope } from './scope.ts'
import { TaskForm } from './TaskForm.tsx'
import { TaskHead } from './TaskHead.tsx'
import { TaskRun } from './TaskRun.tsx'

/** What is selected, or the pipeline itself, as forms. */
export function Inspector() {
  const document = useActiveDocument()
  const tab = useView((state) => state.inspectorTab)
  const selection = useSelection()
  if (document === null || document.pipeline === null) {
    return (
      <EmptyState icon={MousePointerClick} title="Nothing to inspect">
        {document === null
          ? 'Open a pipeline first.'
          : 'The file cannot be read as a pipeline. See the Problems panel.'}
      </EmptyState>
    )
  }
  return (
    <OpenInspector
      key={document.path}
      document={document}
      pipeline={document.pipeline}
      tab={tab}
      selection={selection}
    />
  )
}

interface OpenInspectorProps {
  readonly document: OpenDocument
  readonly pipeline: Pipeline
  readonly tab: InspectorTab
  readonly selection: Selection
}

function OpenInspector({ document: current, pipeline, tab, selection }: OpenInspectorProps) {
  // While the text cannot be read, forms go on showing what it last said.
  const readable = useRef(current.document)
  if (!current.frozen) readable.current = current.document
  const document = { ...current, document: readable.current }
  return (
    <div className={styles.root}>
      <Tabs
        label="Inspector"
        value={tab}
        onChange={(id) => showInspector(id as InspectorTab)}
        tabs={[
          {
            id: 'task',
            label: selectionLabel(selection, pipeline),
            content: (
              <Body document={document}>
                <SelectionForm document={document} pipeline={pipeline} selection={selection} />
              </Body>
            ),
          },
          {
            id: 'pipeline',
            label: 'Pipeline',
            content: (
              <Body document={document}>
                <ScopeProvider value={pipelineScope(document.document, readOnly(document))}>
                  <PipelineForm pipeline={pipeline} document={document.document} />
                </ScopeProvider>
              </Body>
            ),
          },
        ]}
      />
    </div>
  )
}

const AS_RUN = 'The pipeline as it was when this run began. Save it under another name to change it.'

function readOnly(document: OpenDocument): boolean {
  return document.readOnly || document.frozen
}

function Body({ document, children }: { readonly document: OpenDocument; readonly children: ReactNode }) {
  return (
    <div className={styles.body}>
      {document.frozen && <p className={styles.note}>{FROZEN_REASON}</p>}
      {document.readOnly && <p className={styles.note}>{document.asRun ? AS_RUN : 'This file is read-only.'}</p>}
      {children}
    </div>
  )
}

function selectionLabel(selection: Selection, pipeline: Pipeline): string {
  const tasks = pipeline.tasks.filter((task) => selection.tasks.has(task.id)).length
  if (tasks > 0) return tasks === 1 ? 'Task' : `${tasks} tasks`
  if (selection.groups.size > 0) return 'Group'
  if (selection.notes.size > 0) return 'Note'
  return selection.edges.size > 0 ? 'Dependency' : 'Task'
}

interface SelectionFormProps {
  readonly document: OpenDocument
  readonly pipeline: Pipeline
  readonly selection: Selection
}

function SelectionForm({ document, pipeline, selection }: SelectionFormProps) {
  const locked = readOnly(document)
  const removed = useRemovedTask(selection.lead)
  const tasks = pipeline.tasks.filter((task) => selection.tasks.has(task.id))
  const [task] = tasks
  if (tasks.length > 1) {
    return (
      <ScopeProvider value={pipelineScope(document.document, locked)}>
        <ManyForm tasks={tasks} pipeline={pipeline} />
      </ScopeProvider>
    )
  }
  if (task !== undefined) {
    return (
      <ScopeProvider key={task.id} value={taskScope(document.document, task.id, locked)}>
        <TaskHead task={task} />
        <TaskRun task={task.id} />
        <CodeAsRan task={task.id} />
        <PinSection task={task} />
        <TaskForm task={task} pipeline={pipeline} />
      </ScopeProvider>
    )
  }
  if (removed) return <RemovedTask task={removed.task} earlier={removed.earlier} readOnly={locked} />
  const group = pipeline.groups.find((other) => selection.groups.has(other.id))
  if (group !== undefined) {
    return (
      <ScopeProvider key={group.id} value={groupScope(document.document, group.id, locked)}>
        <GroupForm group={group} pipeline={pipeline} />
      </ScopeProvider>
    )
  }
  const note = pipeline.notes.find((other) => selection.notes.has(other.id))
  const [edge] = selection.edges
  return (
    <ScopeProvider value={pipelineScope(document.document, locked)}>
      {note !== undefined ? (
        <NoteForm note={note} />
      ) : edge !== undefined ? (
        <EdgeForm key={edge} edge={edge} pipeline={pipeline} />
      ) : (
        <PipelineSummary pipeline={pipeline} />
      )}
    </ScopeProvider>
  )
}
