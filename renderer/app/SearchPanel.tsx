import { Search } from 'lucide-react'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { controls } from '../canvas/controls.ts'
import { usePipeline } from '../state/documents.ts'
import { useRuns } from '../state/runs.ts'
import { selectTask, useIsTaskSelected } from '../state/selection.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import { StateIcon } from '../ui/StateIcon.tsx'
import { TextField } from '../ui/TextField.tsx'
import { findTasks, type TaskHit } from './findTasks.ts'
import styles from './SearchPanel.module.css'

const MOST_HITS = 200

/** Finds tasks by name, kind, owner, state, tag, layer, or text of their code. */
export function SearchPanel() {
  const pipeline = usePipeline()
  const [query, setQuery] = useState('')
  const late = useDeferredValue(query)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  // The states of a live run change what is found.
  useRuns((state) => state.version)
  const view = useRuns((state) => state.view)
  const hits =
    pipeline && late.trim() !== '' ? findTasks(pipeline, late, (id) => view?.tasks.get(id)?.state ?? null) : null
  return (
    <div className={styles.panel}>
      <TextField
        ref={field}
        value={query}
        onChange={setQuery}
        label="Find tasks"
        placeholder="Name, code, state:failed, kind:sql…"
        type="search"
      />
      {hits === null ? (
        <EmptyState icon={Search} title="Find tasks">
          By name or code. Narrow down with kind:, state:, owner:, tag: or layer:.
        </EmptyState>
      ) : hits.length === 0 ? (
        <EmptyState title="Nothing found." />
      ) : (
        <>
          <p className={styles.count} role="status">
            {hits.length} {hits.length === 1 ? 'task' : 'tasks'}
          </p>
          <ul className={styles.list}>
            {hits.slice(0, MOST_HITS).map((hit) => (
              <Hit key={hit.task.id} hit={hit} />
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Hit({ hit }: { readonly hit: TaskHit }) {
  const { task, state, line } = hit
  const selected = useIsTaskSelected(task.id)
  return (
    <li>
      <button
        type="button"
        className={styles.hit}
        aria-pressed={selected}
        onClick={() => {
          selectTask(task.id)
          controls()?.show(task.id)
        }}
      >
        <KindIcon kind={task.kind} size={14} />
        <span className={styles.text}>
          <span className={styles.name}>{task.name}</span>
          {line && <code className={styles.line}>{line}</code>}
        </span>
        {state && <StateIcon state={state} size={13} named />}
      </button>
    </li>
  )
}
