import type { AttemptOutcome, JournalEvent } from '../journal/event.ts'
import { type Pipeline, type Task, TRIGGER_RULES } from '../model/pipeline.ts'
import { NO_RETRIES, pipelineOf, taskFor } from './pipeline.testing.ts'

/** A seeded source of numbers in [0, 1): mulberry32. */
export function randomOf(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A number in [0, 1) that depends on its arguments only. */
export function hashed(...values: readonly number[]): number {
  let seed = 17
  for (const value of values) seed = Math.imul(seed ^ (value + 0x9e3779b9), 0x85ebca6b) ^ (seed >>> 13)
  return randomOf(seed)()
}

export interface World {
  readonly pipeline: Pipeline
  readonly slots: number
  readonly basis: (id: string) => number
  readonly duration: (task: number, index: number, attempt: number) => number
  readonly outcome: (task: number, index: number, attempt: number) => AttemptOutcome
  /** Below 0: the expansion fails. */
  readonly count: (task: number) => number
  /** A success without running, of an earlier run. */
  readonly given?: (task: number, index: number) => boolean
  /** When an earlier result is found, as in the cache; 0: at once; below 0: it runs. */
  readonly found?: (task: number, index: number) => number
  readonly retryable?: (task: number, index: number, attempt: number) => boolean
  /** The delay that an attempt asks for; -1: none, the policy decides. */
  readonly retryDelay?: (task: number, index: number, attempt: number) => number
  readonly answer?: (
    question: 'edge' | 'when' | 'branch',
    task: number,
    index: number,
    upstream: number,
  ) => { value: boolean; chosen?: readonly number[]; error?: string }
}

export interface Traits {
  readonly rules: boolean
  readonly failures: boolean
  readonly mapping: boolean
  readonly conditions: boolean
  readonly pools: boolean
  readonly given: boolean
}
export const ALL_TRAITS: Traits = {
  rules: true,
  failures: true,
  mapping: true,
  conditions: true,
  pools: true,
  given: true,
}
export const PLAIN: Traits = {
  rules: false,
  failures: false,
  mapping: false,
  conditions: false,
  pools: false,
  given: false,
}

/** A random pipeline and how its attempts go, all from one seed. */
export function worldOf(seed: number, traits: Traits, most = 9): World {
  const random = randomOf(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const chance = (odds: number) => random() < odds
  const pools = new Map(
    traits.pools
      ? [
          ['small', 1 + below(2)],
          ['large', 2 + below(3)],
        ]
      : [],
  )
  const tasks: Task[] = []
  const size = 1 + below(most)
  for (let number = 0; number < size; number++) {
    const needs = tasks
      .filter(() => chance(0.4))
      .map(({ id }) => ({ task: id, when: traits.conditions && chance(0.15) ? '${{ edge }}' : null }))
    const mapped = tasks.filter((task) => task.forEach !== null)
    const follows = traits.mapping && mapped.length > 0 && chance(0.3) ? mapped[below(mapped.length)] : undefined
    const forEach =
      follows !== undefined
        ? ({ type: 'each', task: follows.id } as const)
        : traits.mapping && chance(0.25)
          ? ({ type: 'list', list: '${{ list }}' } as const)
          : null
    const pool = traits.pools && chance(0.4) ? [...pools.keys()][below(2)] : undefined
    tasks.push(
      taskFor(`t${number}`, needs, {
        forEach,
        triggerRule: traits.rules ? (TRIGGER_RULES[below(TRIGGER_RULES.length)] ?? 'all_success') : 'all_success',
        required: chance(0.8),
        when: traits.conditions && chance(0.15) ? (chance(0.5) ? '${{ item }}' : '${{ go }}') : null,
        branch: traits.conditions && chance(0.15) ? '${{ way }}' : null,
        maxParallel: forEach !== null && chance(0.5) ? 1 + below(2) : null,
        failFast: forEach !== null && chance(0.3),
        priority: chance(0.2) ? below(3) : 0,
        pool: pool === undefined ? null : { name: pool, slots: 1 + below(Math.min(2, pools.get(pool) ?? 1)) },
        retries:
          traits.failures && chance(0.4)
            ? { ...NO_RETRIES, limit: 1 + below(2), delay: below(4) * 3, backoff: 'exponential', jitter: 'full' }
            : NO_RETRIES,
      }),
    )
  }
  const outcome = (task: number, index: number, attempt: number): AttemptOutcome => {
    const draw = hashed(seed, task, index, attempt, 1)
    if (!traits.failures || draw > 0.35) return 'success'
    return draw > 0.1 ? 'failed' : draw > 0.06 ? 'timed_out' : draw > 0.03 ? 'lost' : 'cancelled'
  }
  return {
    pipeline: pipelineOf(tasks, pools),
    slots: 1 + below(4),
    basis: (id) => 1 + Math.floor(hashed(seed, Number(id.slice(1)), 2) * 20),
    duration: (task, index, attempt) => Math.floor(hashed(seed, task, index, attempt, 3) * 20),
    outcome,
    retryDelay: (task, index, attempt) => (hashed(seed, task, index, attempt, 11) < 0.1 ? 4 : -1),
    count: (task) => Math.floor(hashed(seed, task, 4) * 5),
    given: (task, index) =>
      traits.given && tasks[task]?.branch === null && !tasks[task].failFast && hashed(seed, task, index, 7) < 0.1,
  }
}

/** The header of a run, as far as the scheduler reads it. */
export function headerOf(world: World): JournalEvent {
  return {
    n: 1,
    t: 0,
    type: 'run',
    format: 1,
    run: 'r',
    pipeline: 'p',
    name: 'p',
    file: 'p.dag.yaml',
    specHash: '',
    params: {},
    logicalDate: '2026-01-01T00:00:00Z',
    dataInterval: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
    wall: '2026-01-01T00:00:00Z',
    machine: { platform: 'test', cpus: 1, node: '24', label: 'test' },
    dagwright: '0',
    slots: world.slots,
    pools: Object.fromEntries(world.pipeline.pools),
    basis: Object.fromEntries(world.pipeline.tasks.map(({ id }) => [id, world.basis(id)])),
    selection: null,
    parent: null,
    trigger: 'test',
  }
}
