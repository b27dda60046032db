import { describe, expect, test } from 'vitest'
import type { JournalBody, JournalEvent } from '../journal/event.ts'
import { parseDocument } from '../model/document.ts'
import type { Pipeline } from '../model/pipeline.ts'
import { TestHost } from '../scheduler/host.testing.ts'
import { compilePlan } from '../scheduler/plan.ts'
import type { World } from '../scheduler/world.testing.ts'
import { compareScenarios } from './compare-scenarios.ts'
import { type MonteCarloInput, monteCarlo } from './monte-carlo.ts'
import { DrawSum } from './monte-carlo-share.ts'
import { planSource } from './plan-source.ts'
import type { Scenario } from './scenario.ts'
import { answerSimulation, type SimulationQuestion } from './simulation-answer.ts'
import type { RunSource, SimulationSource } from './simulation-source.ts'
import { timeoutsOfRun } from './timeouts.ts'

const SECOND = 1e6

function pipelineOf(text: string): Pipeline {
  const { pipeline, problems } = parseDocument(`dagwright: 1\nid: p\n${text}`)
  if (pipeline === null) throw new Error(JSON.stringify(problems))
  return pipeline
}

const sourceOf = (pipeline: Pipeline, slots = 4) => planSource(pipeline, [], { slots, pools: new Map() })

/** fetch would take 8 s, and may take 10 s an attempt. */
const LIMITED = pipelineOf(`tasks:
  fetch: { kind: noop, estimate: 8s, timeout: 10s, retries: { limit: 1, delay: 1s } }
  report: { kind: noop, estimate: 4s, needs: [fetch] }
`)
/** Two tasks of 6 s each, one after the other where there is one slot, in a run of at most 10 s. */
const CUT = pipelineOf(`timeout: 10s
tasks:
  a: { kind: noop, estimate: 6s }
  b: { kind: noop, estimate: 6s }
`)

function answerOf(source: SimulationSource, scenario: Scenario, more: Partial<SimulationQuestion> = {}) {
  const answer = answerSimulation({ source, scenario, fixes: 0, fixDraws: 0, curve: null, ...more })
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems))
  return answer
}

function drawn(input: MonteCarloInput) {
  const draws = monteCarlo(input)
  if (!draws.ok) throw new Error(JSON.stringify(draws.problems))
  const sum = new DrawSum(input)
  sum.add(draws.value.draw(0, 40))
  return sum.result()
}

describe('a task’s timeout', () => {
  const { source } = sourceOf(LIMITED)
  const slower: Scenario = [{ task: 'fetch', factor: 1.5 }]

  test('ends what a scenario makes too slow, each attempt anew', () => {
    const { effect } = answerOf(source, slower)
    expect([effect.before, effect.stateBefore]).toEqual([12 * SECOND, 'success'])
    expect([effect.after, effect.state]).toEqual([21 * SECOND, 'failed'])
    expect(effect.tasks.map(({ task, state }) => [task, state])).toEqual([
      ['fetch', 'failed'],
      ['report', 'upstream_failed'],
    ])
    expect(answerOf(source, [{ task: 'fetch', factor: 1.25 }]).effect.state).toBe('success')
  })

  test('holds beside each other, on the curve, and for what is ranked', () => {
    expect(compareScenarios(source, [slower], SECOND)).toMatchObject([{ makespan: 21 * SECOND }])
    const more = { fixes: 3, curve: { most: 1, interval: SECOND } }
    for (const fixDraws of [0, 5]) {
      const { fixes, curve } = answerOf(source, slower, { ...more, fixDraws })
      expect(curve?.points).toMatchObject([{ makespan: 21 * SECOND }])
      expect(fixes.every(({ before }) => before === 21 * SECOND)).toBe(true)
    }
  })

  test('is counted by draw', () => {
    const result = drawn({ source, scenario: slower, seed: 1, goals: [] })
    expect(result).toMatchObject({ overran: 0, states: { failed: 1 } })
    expect(result?.tasks.map(({ timedOut }) => timedOut)).toEqual([1, 0])
    expect(drawn({ source, scenario: [], seed: 1, goals: [] })?.tasks.map(({ timedOut }) => timedOut)).toEqual([0, 0])
  })

  test('is told where a task typically takes longer', () => {
    const [task] = LIMITED.tasks
    const slow = { ...LIMITED, tasks: [{ ...task!, timeout: 5 * SECOND }, ...LIMITED.tasks.slice(1)] }
    expect(sourceOf(slow).notes).toContain('Typically longer than the timeout, and so ended by it: `fetch`.')
    expect(sourceOf(LIMITED).notes.join(' ')).not.toContain('timeout')
  })
})

