import { useEffect, useMemo } from 'react'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { placeTasks } from '../state/canvasView.ts'
import { useView } from '../state/view.ts'
import { knownPositions, type Point, placeBeside, placeInRows } from './geometry.ts'
import { layoutTasks } from './layout.ts'

/**
 * Gives every task a place. Where none has one the whole graph is laid out (in plain rows
 * where a person cancels that), else new tasks go beside what they are
 * linked to. False while the first layout is on its way.
 */
export function useEnsurePositions(
  path: string | null,
  pipeline: Pipeline,
  placed: ReadonlyMap<string, Point>,
  direction: 'LR' | 'TB',
): boolean {
  const known = useMemo(() => knownPositions(pipeline, placed).size, [pipeline, placed])
  const missing = known < pipeline.tasks.length
  const engine = useView((state) => state.settings.layoutEngine)
  const none = known === 0 && pipeline.tasks.length > 0
  useEffect(() => {
    if (path === null || !missing) return
    if (!none) {
      placeTasks(path, placeBeside(pipeline, knownPositions(pipeline, placed), direction))
      return
    }
    let current = true
    void layoutTasks(pipeline, direction, { engine }).then((positions) => {
      if (current) placeTasks(path, positions ?? placeInRows(pipeline))
    })
    return () => {
      current = false
    }
  }, [path, pipeline, placed, direction, engine, missing, none])
  return !none
}
