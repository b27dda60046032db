import type { PipelineDocument } from './document.ts'
import { type EditSession, edit } from './edit-session.ts'
import { freeId } from './id.ts'
import type { TextPatch } from './patch.ts'
import type { Json } from './pipeline.ts'
import type { Problem, Result } from './problem.ts'
import { listOf, recordOf } from './reading.ts'
import { PIPELINE_FIELDS } from './schema.ts'

export interface NoteFields {
  /** Markdown. */
  readonly text: string
  /** Canvas pixels, written as whole numbers. */
  readonly at: readonly [x: number, y: number]
  readonly size: readonly [width: number, height: number]
}

const NOTE_FIELDS = ['id', 'text', 'at', 'size']

function whole(pair: readonly [number, number]): Json {
  return [Math.round(pair[0]), Math.round(pair[1])]
}

function indexOf(session: EditSession, id: string): number {
  return listOf(session.valueAt(['notes'])).findIndex((note) => recordOf(note).id === id)
}

function unknownNote(id: string): Problem {
  return {
    code: 'UNKNOWN_NOTE',
    severity: 'error',
    message: `There is no note with the id \`${id}\`.`,
    hint: 'It may have been removed in the text.',
  }
}

/** Adds a note under an id of its own: `note`, `note_2`, …. */
export function addNote(document: PipelineDocument, note: NoteFields): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const notes = listOf(session.valueAt(['notes']))
    const id = freeId(
      'note',
      notes.flatMap((other) => {
        const { id: taken } = recordOf(other)
        return typeof taken === 'string' ? [taken] : []
      }),
    )
    const fields: Json = { id, text: note.text, at: whole(note.at), size: whole(note.size) }
    session.set(['notes'], [...notes, fields], {
      order: PIPELINE_FIELDS,
      ...(notes.length === 0 ? { prefer: 'block' } : {}),
    })
    return undefined
  })
}

export function updateNote(
  document: PipelineDocument,
  id: string,
  change: Partial<NoteFields>,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const index = indexOf(session, id)
    if (index === -1) return unknownNote(id)
    const options = { order: NOTE_FIELDS }
    if (change.text !== undefined) session.set(['notes', index, 'text'], change.text, options)
    if (change.at) session.set(['notes', index, 'at'], whole(change.at), options)
    if (change.size) session.set(['notes', index, 'size'], whole(change.size), options)
    return undefined
  })
}

export function removeNote(document: PipelineDocument, id: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const index = indexOf(session, id)
    if (index === -1) return unknownNote(id)
    session.remove(['notes', index])
    return undefined
  })
}
