import { useRef, useState } from 'react'
import type { Task } from '#shared/model/pipeline.ts'
import { startRenaming } from '../state/canvasView.ts'
import { renameShown } from './actions.ts'
import { controls } from './controls.ts'
import styles from './RenameField.module.css'

/** The name on a card while it is edited: Enter keeps it, Escape does not. */
export function RenameField({ task }: { readonly task: Task }) {
  const [text, setText] = useState(task.name)
  const finished = useRef(false)
  const finish = (keep: boolean) => {
    // Leaving the page takes the focus away, too.
    if (finished.current) return
    finished.current = true
    startRenaming(null)
    if (keep && text.trim() !== '' && text !== task.name) renameShown(task, text.trim())
    controls()?.focus()
  }
  return (
    <input
      // nodrag, nopan: React Flow leaves the pointer to it.
      className={`${styles.field} nodrag nopan`}
      value={text}
      aria-label={`New name of ${task.name}`}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: the person just asked to rename it
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') finish(true)
        if (event.key === 'Escape') finish(false)
      }}
    />
  )
}
