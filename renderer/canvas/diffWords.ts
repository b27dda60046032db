import type { TaskChange } from '#shared/model/pipeline-difference.ts'
import type { VersionDifference } from '../state/versions.ts'
import type { LensWords, Told } from './told.ts'

/** Names of fields a card has room for. */
const MOST_FIELDS = 3

/** What the diff lens says of the tasks that came, went or changed. */
export function diffWords({ difference }: VersionDifference): LensWords {
  return new Map(difference.tasks.map((change) => [change.task, told(change)]))
}

function told({ change, fields }: TaskChange): Told {
  if (change === 'added') return { text: '+ added', title: null, ground: '--heat-less-2', hatched: false, weight: 1 }
  if (change === 'removed') {
    return { text: '− removed', title: 'It was in the earlier version', ground: null, hatched: true, weight: 1 }
  }
  const names = fields.map(({ field }) => field)
  const more = names.length > MOST_FIELDS ? `, ${names.length - MOST_FIELDS} more` : ''
  return {
    text: `± ${names.slice(0, MOST_FIELDS).join(', ')}${more}`,
    title: `Changed: ${names.join(', ')}`,
    ground: '--heat-2',
    hatched: false,
    weight: 2,
  }
}
