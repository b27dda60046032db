import { type PipelineDocument, parseDocument } from './document.ts'
import { disconnect, removeTasks } from './edit-dependency.ts'
import { addTask } from './edit-task.ts'
import { applyPatches, type TextPatch } from './patch.ts'
import type { Task } from './pipeline.ts'
import { failure, type Result, success } from './problem.ts'
import { listOf, neededId, recordOf } from './reading.ts'
import { mergedText, mergeTexts } from './text-merge.ts'

/**
 * The text with a task brought back that an earlier version had: as that version wrote it, comments, place, group and
 * links included, where what has changed since leaves room for them. Needs of tasks that are gone, too, are left out.
 */
export function restoreTask(earlier: PipelineDocument, document: PipelineDocument, id: string): Result<string> {
  const old = earlier.pipeline?.tasks.find((task) => task.id === id)
  if (!old) return refusal(id)
  const merged = parseDocument(mergedBack(earlier, document, id), { previous: document })
  const found = merged.pipeline?.tasks.find((task) => task.id === id)
  if (!merged.editable || !found) return rewritten(earlier, document, old)
  const known = new Set(merged.pipeline?.tasks.map((task) => task.id))
  return found.needs
    .filter((need) => !known.has(need.task))
    .reduce<Result<string>>(
      (result, need) =>
        result.ok ? textAfter(parseDocument(result.value), (text) => disconnect(text, need.task, id)) : result,
      success(merged.text),
    )
}

/** What the removal changed is changed back; everything else that differs is of the later version. */
function mergedBack(earlier: PipelineDocument, document: PipelineDocument, id: string): string {
  const [best] = [false, true]
    .flatMap((heal) => {
      const without = textAfter(earlier, (text) => removeTasks(text, [id], { heal }))
      return without.ok ? mergeTexts(without.value, document.text, earlier.text) : []
    })
    .sort((a, b) => a.conflicts.length - b.conflicts.length)
  return best
    ? mergedText(
        best,
        best.conflicts.map(({ base }) => (base.length === 0 ? 'both' : 'mine')),
      )
    : document.text
}

/** Where its neighbours were rewritten, too: behind the other tasks, with its fields and place alone. */
function rewritten(earlier: PipelineDocument, document: PipelineDocument, task: Task): Result<string> {
  const { needs, ...fields } = recordOf(recordOf(recordOf(earlier.source.value).tasks)[task.id])
  const known = new Set(document.pipeline?.tasks.map((other) => other.id))
  const at = earlier.pipeline?.canvas.get(task.id)
  const wanted = listOf(needs).filter((need) => known.has(neededId(need) ?? ''))
  return textAfter(document, (text) =>
    addTask(text, { id: task.id, kind: task.kind, fields, needs: wanted, ...(at ? { at } : {}) }),
  )
}

function textAfter(
  document: PipelineDocument,
  edit: (document: PipelineDocument) => Result<readonly TextPatch[]>,
): Result<string> {
  const patches = edit(document)
  return patches.ok ? success(applyPatches(document.text, patches.value)) : patches
}

function refusal(id: string): Result<string> {
  return failure({
    code: 'CANNOT_RESTORE',
    severity: 'error',
    message: `The earlier version has no task with the id \`${id}\`.`,
    hint: 'Compare with another version in the Changes panel.',
  })
}
