import { parse, stringify } from 'yaml'
import { formatDuration, parseDuration } from '../model/duration.ts'
import type { Json, Task } from '../model/pipeline.ts'
import { microsOf } from '../model/time.ts'
import { type ConformanceCase, type InjectedAttempt, injectedAttempt } from './case.ts'

type Fields = { [key: string]: Json }

/** Attempts that a timeout ends would take this much longer by themselves. */
const OVERRUN = 50

/**
 * The case as a pipeline file whose tasks really do what is injected: shell tasks that sleep, write their outputs and
 * exit, by `$DAGWRIGHT_INDEX` and `$DAGWRIGHT_ATTEMPT`. One second of the case takes `scale` seconds; delays, timeouts
 * and estimates shrink with it. Not for cases that say `notReal`.
 */
export function runnable(conformance: ConformanceCase, scale: number): string {
  const file = parse(conformance.pipeline) as Fields
  const tasks = file.tasks as { [id: string]: Fields }
  if (file.timeout !== undefined) file.timeout = scaledTime(file.timeout, scale)
  if (file.defaults !== undefined) file.defaults = scaledTimes(file.defaults as Fields, scale)
  for (const task of conformance.parsed.tasks) {
    const { kind: _, ...fields } = tasks[task.id] as Fields
    tasks[task.id] = { ...scaledTimes(fields, scale), kind: 'shell', run: scriptOf(conformance, task, scale) }
  }
  return stringify(file)
}

function scaledTimes(fields: Fields, scale: number): Fields {
  const scaled = { ...fields }
  for (const [key, value] of Object.entries(fields)) {
    if (['timeout', 'estimate', 'delay', 'maxDelay', 'min', 'likely', 'max'].includes(key))
      scaled[key] = scaledTime(value, scale)
    if ((key === 'retries' || key === 'estimate') && typeof value === 'object' && value !== null) {
      scaled[key] = scaledTimes(value as Fields, scale)
    }
  }
  return scaled
}

function scaledTime(value: Json, scale: number): Json {
  const time = typeof value === 'string' ? parseDuration(value) : undefined
  return time === undefined ? value : formatDuration(Math.round(time * scale))
}

function scriptOf(conformance: ConformanceCase, task: Task, scale: number): string {
  const lines = [`case "\${DAGWRIGHT_INDEX:-}:$DAGWRIGHT_ATTEMPT" in`]
  for (const [label, attempts] of Object.entries(conformance.attempts)) {
    const match = /^(.*)\[(\d+)\]$/.exec(label)
    if ((match?.[1] ?? label) !== task.id || match === null) continue
    lines.push(...attemptLines(conformance, task, match[2] as string, attempts.length, Number(match[2]), scale))
  }
  const shared = conformance.attempts[task.id]?.length ?? 1
  lines.push(...attemptLines(conformance, task, '*', shared, null, scale), 'esac')
  return `${lines.join('\n')}\n`
}

function attemptLines(
  conformance: ConformanceCase,
  task: Task,
  indexPattern: string,
  attempts: number,
  index: number | null,
  scale: number,
): string[] {
  return Array.from({ length: attempts }, (_, at) => {
    const pattern = at === attempts - 1 ? '*' : `${at + 1}`
    const one = injectedAttempt(conformance, task.id, index, at + 1)
    return `  ${indexPattern}:${pattern}) ${commandOf(conformance, task.id, one, scale)} ;;`
  })
}

function commandOf(conformance: ConformanceCase, task: string, one: InjectedAttempt, scale: number): string {
  const seconds = one.takes * scale * (one.ends === 'timed_out' ? OVERRUN : 1)
  const sleep = `sleep ${microsOf(seconds) / 1e6}`
  if (one.ends !== 'success') return `${sleep}; exit ${one.exit}`
  const outputs = Object.entries(conformance.outputs[task] ?? {}).map(
    ([key, value]) => `echo '${key}:=${JSON.stringify(value).replaceAll("'", "'\\''")}' >> "$DAGWRIGHT_OUTPUT"; `,
  )
  return `${sleep}; ${outputs.join('')}exit 0`
}
