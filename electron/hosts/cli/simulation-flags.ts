import type { OutcomeAnswer, Outcomes } from '#shared/analysis/outcomes.ts'
import type { Change } from '#shared/analysis/scenario.ts'
import { parseDuration } from '#shared/model/duration.ts'
import { UsageError } from './command.ts'

/** `TASK=0.5x`, `TASK=gone`, `TASK=split:4`, `TASK=late:20m`, `TASK=fails`, `slots:6`, `pool:NAME=3`. */
export function changeIn(text: string): Change {
  const slots = /^slots:(\d+)$/.exec(text)
  if (slots) return { slots: Number(slots[1]) }
  const [, pool, size] = /^pool:([^=]+)=(\d+)$/.exec(text) ?? []
  if (pool !== undefined) return { pool, slots: Number(size) }
  const [, task, change] = /^([^=:]+)=(.+)$/.exec(text) ?? []
  const parsed = task === undefined ? null : taskChange(task, change!)
  if (parsed !== null) return parsed
  throw new UsageError(
    `--what-if can't read "${text}".`,
    'Write TASK=0.5x, TASK=gone, TASK=split:4, TASK=late:20m, TASK=fails, slots:6 or pool:NAME=3.',
  )
}

function taskChange(task: string, change: string): Change | null {
  if (change === 'gone') return { task, gone: true }
  if (change === 'fails') return { task, fails: true }
  const [, factor] = /^(\d+(?:\.\d+)?)x$/.exec(change) ?? []
  if (factor !== undefined) return { task, factor: Number(factor) }
  const [, parts] = /^split:(\d+)$/.exec(change) ?? []
  if (parts !== undefined) return { task, split: Number(parts) }
  const late = change.startsWith('late:') ? parseDuration(change.slice('late:'.length)) : undefined
  return late === undefined ? null : { task, late }
}

/** `NAME=N`, one a pool. */
export function poolsIn(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    texts.map((text) => {
      const [, name, size] = /^([^=]+)=([1-9]\d{0,8})$/.exec(text) ?? []
      if (name !== undefined) return [name, Number(size)] as const
      throw new UsageError(`--pool can't read "${text}".`, 'Write NAME=N, with at least 1 slot: --pool warehouse=2.')
    }),
  )
}

/** `TASK=when:false`, `TASK=branch:a,b`, `TASK=instances:5`: how things come out, where not as in the last run. */
export function choicesIn(texts: readonly string[]): Outcomes {
  const answers: OutcomeAnswer[] = []
  const counts = new Map<string, number>()
  for (const text of texts) {
    const [, task = '', kind, value = ''] = /^([^=]+)=(when|edge|branch|instances):(.*)$/.exec(text) ?? []
    const every = { task, index: null, upstream: null }
    if ((kind === 'when' || kind === 'edge') && /^(true|false)$/.test(value)) {
      answers.push({ ...every, question: kind, value: value === 'true' })
    } else if (kind === 'branch') {
      answers.push({ ...every, question: kind, value: value.split(',').filter((id) => id !== '') })
    } else if (kind === 'instances' && /^\d{1,6}$/.test(value)) counts.set(task, Number(value))
    else {
      throw new UsageError(
        `--choose can't read "${text}".`,
        'Write TASK=when:false, TASK=edge:false, TASK=branch:a,b or TASK=instances:5.',
      )
    }
  }
  return { answers, counts }
}
