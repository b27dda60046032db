import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { simulate } from '#shared/analysis/simulation.ts'
import { modelFromRun } from '#shared/analysis/simulation-model.ts'
import { type ConformanceCase, loadCase } from '#shared/conformance/case.ts'
import { runnable } from '#shared/conformance/runnable.ts'
import { instanceLabel, type JournalEvent } from '#shared/journal/event.ts'
import { parseDocument } from '#shared/model/document.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'
import { randomOf } from '#shared/scheduler/world.testing.ts'
import { type Bench, bench } from './engine.testing.ts'

/** Seconds: every sleep is a multiple of it. */
const GRID = 0.05
const SEEDS = [1, 2, 3, 4]
const RULES = [
  'all_success',
  'all_success',
  'all_done',
  'one_success',
  'none_failed',
  'all_done_min_one_success',
  'one_done',
]

let host: Bench
beforeAll(() => {
  host = bench()
})
afterAll(() => host.dispose())

/** 16 tasks with rules, pools, retries, lists and followers, whose attempts take 1 to 6 times the grid and may fail. */
function randomCase(seed: number): ConformanceCase {
  const random = randomOf(seed * 7919)
  const below = (limit: number) => Math.floor(random() * limit)
  const tasks: { [id: string]: { [field: string]: Json } } = {}
  const attempts: { [id: string]: Json } = {}
  const mapped: string[] = []
  for (let number = 0; number < 16; number++) {
    const id = `t${number}`
    const needs = Object.keys(tasks).filter(() => random() < 0.22)
    const takes = () => 1 + below(6)
    const fails = random() < 0.25
    tasks[id] = { kind: 'noop', needs, triggerRule: RULES[below(RULES.length)]!, estimate: `${takes()}s` }
    if (fails) tasks[id].retries = { limit: 1 + below(2), delay: '1s', backoff: 'exponential' }
    if (random() < 0.3) tasks[id].pool = { name: 'few', slots: 1 + below(2) }
    const followed = mapped.find((other) => needs.includes(other))
    if (followed !== undefined && random() < 0.6) tasks[id].forEach = { each: followed }
    else if (random() < 0.25) tasks[id].forEach = [1, 2, 3].slice(0, 1 + below(3))
    if (tasks[id].forEach !== undefined) {
      mapped.push(id)
      if (random() < 0.4) tasks[id].maxParallel = 1
    }
    const last = random() < 0.75 ? 'success' : 'failed'
    attempts[id] = fails
      ? [
          { takes: takes(), ends: 'failed' },
          { takes: takes(), ends: last },
        ]
      : takes()
  }
  const pipeline = stringify({ dagwright: 1, id: 'p', concurrency: 3, pools: { few: 2 }, tasks })
  const expectation = { state: 'success', makespan: 0, states: {}, starts: [] }
  const loaded = loadCase(stringify({ name: `random ${seed}`, about: '', pipeline, attempts, expect: expectation }))
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.value
}

interface Start {
  readonly label: string
  readonly at: number
}

function startsIn(events: readonly JournalEvent[]): Start[] {
  return events.flatMap((event) =>
    event.type === 'starting'
      ? [{ label: `${instanceLabel(event.task, event.index)} ${event.attempt}`, at: event.t }]
      : [],
  )
}

/** On a machine that stands still for longer than two ends lie apart, the order of the two is anyone's guess: once more. */
const RETRIES = 2

test.for(SEEDS)(
  'seed %i: simulated with its recorded times, a real run takes as long and starts in that order',
  { retry: RETRIES },
  async (seed) => {
    const { pipeline } = parseDocument(runnable(randomCase(seed), GRID))
    if (pipeline === null) throw new Error('The case cannot be read')
    const basis = Object.fromEntries(pipeline.tasks.map((task) => [task.id, task.estimate?.likely ?? 0]))
    const { events } = await host.startPipeline(pipeline, { slots: 3, basis }).finished()
    const plan = compilePlan(pipeline, { slots: 3, pools: pipeline.pools, basis: (id) => basis[id] ?? 0 })
    if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
    const simulation = simulate(plan.value, modelFromRun(plan.value, events))

    const settled = events.filter((event) => event.type === 'settled')
    const makespan = settled.at(-1)?.t ?? 0
    expect(makespan).toBeGreaterThan(1e6)
    expect(Math.abs(simulation.makespan / makespan - 1)).toBeLessThan(0.02)

    const real = startsIn(events)
    const places = new Map(
      simulation.starts.map(({ task, index, attempt }, place) => [
        `${instanceLabel(plan.value.ids[task]!, index)} ${attempt}`,
        place,
      ]),
    )
    expect([...places.keys()].sort()).toEqual(real.map(({ label }) => label).sort())
    for (const [at, later] of real.entries()) {
      for (const earlier of real.slice(0, at)) {
        if (later.at - earlier.at <= 20_000) continue
        expect(places.get(earlier.label), `${earlier.label} before ${later.label}`).toBeLessThan(
          places.get(later.label)!,
        )
      }
    }
  },
)
