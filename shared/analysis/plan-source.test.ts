import { describe, expect, test } from 'vitest'
import type { JournalBody, JournalEvent, RunState } from '../journal/event.ts'
import { pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import { attemptHistory } from './attempt-history.ts'
import { answering, outcomesOf, withChoices } from './outcomes.ts'
import { type PastRun, planSource } from './plan-source.ts'
import { simulated } from './simulation-source.ts'
import { taskOdds } from './task-odds.ts'

const OPTIONS = { slots: 2, pools: new Map<string, number>() }
const NOTHING = { exitCode: null, signal: null, peakMemory: null, cpu: null, outputs: null, reason: null }

type Body = JournalBody & { readonly t: number }

function eventsOf(...bodies: readonly Body[]): JournalEvent[] {
  return bodies.map((body, n) => ({ n, ...body }))
}

/** Attempts of one task: when each was let go and ended, and how. */
function attempts(
  task: string,
  ...made: readonly (readonly [from: number, to: number, outcome: 'success' | 'failed' | 'lost'])[]
) {
  return made.flatMap(([from, to, outcome], at) => {
    const one = { task, index: null, attempt: at + 1 }
    return [
      { t: from, type: 'starting', ...one, readyAt: from, cause: { type: 'begin' } } as const,
      { t: to, type: 'finished', ...one, outcome, ...NOTHING } as const,
    ]
  })
}

const run = (state: RunState, ...bodies: readonly Body[]): PastRun => ({
  state,
  partial: false,
  events: eventsOf(...bodies),
})

describe('attemptHistory', () => {
  test('keeps what attempts took, newest run first, by today’s ids', () => {
    const tasks = [taskFor('now', [], { aliases: ['before'] })]
    const history = attemptHistory(tasks, [
      eventsOf(...attempts('now', [0, 10, 'failed'], [12, 20, 'success'])),
      eventsOf(...attempts('before', [0, 30, 'success']), ...attempts('gone', [0, 1, 'success'])),
    ])
    expect([...history]).toEqual([
      [
        'now',
        {
          succeeded: [8, 30],
          failed: [10],
          byAttempt: [
            { made: 2, failed: 1 },
            { made: 1, failed: 0 },
          ],
        },
      ],
    ])
  })

  test('what was lost, or slept through, says nothing', () => {
    const slept = { t: 50, type: 'suspended', from: 20, wall: '' } as const
    const events = eventsOf(...attempts('a', [0, 10, 'lost']), slept, ...attempts('b', [15, 60, 'success']))
    expect(attemptHistory([taskFor('a'), taskFor('b')], [events]).size).toBe(0)
  })
})

describe('taskOdds', () => {
  test('a retry is no second throw of the same dice', () => {
    const flaky = [1, 2, 3].map(() => eventsOf(...attempts('a', [0, 10, 'failed'], [12, 20, 'success'])))
    const tasks = [taskFor('a')]
    expect(taskOdds(tasks, attemptHistory(tasks, flaky)).get('a')?.failureRates).toEqual([1, 0])
    expect(taskOdds(tasks, attemptHistory(tasks, flaky), { failures: 'off' }).get('a')?.failureRates).toEqual([0])
  })

  test('falls back from history to the estimate to a marked default', () => {
    const estimate = { min: 1, likely: 2, max: 9 }
    const tasks = [taskFor('a', [], { estimate }), taskFor('b', [], { estimate }), taskFor('noop')]
    const history = attemptHistory(tasks, [eventsOf(...attempts('a', [0, 0, 'success']))])
    const sources = [...taskOdds(tasks, history).values()].map(({ source, duration }) => [source, duration.type])
    expect(sources).toEqual([
      ['history', 'history'],
      ['estimate', 'pert'],
      ['default', 'fixed'],
    ])
    expect(taskOdds(tasks, history, { durations: 'estimate' }).get('a')?.source).toBe('estimate')
  })
})

describe('planSource', () => {
  const pipeline = pipelineOf([
    taskFor('m', [], { forEach: { type: 'list', list: '${{ params.list }}' } }),
    taskFor('w', [], { when: '${{ params.go }}' }),
    taskFor('b', [], { branch: '${{ params.way }}' }),
    taskFor('left', ['b']),
    taskFor('right', ['b']),
  ])
  const whole = run(
    'success',
    { t: 0, type: 'expanded', task: 'm', count: 3, items: null },
    { t: 0, type: 'answered', task: 'w', index: null, question: 'when', value: false },
    { t: 0, type: 'answered', task: 'b', index: null, question: 'branch', value: ['left'] },
  )
  const countsOf = ({ source }: ReturnType<typeof planSource>) => {
    const world = simulated(source)
    if (!world.ok) throw new Error(JSON.stringify(world.problems))
    const { plan, model } = world.value
    const [m, w, b] = ['m', 'w', 'b'].map((id) => plan.numberOf.get(id)!)
    const chosen = model.answer('branch', b!, -1, -1).chosen.map((task) => plan.ids[task])
    return [model.count(m!), model.answer('when', w!, -1, -1).value, chosen]
  }

  test('comes out as in the last whole run that succeeded, or as chosen', () => {
    const failed = run('failed', { t: 0, type: 'expanded', task: 'm', count: 9, items: null })
    expect(countsOf(planSource(pipeline, [failed, whole], OPTIONS))).toEqual([3, false, ['left']])
    expect(countsOf(planSource(pipeline, [], OPTIONS))).toEqual([1, true, ['left', 'right']])
    const choices = {
      answers: [{ question: 'branch', task: 'b', index: null, upstream: null, value: ['right'] } as const],
      counts: new Map([['m', 7]]),
    }
    expect(countsOf(planSource(pipeline, [whole], { ...OPTIONS, choices }))).toEqual([7, false, ['right']])
  })

  test('a choice takes the place of every recorded answer to its question', () => {
    const past = outcomesOf(eventsOf({ t: 0, type: 'answered', task: 'm', index: 1, question: 'when', value: false }))
    const all = { question: 'when', task: 'm', index: null, upstream: null, value: true } as const
    const chosen = withChoices(past, { answers: [all], counts: new Map() })
    expect(chosen.answers).toEqual([all])
    const plan = simulated(planSource(pipeline, [], OPTIONS).source)
    if (!plan.ok) throw new Error('It cannot be planned')
    expect(answering(plan.value.plan, chosen).answer('when', 0, 1, -1).value).toBe(true)
    expect(answering(plan.value.plan, past).answer('when', 0, 1, -1).value).toBe(false)
  })

  test('says what a person should know before believing the numbers', () => {
    const shells = pipelineOf(['a', 'b'].map((id) => ({ ...taskFor(id), kind: 'shell', run: '', shell: null })))
    expect(planSource(shells, [], OPTIONS).notes).toEqual([
      'This pipeline has no finished run yet: durations are the estimates in the file.',
      '~ Assumed to take 1 s, for want of a successful run or an estimate: `a`, `b`.',
    ])
    const failing = run('failed', ...attempts('a', [0, 5, 'failed']), ...attempts('b', [0, 5, 'success']))
    expect(planSource(shells, [failing, failing], OPTIONS).notes).toEqual([
      'None of the last 2 runs succeeded: only the tasks that did are measured, and conditions are taken to hold.',
      '~ Assumed to take 1 s, for want of a successful run or an estimate: `a`.',
      'Failed in every attempt so far, and so in every draw: `a`.',
    ])
  })
})
