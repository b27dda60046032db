import { describe, expect, test } from 'vitest'
import type { Task } from '../model/pipeline.ts'
import { NO_RETRIES, pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import { compilePlan, type Plan } from '../scheduler/plan.ts'
import { hashed, PLAIN, worldOf } from '../scheduler/world.testing.ts'
import { rankFixes } from './fixes.ts'
import { type Change, scenarioProblems } from './scenario.ts'
import { effectSentence, scenarioEffect } from './scenario-effect.ts'
import { simulate } from './simulation.ts'
import { modelFromDurations } from './simulation-model.ts'

const SECOND = 1_000_000

function compiled(tasks: readonly Task[], slots: number, pools: Readonly<Record<string, number>> = {}): Plan {
  const plan = compilePlan(pipelineOf(tasks), { slots, pools: new Map(Object.entries(pools)), basis: () => 1 })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

/** extract 10 s, then clean 20 s and stats 5 s, then report 4 s; nothing is short of slots. */
const TIMES: Readonly<Record<string, number>> = { extract: 10, clean: 20, stats: 5, report: 4 }
const tasks = [
  taskFor('extract'),
  taskFor('clean', ['extract']),
  taskFor('stats', ['extract']),
  taskFor('report', ['clean', 'stats']),
]
const plan = compiled(tasks, 4)
const model = modelFromDurations(plan, (id) => TIMES[id]! * SECOND)
const effectOf = (...scenario: Change[]) => scenarioEffect(plan, model, scenario)
const makespanOf = (...scenario: Change[]) => effectOf(...scenario).after / SECOND

describe('scenarioEffect', () => {
  test('each change does what it says', () => {
    expect(makespanOf()).toBe(34)
    expect(makespanOf({ task: 'clean', factor: 0.5 })).toBe(24)
    expect(makespanOf({ task: 'clean', factor: 3 })).toBe(74)
    expect(makespanOf({ task: 'clean', gone: true })).toBe(19)
    expect(makespanOf({ task: 'clean', split: 4 })).toBe(24)
    expect(makespanOf({ task: 'clean', split: 4 }, { slots: 5 })).toBe(19)
    expect(makespanOf({ task: 'clean', late: 3 * SECOND })).toBe(37)
    expect(makespanOf({ task: 'stats', late: 15 * SECOND })).toBe(34)
    expect(makespanOf({ task: 'stats', late: 16 * SECOND })).toBe(35)
    expect(makespanOf({ slots: 1 })).toBe(39)
  })

  test('changes add up, in any order', () => {
    const both: Change[] = [{ task: 'clean', split: 4 }, { slots: 1 }, { task: 'extract', late: 2 * SECOND }]
    expect(makespanOf(...both)).toBe(41)
    expect(makespanOf(...both.toReversed())).toBe(41)
    expect(makespanOf({ task: 'clean', late: SECOND }, { task: 'clean', factor: 0.5 })).toBe(25)
  })

  test('what is late holds no slot meanwhile', () => {
    const alone = compiled([taskFor('a'), taskFor('b')], 1)
    const times = modelFromDurations(alone, () => 10)
    const { after, tasks: hit } = scenarioEffect(alone, times, [{ task: 'a', late: 5 }])
    expect(after).toBe(20)
    expect(hit.map(({ task, start, delay }) => [task, start, delay])).toEqual([
      ['a', 10, 10],
      ['b', 0, -10],
    ])
  })

  test('a failure is passed on, and the run ends as failed', () => {
    const { state, stateBefore, tasks: hit } = effectOf({ task: 'clean', fails: true })
    expect([stateBefore, state]).toEqual(['success', 'failed'])
    expect(hit.map(({ task, state: now, changed, downstream }) => [task, now, changed, downstream])).toEqual([
      ['clean', 'failed', true, false],
      ['report', 'upstream_failed', false, true],
    ])
  })

  test('a failing task is retried as its policy says', () => {
    const again = compiled([taskFor('a', [], { retries: { ...NO_RETRIES, limit: 2, delay: 7 } })], 1)
    expect(
      scenarioEffect(
        again,
        modelFromDurations(again, () => 10),
        [{ task: 'a', fails: true }],
      ).after,
    ).toBe(44)
  })

  test('late tasks delay what depends on them, by as much as there is no float', () => {
    const hit = effectOf({ task: 'stats', late: 16 * SECOND }).tasks
    expect(hit.map(({ task, delay, downstream }) => [task, delay / SECOND, downstream])).toEqual([
      ['stats', 16, false],
      ['report', 1, true],
    ])
  })

  test('parts need slots of their own, and pools hold them back', () => {
    const pooled = compiled([taskFor('a', [], { pool: { name: 'w', slots: 1 } }), taskFor('b', ['a'])], 8, { w: 2 })
    const times = modelFromDurations(pooled, () => 40)
    expect(scenarioEffect(pooled, times, [{ task: 'a', split: 4 }]).after).toBe(60)
    expect(
      scenarioEffect(pooled, times, [
        { task: 'a', split: 4 },
        { pool: 'w', slots: 4 },
      ]).after,
    ).toBe(50)
    expect(rankFixes({ plan: pooled, model: times, options: {} }).find(({ change }) => 'pool' in change)).toMatchObject(
      { gain: 0 },
    )
  })

  test('downstreams wait for all parts, whatever their rule', () => {
    const eager = compiled([taskFor('a'), taskFor('b', ['a'], { triggerRule: 'one_success' })], 2)
    const times = modelFromDurations(eager, (id) => (id === 'a' ? 30 : 5))
    expect(scenarioEffect(eager, times, [{ task: 'a', split: 3 }]).after).toBe(25)
  })

  test('instances of a mapped task are split each, and one failing part fails the whole', () => {
    const mapped = compiled([taskFor('m', [], { forEach: { type: 'list', list: [1, 2] } }), taskFor('n', ['m'])], 4)
    const two = { ...modelFromDurations(mapped, () => 12), count: () => 2 }
    expect(scenarioEffect(mapped, two, [{ task: 'm', split: 2 }]).after).toBe(18)
    const failing = scenarioEffect(mapped, two, [
      { task: 'm', split: 2 },
      { task: 'm', fails: true },
    ])
    expect(failing.tasks.map(({ state }) => state)).toEqual(['failed', 'upstream_failed'])
  })

  test('one part, as fast as before, or 0 s late: nothing changes', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const world = worldOf(seed, { ...PLAIN, rules: true, failures: true, pools: true })
      const options = { slots: world.slots, pools: world.pipeline.pools, basis: world.basis }
      const random = compilePlan(world.pipeline, options)
      if (!random.ok) throw new Error(JSON.stringify(random.problems))
      const times = modelFromDurations(random.value, (id) => Math.floor(hashed(seed, Number(id.slice(1))) * 50))
      const neutral = (task: string): Change[] => [
        { task, split: 1 },
        { task, factor: 1 },
        { task, late: 0 },
      ]
      const { before, after } = scenarioEffect(random.value, times, random.value.ids.flatMap(neutral))
      expect(after, `seed ${seed}`).toBe(before)
    }
  })

  test('a removal that lengthens the run is told as such', () => {
    const found: string[] = []
    for (let seed = 1; seed <= 200 && found.length === 0; seed++) {
      const world = worldOf(seed, PLAIN, 12)
      const random = compilePlan(world.pipeline, { slots: 2, pools: new Map(), basis: world.basis })
      if (!random.ok) throw new Error(JSON.stringify(random.problems))
      const times = modelFromDurations(random.value, (id) => world.duration(Number(id.slice(1)), -1, 1) * SECOND)
      for (const task of random.value.ids) {
        const effect = scenarioEffect(random.value, times, [{ task, gone: true }])
        if (effect.gain < 0) found.push(effectSentence(effect))
      }
    }
    expect(found[0]).toMatch(/^With 2 slots, removing `t\d+` lengthens the run by [\d.]+ s \(\d+%\)\.$/)
  })
})

