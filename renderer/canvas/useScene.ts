import { useMemo } from 'react'
import type { EdgeChange } from '#shared/model/pipeline-difference.ts'
import { useAnalysis } from '../state/analysis.ts'
import { useCanvasViews } from '../state/canvasView.ts'
import { usePins } from '../state/pins.ts'
import { useRuns } from '../state/runs.ts'
import type { Selection } from '../state/selection.ts'
import { useVersions } from '../state/versions.ts'
import { useView } from '../state/view.ts'
import { motionAllowed } from '../ui/motion.ts'
import { useBadges } from './badges.ts'
import { chainLines } from './chain.ts'
import type { Point } from './geometry.ts'
import { useLensWords } from './lensWords.ts'
import type { Graph } from './paint/graph.ts'
import type { ProblemCounts, Scene } from './paint/scene.ts'

const NO_CHANGES: readonly EdgeChange[] = []

/** What the painter draws: the stage's own part, and what the stores say. */
export function useScene(own: {
  readonly graph: Graph
  readonly problems: ProblemCounts
  readonly selection: Selection
  readonly moving: ReadonlyMap<string, Point>
  readonly mounted: ReadonlySet<string>
  readonly hovered: string | null
}): Scene {
  const { graph, problems, selection, moving, mounted, hovered } = own
  const lens = useView((state) => state.lens)
  const words = useLensWords((state) => state.words)
  const run = useRuns((state) => state.view)
  const typical = useAnalysis((state) => state.typical)
  const plan = useAnalysis((state) => state.plan)
  const longest = useAnalysis((state) => state.longest)
  const criticalTasks = useAnalysis((state) => state.criticalTasks)
  const nearTasks = useAnalysis((state) => state.nearTasks)
  const criticalEdges = useAnalysis((state) => state.criticalEdges)
  const links = useAnalysis((state) => state.chain)
  const chain = useMemo(
    () => (lens === 'critical' && links !== null ? chainLines(graph, links) : []),
    [lens, links, graph],
  )
  const pins = usePins((state) => state.byTask)
  const badges = useBadges((state) => state.byTask)
  const changedEdges = useVersions(({ found }) => (lens === 'diff' ? found?.difference.edges : null) ?? NO_CHANGES)
  const inserting = useCanvasViews((state) => state.insertEdge)
  const refused = useCanvasViews((state) => state.refused)
  const motion = motionAllowed()
  return useMemo(
    () => ({
      graph,
      problems,
      pins,
      badges,
      selection,
      moving,
      mounted,
      hovered,
      lens,
      words,
      run,
      typical,
      plan,
      longest,
      criticalTasks,
      nearTasks,
      criticalEdges,
      chain,
      changedEdges,
      inserting,
      refused,
      motion,
    }),
    [
      graph,
      problems,
      pins,
      badges,
      selection,
      moving,
      mounted,
      hovered,
      lens,
      words,
      run,
      typical,
      plan,
      longest,
      criticalTasks,
      nearTasks,
      criticalEdges,
      chain,
      changedEdges,
      inserting,
      refused,
      motion,
    ],
  )
}
