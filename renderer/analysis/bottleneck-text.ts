import type { ExpectedDuration } from '#shared/analysis/basis.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import { type Bottleneck, sentence, shareText } from '#shared/analysis/what-if.ts'

/** A sentence cut at the task's name, which is shown in its own type. */
export interface Sentence {
  readonly before: string
  readonly name: string
  readonly after: string
}

/** Of a run: what happened. Of a plan: what would. */
export function bottleneckSentence(found: Bottleneck, of: 'run' | 'plan'): Sentence {
  const text = of === 'run' ? sentence(found) : planSentence(found)
  const [before = '', name = '', ...after] = text.split('`')
  return { before, name, after: `${after.join('`')}.` }
}

function planSentence({ task, gain, share }: Bottleneck): string {
  const percent = shareText(share)
  if (gain > 0) return `Without \`${task}\` a run would end ${durationText(gain)} (${percent}) sooner`
  if (gain === 0) return `Without \`${task}\` a run would end at the same time`
  return `Without \`${task}\` a run would end ${durationText(-gain)} (${percent}) later`
}

/** Says where durations come from when they were not measured; '' where all of them were. */
export function sourceText(durations: ReadonlyMap<string, ExpectedDuration>): string {
  const count = { history: 0, imported: 0, estimate: 0, default: 0 }
  for (const { source } of durations.values()) count[source]++
  const guessed = count.imported + count.estimate + count.default
  if (guessed === 0) return ''
  const parts = [
    count.imported > 0 ? `${count.imported} recorded by another system` : null,
    count.estimate > 0 ? `${count.estimate} estimated` : null,
    count.default > 0 ? `${count.default} assumed to take 1 s` : null,
  ].filter((part) => part !== null)
  const tasks = durations.size === 1 ? 'task' : 'tasks'
  return count.history === 0
    ? `No run to go by yet. Of ${durations.size} ${tasks}, ${parts.join(' and ')}.`
    : `Of ${durations.size} ${tasks}, ${parts.join(' and ')}: they have not succeeded in a run yet.`
}
