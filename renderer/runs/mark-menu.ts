import { CircleCheckBig, CircleX, Eraser, RotateCcw } from 'lucide-react'
import type { InstanceState } from '#shared/journal/event.ts'
import { clearInstance, type MarkedInstance, markInstance, useRuns } from '../state/runs.ts'
import type { MenuItem } from '../ui/menuItem.ts'

/**
 * What a person can say about an instance of the chosen run; empty where none is chosen, it has no part in it, or what is
 * shown is a replay: the past is not changed.
 */
export function markItems(instance: MarkedInstance): readonly MenuItem[] {
  const state = stateOf(instance)
  if (state === null || useRuns.getState().replayAt !== null) return []
  const closing = useRuns.getState().view?.cancelling === true && useRuns.getState().live
  const waits = state === 'pending'
  return [
    {
      id: 'markSuccess',
      label: 'Mark success',
      icon: CircleCheckBig,
      disabled: closing || state === 'success',
      onSelect: () => void markInstance(instance, 'success'),
    },
    {
      id: 'markFailed',
      label: 'Mark failed',
      icon: CircleX,
      disabled: closing || state === 'failed',
      onSelect: () => void markInstance(instance, 'failed'),
    },
    {
      id: 'clear',
      label: 'Clear with downstream',
      icon: Eraser,
      disabled: closing || waits,
      onSelect: () => void clearInstance(instance, true),
    },
    {
      id: 'clearOnly',
      label: 'Clear only this',
      icon: RotateCcw,
      disabled: closing || waits,
      onSelect: () => void clearInstance(instance, false),
    },
  ]
}

function stateOf({ task, index }: MarkedInstance): InstanceState | null {
  const found = useRuns.getState().view?.tasks.get(task)
  if (found === undefined || index === null) return found?.state ?? null
  return found.instances.find((instance) => instance.index === index)?.state ?? null
}
