import { TOLERANT_RULE } from '#shared/model/check-advice.ts'
import { setTaskField } from '#shared/model/edit-task.ts'
import type { Problem } from '#shared/model/problem.ts'
import { perform } from '../canvas/editing.ts'

export interface ProblemFix {
  readonly label: string
  readonly apply: () => void
}

const JOIN_CODES: ReadonlySet<string> = new Set(['JOIN_SKIPPED', 'JOIN_MAY_BE_SKIPPED'])

/** An edit that does away with the problem, where one is sure to be right; undone like any other. */
export function fixOf({ code, task }: Problem): ProblemFix | null {
  if (!JOIN_CODES.has(code) || task === undefined) return null
  return {
    label: 'Let it run',
    apply: () => {
      perform(`Let ${task} run after skipped branches`, [
        (document) => setTaskField(document, task, ['triggerRule'], TOLERANT_RULE),
      ])
    },
  }
}