describe('scenarioProblems', () => {
  test.each<[Change, string]>([
    [{ task: 'claen', gone: true }, 'UNKNOWN_TASK'],
    [{ task: '__proto__', gone: true }, 'UNKNOWN_TASK'],
    [{ task: 'clean', factor: -1 }, 'BAD_FACTOR'],
    [{ task: 'clean', factor: Number.NaN }, 'BAD_FACTOR'],
    [{ task: 'clean', late: -1 }, 'BAD_DELAY'],
    [{ task: 'clean', split: 0 }, 'BAD_SPLIT'],
    [{ task: 'clean', split: 1.5 }, 'BAD_SPLIT'],
    [{ slots: 0 }, 'BAD_SLOTS'],
    [{ pool: 'w', slots: 1 }, 'UNKNOWN_POOL'],
  ])('%j is refused', (change, code) => {
    expect(scenarioProblems(plan, [change]).map((problem) => problem.code)).toEqual([code])
    expect(() => effectOf(change)).toThrow(RangeError)
  })

  test('a pool may not become smaller than what a task needs of it', () => {
    const pooled = compiled([taskFor('a', [], { pool: { name: 'w', slots: 2 } })], 8, { w: 2 })
    expect(scenarioProblems(pooled, [{ pool: 'w', slots: 1 }])[0]?.message).toBe(
      "The pool `w` can't have 1 slots: `a` needs 2 of them.",
    )
  })
})

describe('rankFixes', () => {
  test('lists single changes by what they bring', () => {
    expect(rankFixes({ plan, model, options: {} }, 4).map(({ change, gain }) => [change, gain / SECOND])).toEqual([
      [{ task: 'clean', gone: true }, 15],
      [{ task: 'clean', factor: 0.5 }, 10],
      [{ task: 'extract', gone: true }, 10],
      [{ task: 'clean', split: 2 }, 10],
    ])
  })

  test('every gain is that of the scenario it names, at whatever slots', () => {
    for (const slots of [1, 2, 4]) {
      const at = compiled(tasks, slots)
      for (const { change, gain } of rankFixes({ plan: at, model, options: {} }, 99)) {
        expect(simulate(at, model).makespan - scenarioEffect(at, model, [change]).after).toBe(gain)
      }
    }
  })
})
