import type { JournalEvent, RunState } from '../journal/event.ts'
import type { Pipeline, Task } from '../model/pipeline.ts'
import { attemptHistory } from './attempt-history.ts'
import { OPEN_OUTCOMES, type Outcomes, outcomesOf, withChoices } from './outcomes.ts'
import type { PlanSource } from './simulation-source.ts'
import { type OddsOptions, taskOdds, typicalDuration } from './task-odds.ts'

/** A past run, as far as a simulation learns from it. */
export interface PastRun {
  readonly state: RunState
  /** Not all tasks were selected. */
  readonly partial: boolean
  readonly events: readonly JournalEvent[]
}

export interface PlanSourceOptions extends OddsOptions {
  readonly slots: number
  /** Every pool of the pipeline and its workspace. */
  readonly pools: ReadonlyMap<string, number>
  /** How things come out where not as in the last whole run that succeeded. */
  readonly choices?: Outcomes
}

/** What to simulate, and what a person should know before believing the numbers, as sentences. */
export interface SourceWithNotes {
  readonly source: PlanSource
  readonly notes: readonly string[]
}

/** The next run of a pipeline as its past runs foretell it. `runs`: finished ones, newest first. */
export function planSource(pipeline: Pipeline, runs: readonly PastRun[], options: PlanSourceOptions): SourceWithNotes {
  const whole = runs.find(({ partial, state }) => !partial && succeeded(state))
  const past = whole === undefined ? OPEN_OUTCOMES : outcomesOf(whole.events)
  const journals = runs.map(({ events }) => events)
  const source: PlanSource = {
    type: 'plan',
    pipeline,
    selection: null,
    slots: options.slots,
    pools: options.pools,
    odds: taskOdds(pipeline.tasks, attemptHistory(pipeline.tasks, journals), options),
    outcomes: withChoices(past, options.choices ?? OPEN_OUTCOMES),
  }
  return { source, notes: notesOf(source, runs, options) }
}

function succeeded(state: RunState): boolean {
  return state === 'success' || state === 'partial'
}

function notesOf({ pipeline, odds }: PlanSource, runs: readonly PastRun[], { durations }: OddsOptions): string[] {
  const notes: string[] = []
  if (durations === 'estimate') notes.push('Durations are the estimates in the file; past runs are not asked.')
  else if (runs.length === 0)
    notes.push('This pipeline has no finished run yet: durations are the estimates in the file.')
  else if (!runs.some(({ state }) => succeeded(state))) {
    const none = runs.length === 1 ? 'The last run did not succeed' : `None of the last ${runs.length} runs succeeded`
    notes.push(`${none}: only the tasks that did are measured, and conditions are taken to hold.`)
  }
  const tasksWhere = (matches: (id: string) => boolean) => named(pipeline.tasks.map((task) => task.id).filter(matches))
  const guessed = tasksWhere((id) => {
    const own = odds.get(id)
    return own?.source === 'default' && own.duration.type === 'fixed' && own.duration.value > 0
  })
  if (guessed !== null) notes.push(`~ Assumed to take 1 s, for want of a successful run or an estimate: ${guessed}.`)
  const slow = new Set(pipeline.tasks.filter((task) => takesTooLong(task, odds)).map(({ id }) => id))
  const late = tasksWhere((id) => slow.has(id))
  if (late !== null) notes.push(`Typically longer than the timeout, and so ended by it: ${late}.`)
  const hopeless = tasksWhere((id) => odds.get(id)?.failureRates.every((rate) => rate === 1) ?? false)
  if (hopeless !== null) notes.push(`Failed in every attempt so far, and so in every draw: ${hopeless}.`)
  return notes
}

function takesTooLong({ id, timeout }: Task, odds: PlanSource['odds']): boolean {
  const own = odds.get(id)
  // An assumed duration says nothing of what is typical.
  if (timeout === null || own === undefined || own.source === 'default') return false
  return typicalDuration(own.duration) > timeout
}

/** "`a`, `b` and 3 more"; null where there are none. */
function named(ids: readonly string[]): string | null {
  if (ids.length === 0) return null
  const shown = ids.slice(0, 4).map((id) => `\`${id}\``)
  return ids.length <= 4 ? shown.join(', ') : `${shown.join(', ')} and ${ids.length - 4} more`
}
