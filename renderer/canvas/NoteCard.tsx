import { type NodeProps, NodeResizer } from '@xyflow/react'
import { type CSSProperties, memo, useRef, useState } from 'react'
import type { Note } from '#shared/model/pipeline.ts'
import { startRenaming, useCanvasViews } from '../state/canvasView.ts'
import { Markdown } from '../ui/Markdown.tsx'
import { changeNote, LEAST_NOTE } from './actions.ts'
import { controls } from './controls.ts'
import type { Box } from './geometry.ts'
import styles from './NoteCard.module.css'
import type { NoteNode } from './nodes.ts'

/** Markdown on the canvas; a double click or Enter edits it in place. */
export const NoteCard = memo(function NoteCard({
  id,
  data,
  selected,
  positionAbsoluteX,
  positionAbsoluteY,
}: NodeProps<NoteNode>) {
  const { note } = data
  const editing = useCanvasViews((state) => state.renaming === id)
  /** Its box while a corner is dragged; the document gets one edit at the end. */
  const [resizing, setResizing] = useState<Box | null>(null)
  return (
    <div className={styles.box} style={resizing ? placed(resizing, positionAbsoluteX, positionAbsoluteY) : undefined}>
      <NodeResizer
        isVisible={selected}
        minWidth={LEAST_NOTE[0]}
        minHeight={LEAST_NOTE[1]}
        onResize={(_, { x, y, width, height }) => setResizing({ x, y, width, height })}
        onResizeEnd={(_, { x, y, width, height }) => {
          setResizing(null)
          changeNote(note.id, {
            at: [Math.round(x), Math.round(y)],
            size: [Math.round(width), Math.round(height)],
          })
        }}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keyboard way is Enter on the selected note */}
      <div className={styles.note} data-selected={selected || undefined} onDoubleClick={() => startRenaming(id)}>
        {editing ? (
          <NoteField note={note} />
        ) : note.text.trim() === '' ? (
          <p className={styles.nothing}>Empty note. Enter or a double click writes it.</p>
        ) : (
          <Markdown text={note.text} />
        )}
      </div>
    </div>
  )
})

/** Where a box is, seen from the corner of the node it is drawn in. */
function placed(box: Box, x: number, y: number): CSSProperties {
  return { left: box.x - x, top: box.y - y, width: box.width, height: box.height }
}

/** Its text while it is edited: Escape gives the change up, anything else keeps it. */
function NoteField({ note }: { readonly note: Note }) {
  const [draft, setDraft] = useState(note.text)
  const finished = useRef(false)
  const finish = (keep: boolean) => {
    if (finished.current) return
    finished.current = true
    startRenaming(null)
    if (keep && draft !== note.text) changeNote(note.id, { text: draft })
  }
  return (
    <textarea
      className={`${styles.editor} nodrag nowheel nopan`}
      value={draft}
      data-takes="Mod+Enter"
      aria-label="Text of the note, in Markdown"
      placeholder="Write a note, in Markdown"
      // biome-ignore lint/a11y/noAutofocus: the person just asked to edit it
      autoFocus
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter' && !(event.ctrlKey || event.metaKey)) return
        if (event.key !== 'Escape' && event.key !== 'Enter') return
        finish(event.key === 'Enter')
        controls()?.focus()
      }}
    />
  )
}
