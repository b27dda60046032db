import { ListChecks, Rows3 } from 'lucide-react'
import { useState } from 'react'
import { instanceLabel } from '#shared/journal/event.ts'
import type { InstanceView } from '#shared/journal/run-view.ts'
import type { Task } from '#shared/model/pipeline.ts'
import { api } from '../state/client.ts'
import { useRuns, useTaskRun } from '../state/runs.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Select } from '../ui/Select.tsx'
import { CallFailed } from './CallFailed.tsx'
import styles from './DataPanel.module.css'
import { DataTable } from './DataTable.tsx'
import { rowsText } from './rows-text.ts'
import { useCall } from './use-call.ts'

/** Kinds whose attempts keep rows, and what those are. */
const RESULTS = {
  sql: { title: 'Last query', icon: Rows3, none: 'Its last statements returned no rows to show.' },
  check: { title: 'Violations', icon: ListChecks, none: 'The check did not come to its query.' },
} as const

export function resultOf(task: Task | undefined) {
  return task?.kind === 'sql' || task?.kind === 'check' ? RESULTS[task.kind] : null
}

/** The first rows of what a sql task's last query returned in the chosen run, or a check's violations. */
export function ResultPreview({ task }: { readonly task: Task }) {
  const view = useTaskRun(task.id)
  const run = useRuns((state) => state.chosen)
  const [chosen, setChosen] = useState(0)
  const result = resultOf(task)
  const tried = (view?.instances ?? []).filter(({ attempts }) => attempts.length > 0)
  const instance = tried.find(({ index }) => index === chosen) ?? tried[0]
  if (result === null) return null
  if (run === null || instance === undefined) {
    return (
      <EmptyState icon={result.icon} title={run === null ? 'Choose a run' : `${task.id} has not run in this run`}>
        What its query returned is shown here.
      </EmptyState>
    )
  }
  return (
    <>
      <div className={styles.bar}>
        <span className={styles.title}>
          {result.title} of {instanceLabel(task.id, instance.index)}
        </span>
        {tried.length > 1 && (
          <Select
            size="small"
            label="Instance"
            value={String(instance.index)}
            options={tried.map(({ index }) => ({ value: String(index), label: instanceLabel(task.id, index) }))}
            onChange={(value) => setChosen(Number(value))}
          />
        )}
      </div>
      <Rows task={task} run={run} instance={instance} none={result.none} />
    </>
  )
}

interface RowsProps {
  readonly task: Task
  readonly run: string
  readonly instance: InstanceView
  readonly none: string
}

function Rows({ task, run, instance, none }: RowsProps) {
  const attempt = instance.attempts.length
  const ended = instance.attempts.at(-1)?.state !== 'running'
  const { index } = instance
  const rows = useCall(ended ? `${run}\n${task.id}\n${index}\n${attempt}` : null, (signal) =>
    api().artifacts.result({ workspace: workspaceRoot(), run, task: task.id, index, attempt }, { signal }),
  )
  if (!ended) return <EmptyState title="It is still running" />
  if (rows.status === 'failed') return <CallFailed error={rows.error} retry={rows.retry} />
  if (rows.status === 'loading') return <Spinner label="Reading the rows" />
  if (rows.value === null) return <EmptyState title={none} />
  if (rows.value.total === 0) {
    return (
      <EmptyState title={task.kind === 'check' ? 'The check holds: no violations' : 'The query returned no rows'} />
    )
  }
  return (
    <>
      <p className={styles.count}>{rowsText(rows.value.rows.length, rows.value.total)}</p>
      <DataTable preview={rows.value} label={`Rows of ${task.id}`} />
    </>
  )
}
