import type { Problem } from '#shared/model/problem.ts'
import { fixOf } from '../editor/problem-fix.ts'
import { activeDocument } from '../state/documents.ts'
import { notify } from '../state/notices.ts'

/** Links tasks, and tells of a join that the link makes one that would be skipped, with what mends it. */
export function withJoinTold(link: () => boolean): boolean {
  const before = new Set(mendable().map(({ task }) => task))
  if (!link()) return false
  const made = mendable().find(({ task }) => !before.has(task))
  const fix = made && fixOf(made)
  if (fix) {
    notify({
      tone: made.severity === 'info' ? 'info' : 'warning',
      title: made.message,
      next: made.hint,
      code: made.code,
      action: { label: fix.label, run: fix.apply },
    })
  }
  return true
}

function mendable(): readonly Problem[] {
  return activeDocument()?.document.problems.filter((problem) => fixOf(problem) !== null) ?? []
}
