import { StickyNote } from 'lucide-react'
import type { DragEvent } from 'react'
import { TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { addNoteAt, addTaskAt } from '../canvas/actions.ts'
import { controls } from '../canvas/controls.ts'
import { KIND_TYPE } from '../canvas/kindType.ts'
import { useActiveDocument } from '../state/documents.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import styles from './Palette.module.css'

/** Kinds of tasks: dragged onto the canvas, or added in the middle of it by a click or Enter. */
export function Palette() {
  const document = useActiveDocument()
  if (!document) return <EmptyState title="Open a pipeline to add tasks to it." />
  const add = (kind: TaskKind) => {
    const id = addTaskAt(kind, controls()?.centre() ?? [0, 0])
    if (id !== null) controls()?.reveal(id)
  }
  const drag = (event: DragEvent, kind: TaskKind) => {
    event.dataTransfer.setData(KIND_TYPE, kind)
    event.dataTransfer.effectAllowed = 'copy'
  }
  return (
    <div className={styles.palette}>
      <p className={styles.hint}>Drag onto the canvas, or click to add in the middle.</p>
      <ul className={styles.list} aria-label="Kinds of tasks">
        {TASK_KINDS.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              className={styles.item}
              draggable={!document.frozen}
              disabled={document.frozen}
              onDragStart={(event) => drag(event, kind)}
              onClick={() => add(kind)}
            >
              <span className={styles.icon}>
                <KindIcon kind={kind} size={18} />
              </span>
              <span className={styles.text}>
                <span className={styles.label}>{KIND_STYLES[kind].label}</span>
                <span className={styles.description}>{KIND_STYLES[kind].description}</span>
              </span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            className={styles.item}
            disabled={document.frozen}
            onClick={() => addNoteAt(controls()?.centre() ?? [0, 0])}
          >
            <span className={styles.icon}>
              <StickyNote size={18} strokeWidth={1.75} aria-hidden />
            </span>
            <span className={styles.text}>
              <span className={styles.label}>Note</span>
              <span className={styles.description}>Markdown on the canvas</span>
            </span>
          </button>
        </li>
      </ul>
    </div>
  )
}
