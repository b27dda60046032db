import type { PipelineDocument } from '#shared/model/document.ts'
import { parseDocument } from '#shared/model/document.ts'
import { applyPatches, composePatches, type TextPatch } from '#shared/model/patch.ts'
import { type Problem, type Result, success } from '#shared/model/problem.ts'
import { activeDocument, type EditOptions, edit } from '../state/documents.ts'
import { notify } from '../state/notices.ts'

export type EditStep = (document: PipelineDocument) => Result<readonly TextPatch[]>

/** Several edits, each of the text that the one before left, as one. Ends at the first that is refused. */
export function chainEdits(document: PipelineDocument, steps: readonly EditStep[]): Result<readonly TextPatch[]> {
  let patches: readonly TextPatch[] = []
  let current = document
  for (const [index, step] of steps.entries()) {
    const result = step(current)
    if (!result.ok) return result
    patches = composePatches(document.text, patches, result.value)
    if (index < steps.length - 1) current = parseDocument(applyPatches(document.text, patches), { previous: current })
  }
  return success(patches)
}

/** Makes the edits one step of the shown document's undo stack. False where they were refused; the person was told. */
export function perform(label: string, steps: readonly EditStep[], options: EditOptions = {}): boolean {
  const document = activeDocument()
  if (!document) return false
  const result = chainEdits(document.document, steps)
  if (result.ok) return edit(label, result.value, options)
  tellOf(result.problems)
  return false
}

/** Why an edit was refused. */
export function tellOf(problems: readonly Problem[]): void {
  for (const { message, hint, code } of problems) notify({ tone: 'warning', title: message, next: hint, code })
}
