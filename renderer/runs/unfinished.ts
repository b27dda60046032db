import type { RunSummary } from '#shared/contract/data.ts'

/** It left something undone: what did not succeed in it can run again, in a run of its own. */
export function isUnfinished({ live, state }: RunSummary): boolean {
  return !live && (state === 'failed' || state === 'partial' || state === 'cancelled' || state === 'interrupted')
}
