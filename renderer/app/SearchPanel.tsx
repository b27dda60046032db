import { ChevronDown, ChevronUp, Search, SquareDashedMousePointer } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react'
import { controls } from '../canvas/controls.ts'
import { usePipeline } from '../state/documents.ts'
import { useRuns } from '../state/runs.ts'
import { selectOnly, selectTask, useIsTaskSelected, useSelection } from '../state/selection.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
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
  const step = (by: number) => {
    if (!hits || hits.length === 0) return
    const at = hits.findIndex(({ task }) => task.id === useSelection.getState().lead)
    showHit(hits[at < 0 ? (by > 0 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length]!)
  }
  const keyDown = (event: KeyboardEvent) => {
    const by = STEPS.get(`${event.shiftKey ? 'Shift+' : ''}${event.key}`)
    if (by === undefined || event.target !== field.current) return
    event.preventDefault()
    step(by)
  }
  return (
    <search className={styles.panel} onKeyDown={keyDown}>
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
          <div className={styles.found}>
            <p className={styles.count} role="status">
              {hits.length} {hits.length === 1 ? 'task' : 'tasks'}
            </p>
            <IconButton
              icon={ChevronUp}
              label="Previous hit"
              shortcut="Shift+Enter"
              size="small"
              onClick={() => step(-1)}
            />
            <IconButton icon={ChevronDown} label="Next hit" shortcut="Enter" size="small" onClick={() => step(1)} />
            <IconButton
              icon={SquareDashedMousePointer}
              label="Select all hits"
              size="small"
              onClick={() =>
                selectOnly(
                  'tasks',
                  hits.map(({ task }) => task.id),
                )
              }
            />
          </div>
          <ul className={styles.list}>
            {hits.slice(0, MOST_HITS).map((hit) => (
              <Hit key={hit.task.id} hit={hit} />
            ))}
          </ul>
        </>
      )}
    </search>
  )
}

/** Keys in the field that step through what was found. */
const STEPS: ReadonlyMap<string, number> = new Map([
  ['Enter', 1],
  ['Shift+Enter', -1],
  ['ArrowDown', 1],
  ['ArrowUp', -1],
])

function showHit({ task }: TaskHit): void {
  selectTask(task.id)
  controls()?.show(task.id)
}

function Hit({ hit }: { readonly hit: TaskHit }) {
  const { task, state, line } = hit
  const selected = useIsTaskSelected(task.id)
  return (
    <li>
      <button type="button" className={styles.hit} aria-pressed={selected} onClick={() => showHit(hit)}>
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
