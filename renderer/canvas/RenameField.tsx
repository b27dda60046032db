import { useRef, useState } from 'react'
import { startRenaming } from '../state/canvasView.ts'
import { controls } from './controls.ts'
import styles from './RenameField.module.css'

interface RenameFieldProps {
  readonly name: string
  readonly keep: (name: string) => void
}

/** A name on the canvas while it is edited: Enter keeps it, Escape does not. */
export function RenameField({ name, keep }: RenameFieldProps) {
  const [text, setText] = useState(name)
  const finished = useRef(false)
  const finish = (kept: boolean) => {
    // Leaving the page takes the focus away, too.
    if (finished.current) return
    finished.current = true
    startRenaming(null)
    if (kept && text.trim() !== '' && text !== name) keep(text.trim())
    controls()?.focus()
  }
  return (
    <input
      // nodrag, nopan: React Flow leaves the pointer to it.
      className={`${styles.field} nodrag nopan`}
      value={text}
      aria-label={`New name of ${name}`}
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