describe('the pipeline’s timeout', () => {
  const { source } = sourceOf(CUT)
  const narrow: Scenario = [{ slots: 1 }]

  test('ends a run that a scenario makes too long', () => {
    const { effect } = answerOf(source, narrow)
    expect([effect.before, effect.stateBefore]).toEqual([6 * SECOND, 'success'])
    expect([effect.after, effect.state]).toEqual([10 * SECOND, 'failed'])
    expect(compareScenarios(source, [narrow], SECOND)).toMatchObject([{ makespan: 10 * SECOND }])
  })

  test('is marked on the curve and counted by draw', () => {
    const { curve } = answerOf(source, [], { curve: { most: null, interval: SECOND } })
    expect(curve?.points.map(({ makespan, overran }) => [makespan / SECOND, overran])).toEqual([
      [10, true],
      [6, false],
    ])
    expect(drawn({ source, scenario: narrow, seed: 1, goals: [] })).toMatchObject({ overran: 1, states: { failed: 1 } })
    expect(drawn({ source, scenario: [], seed: 1, goals: [] })).toMatchObject({ overran: 0, states: { success: 1 } })
  })
})

describe('timeouts of a run as it was', () => {
  const one = { task: 'fetch', index: null, attempt: 1 } as const
  const usage = { exitCode: null, signal: null, peakMemory: null, cpu: null, outputs: null, reason: null }
  const runOf = (outcome: 'success' | 'cancelled', to: number, ...more: (JournalBody & { t: number })[]) =>
    [
      { t: 0, type: 'starting', ...one, readyAt: 0, cause: { type: 'begin' } } as const,
      { t: to, type: 'finished', ...one, ...usage, outcome } as const,
      ...more,
    ].map((body, n): JournalEvent => ({ n, ...body }))

  test('allow an attempt what it took, but not what it was stopped at', () => {
    const limitOf = (events: readonly JournalEvent[]) => timeoutsOfRun(LIMITED, events).limits?.[0]
    expect(limitOf(runOf('success', 9 * SECOND))).toBe(10 * SECOND)
    expect(limitOf(runOf('success', 10 * SECOND + 40))).toBe(10 * SECOND + 40)
    expect(limitOf(runOf('cancelled', 11 * SECOND))).toBe(10 * SECOND)
    expect(timeoutsOfRun(LIMITED, []).limits?.[1]).toBe(Infinity)
  })

  test('what the run’s end cut off would have gone on', () => {
    const spec = `dagwright: 1
id: p
timeout: 10s
tasks:
  a: { kind: noop }
  b: { kind: noop, needs: [a] }
`
    const { pipeline } = parseDocument(spec)
    const world: World = {
      pipeline: pipeline!,
      slots: 1,
      basis: () => 8 * SECOND,
      duration: (task) => (task === 0 ? 5 : 50) * SECOND,
      outcome: () => 'success',
      count: () => 1,
    }
    const plan = compilePlan(world.pipeline, { slots: 1, pools: new Map(), basis: world.basis })
    if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
    const host = new TestHost(plan.value, world, 1, { unruly: false, timeout: 10 * SECOND })
    host.run()
    const source: RunSource = { type: 'run', spec, events: host.journal }
    const { effect } = answerOf(source, [{ task: 'a', gone: true }])
    expect([effect.before, effect.stateBefore]).toEqual([10 * SECOND, 'failed'])
    expect([effect.after, effect.state]).toEqual([8 * SECOND, 'success'])
    expect(answerOf(source, [{ task: 'a', factor: 0.8 }]).effect).toMatchObject({ after: 10 * SECOND, state: 'failed' })
  })

  test('allow the run what it took, and end it where it was ended', () => {
    const timeoutOf = (events: readonly JournalEvent[]) => timeoutsOfRun(CUT, events).timeout
    expect(timeoutOf(runOf('success', 9 * SECOND))).toBe(10 * SECOND)
    expect(timeoutOf(runOf('success', 15 * SECOND))).toBe(15 * SECOND)
    const cut = { t: 10 * SECOND + 7, type: 'cancel', kill: false, timeout: 10 * SECOND } as const
    const ended = { t: 12 * SECOND, type: 'ended', state: 'failed', reason: null } as const
    expect(timeoutOf(runOf('success', 9 * SECOND, cut, ended))).toBe(cut.t)
    expect(timeoutsOfRun(LIMITED, []).timeout).toBeUndefined()
  })
})
