import type { PipelineDocument } from './document.ts'
import { edit } from './edit-session.ts'
import { applyPatches } from './patch.ts'
import { listOf } from './reading.ts'

/** The text without places on the canvas, to compare what the file means. As it is where it cannot be read. */
export function unplacedText(document: PipelineDocument): string {
  const patches = edit(document, (session) => {
    session.remove(['canvas'])
    for (const index of listOf(session.valueAt(['notes'])).keys()) {
      for (const field of ['at', 'size']) session.remove(['notes', index, field])
    }
    return undefined
  })
  return patches.ok ? applyPatches(document.text, patches.value) : document.text
}
