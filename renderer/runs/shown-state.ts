import { INSTANCE_STATES, type InstanceState } from '#shared/journal/event.ts'
import { type InstanceView, isFinal, type RunView, type TaskView } from '#shared/journal/run-view.ts'

/** A state as people are shown it: "lost" where the attempt died with the engine and has not begun again. */
export type ShownState = InstanceState | 'lost'

export function instanceShown({ state, attempts }: Pick<InstanceView, 'state' | 'attempts'>): ShownState {
  return state === 'pending' && attempts.at(-1)?.state === 'lost' ? 'lost' : state
}

/** Instances by the state they are shown in, the usual order first; states that none is in are left out. */
export function shownCounts(view: Pick<RunView, 'counts' | 'tasks'>): readonly (readonly [ShownState, number])[] {
  let lost = 0
  for (const task of view.counts.pending === 0 ? [] : view.tasks.values()) {
    lost += task.instances.filter((instance) => instanceShown(instance) === 'lost').length
  }
  const counts = INSTANCE_STATES.map((state) => [state, view.counts[state] - (state === 'pending' ? lost : 0)] as const)
  return [...counts, ['lost', lost] as const].filter(([, count]) => count > 0)
}

/** Of a task: lost as long as one of its instances is. */
export function taskShown(task: TaskView): ShownState {
  if (task.counts.pending === 0 || isFinal(task.state)) return task.state
  return task.instances.some((instance) => instanceShown(instance) === 'lost') ? 'lost' : task.state
}
