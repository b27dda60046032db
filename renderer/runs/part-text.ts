import type { Selection } from '#shared/journal/event.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { middleEllipsis } from '../canvas/cardText.ts'

/** Letters of an id on a button or in a menu. */
const LABEL = 20

/** "Run from a to b" where each end is one task. */
export function runBetweenLabel({ from, upTo }: Required<Pick<Selection, 'from' | 'upTo'>>): string {
  const [[first = '', ...firsts], [last = '', ...lasts]] = [from, upTo]
  return firsts.length + lasts.length > 0
    ? 'Run from the first to the last'
    : `Run from ${middleEllipsis(first, LABEL)} to ${middleEllipsis(last, LABEL)}`
}

/** Which part of a pipeline a run is of. */
export function partText(selection: Selection | undefined, pipeline: Pipeline): string {
  const { from = [], upTo = [], only = [] } = selection ?? {}
  if (from.length > 0 && upTo.length > 0)
    return `From ${from.join(', ')} to ${upTo.join(', ')}, with all that lies between. Earlier tasks count as done.`
  if (from.length > 0) return `From ${from.join(', ')} onwards. Earlier tasks count as done.`
  if (upTo.length > 0) return `Up to ${upTo.join(', ')}.`
  if (only.length > 0) return `Only ${only.join(', ')}. Earlier tasks count as done.`
  return `${pipeline.tasks.length} ${pipeline.tasks.length === 1 ? 'task' : 'tasks'}`
}
