import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { laterIds } from '#shared/model/pipeline-difference.ts'
import type { VersionDifference } from '../state/versions.ts'

/** The pipeline with what the earlier version had beside it, so that the diff lens can show what is gone. */
export function withGhosts(pipeline: Pipeline, { before, difference }: VersionDifference): Pipeline {
  const later = laterIds(before, pipeline)
  const gone = before.tasks.filter((task) => !later.has(task.id))
  const lost = new Map<string, string[]>()
  for (const { from, to, change } of difference.edges) {
    if (change === 'removed') lost.set(to, [...(lost.get(to) ?? []), from])
  }
  if (gone.length + lost.size === 0) return pipeline
  const ghosts = gone.map((task): Task => ({ ...task, needs: [] }))
  const canvas = new Map(pipeline.canvas)
  for (const { id } of gone) {
    const at = before.canvas.get(id)
    if (at) canvas.set(id, at)
  }
  return {
    ...pipeline,
    tasks: [...pipeline.tasks, ...ghosts].map((task) => withNeeds(task, lost.get(task.id) ?? [])),
    canvas,
  }
}

function withNeeds(task: Task, lost: readonly string[]): Task {
  return lost.length === 0 ? task : { ...task, needs: [...task.needs, ...lost.map((id) => ({ task: id, when: null }))] }
}
