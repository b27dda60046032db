import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo, useState } from 'react'
import { Markdown } from '../ui/Markdown.tsx'
import { changeNote } from './actions.ts'
import styles from './NoteCard.module.css'
import type { NoteNode } from './nodes.ts'

const LEAST_WIDTH = 120
const LEAST_HEIGHT = 48

/** Markdown on the canvas; a double click edits it in place. */
export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteNode>) {
  const { note } = data
  const [draft, setDraft] = useState<string | null>(note.text === '' ? '' : null)
  const finish = (keep: boolean) => {
    if (draft !== null && keep && draft !== note.text) changeNote(note.id, { text: draft })
    setDraft(null)
  }
  return (
    <>
      <NodeResizer
        isVisible={selected}
        minWidth={LEAST_WIDTH}
        minHeight={LEAST_HEIGHT}
        onResizeEnd={(_, { x, y, width, height }) =>
          changeNote(note.id, {
            at: [Math.round(x), Math.round(y)],
            size: [Math.round(width), Math.round(height)],
          })
        }
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keyboard way is Enter on the selected note */}
      <div className={styles.note} data-selected={selected || undefined} onDoubleClick={() => setDraft(note.text)}>
        {draft === null ? (
          <Markdown text={note.text} />
        ) : (
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
              if (event.key === 'Escape') finish(false)
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) finish(true)
            }}
          />
        )}
      </div>
    </>
  )
})
