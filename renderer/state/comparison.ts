import { create } from 'zustand'
import type { RunComparison } from '#shared/analysis/compare-runs.ts'
import { type CallError, callErrorOf } from '../runs/use-call.ts'
import { api } from './client.ts'
import { useRuns } from './runs.ts'
import { setLens } from './view.ts'
import { onWorkspaceChange, workspaceRoot } from './workspace.ts'

/** Two runs, task by task. Differences are later minus earlier. */
interface Comparison {
  readonly earlier: string | null
  readonly later: string | null
  readonly found: RunComparison | null
  readonly error: CallError | null
}

const NOTHING: Comparison = { earlier: null, later: null, found: null, error: null }

export const useComparison = create<Comparison>(() => NOTHING)

let reading: AbortController | null = null

/** Compares two runs; whichever began first is the earlier one. Shows it on the canvas and in its panel. */
export async function compareWith(one: string, other: string): Promise<void> {
  const [earlier, later] = inOrder(one, other)
  setLens('compare')
  reading?.abort()
  const own = new AbortController()
  reading = own
  useComparison.setState({ earlier, later, found: null, error: null })
  try {
    const question = { workspace: workspaceRoot(), earlier, later }
    const found = await api().history.compare(question, { signal: own.signal })
    if (!own.signal.aborted) useComparison.setState({ found })
  } catch (error) {
    if (!own.signal.aborted) useComparison.setState({ error: callErrorOf(error) })
  }
}

/** The ended run of the same pipeline before this one; null: there is none. */
export function runBefore(run: string): string | null {
  const { summaries } = useRuns.getState()
  const at = summaries.findIndex((summary) => summary.run === run)
  const own = summaries[at]
  return own ? (summaries.slice(at + 1).find((other) => other.pipeline === own.pipeline)?.run ?? null) : null
}

/** A comparison ends with one of its runs. Returns the way to stop. */
export function followComparison(): () => void {
  return onWorkspaceChange((change) => {
    const { earlier, later } = useComparison.getState()
    if (change.type === 'runDeleted' && (change.run === earlier || change.run === later)) {
      reading?.abort()
      useComparison.setState(NOTHING)
    }
  })
}

function inOrder(one: string, other: string): readonly [earlier: string, later: string] {
  const { summaries } = useRuns.getState()
  const at = (run: string) => summaries.findIndex((summary) => summary.run === run)
  return at(one) < at(other) ? [other, one] : [one, other]
}
