import { create } from 'zustand'
import { useAnalysis } from '../state/analysis.ts'
import { useComparison } from '../state/comparison.ts'
import { activeDocument, useDocuments } from '../state/documents.ts'
import { useNextRun } from '../state/nextRun.ts'
import { usePipelineHistory, wantHistory } from '../state/pipelineHistory.ts'
import { useVersions } from '../state/versions.ts'
import { useView } from '../state/view.ts'
import { useWhatIf } from '../state/whatIf.ts'
import { chainWords } from './chain.ts'
import { compareWords } from './compareWords.ts'
import { diffWords } from './diffWords.ts'
import { effectWords } from './effectWords.ts'
import { type HeatMetric, heatWords } from './heat.ts'
import type { LensWords } from './told.ts'

interface Words {
  readonly metric: HeatMetric
  /** null: the present lens says what cards say of themselves. */
  readonly words: LensWords | null
}

export const useLensWords = create<Words>(() => ({ metric: 'duration', words: null }))

export function setHeatMetric(metric: HeatMetric): void {
  useLensWords.setState({ metric })
}

/** Metrics that are read from past runs. */
const FROM_PAST: ReadonlySet<HeatMetric> = new Set(['queued', 'failures', 'memory'])

/** Keeps what the heat and the compare lens and the realized path say up to date with what they say it from. Returns the way to stop. */
export function followLensWords(): () => void {
  let seen: readonly unknown[] = []
  const look = () => {
    const { lens } = useView.getState()
    const { metric } = useLensWords.getState()
    const pipeline = activeDocument()?.pipeline ?? null
    const { plan, realized, chain } = useAnalysis.getState()
    const past = usePipelineHistory.getState().tasks
    const { criticality } = useNextRun.getState()
    const { found } = useComparison.getState()
    const { answer } = useWhatIf.getState()
    const effect = lens === 'whatif' && answer?.ok ? answer.effect : null
    const heat = lens === 'heat' && pipeline !== null
    const diff = lens === 'diff' ? useVersions.getState().found : null
    if (heat && FROM_PAST.has(metric)) wantHistory()
    const realizedShown = lens === 'critical' && pipeline !== null && realized !== null && chain !== null
    const now = heat
      ? [metric, pipeline, plan, past, criticality]
      : diff
        ? [diff]
        : lens === 'compare'
          ? [found]
          : effect !== null
            ? [effect]
            : realizedShown
              ? [pipeline, realized, chain]
              : [null]
    if (now.length === seen.length && now.every((value, index) => value === seen[index])) return
    seen = now
    if (heat) useLensWords.setState({ words: heatWords(metric, { pipeline, plan, past, criticality }) })
    else if (diff) useLensWords.setState({ words: diffWords(diff) })
    else if (realizedShown) useLensWords.setState({ words: chainWords(pipeline.tasks, realized, chain) })
    else if (effect !== null) useLensWords.setState({ words: effectWords(effect) })
    else useLensWords.setState({ words: lens === 'compare' && found !== null ? compareWords(found) : null })
  }
  const stores = [
    useView,
    useLensWords,
    useDocuments,
    useAnalysis,
    usePipelineHistory,
    useNextRun,
    useComparison,
    useVersions,
    useWhatIf,
  ]
  const stops = stores.map((store) => store.subscribe(look))
  look()
  return () => {
    for (const stop of stops) stop()
  }
}
