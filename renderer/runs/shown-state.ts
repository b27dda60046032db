import type { InstanceState } from '#shared/journal/event.ts'
import { type InstanceView, isFinal, type TaskView } from '#shared/journal/run-view.ts'

/** A state as people are shown it: "lost" where the attempt died with the engine and has not begun again. */
export type ShownState = InstanceState | 'lost'

export function instanceShown({ state, attempts }: Pick<InstanceView, 'state' | 'attempts'>): ShownState {
  return state === 'pending' && attempts.at(-1)?.state === 'lost' ? 'lost' : state
}

/** Of a task: lost as long as one of its instances is. */
export function taskShown(task: TaskView): ShownState {
  if (task.counts.pending === 0 || isFinal(task.state)) return task.state
  return task.instances.some((instance) => instanceShown(instance) === 'lost') ? 'lost' : task.state
}
