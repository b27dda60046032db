import { beforeEach, describe, expect, test } from 'vitest'
import type { Task } from '../model/pipeline.ts'
import { bodyOf } from './journal.ts'
import { NO_RETRIES, pipelineOf, taskFor } from './pipeline.testing.ts'
import { compilePlan, type Plan } from './plan.ts'
import { createState, indexOf, instanceOf, type SchedulerState, stateOf, taskOf } from './state.ts'
import { step } from './step.ts'
import type { Command, SchedulerEvent } from './types.ts'

let plan: Plan
let state: SchedulerState
let said: string[]
let commands: Command[]

function setUp(tasks: readonly Task[], slots = 4, pools: ReadonlyMap<string, number> = new Map()): void {
  const compiled = compilePlan(pipelineOf(tasks, pools), { slots, pools, basis: () => 1 })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  plan = compiled.value
  state = createState(plan)
}

/** The commands of one event, as short texts. */
function feed(event: SchedulerEvent): string[] {
  commands = []
  step(plan, state, event, (command) => commands.push(command))
  said = commands.map((command) => {
    if (command.type === 'end') return `end ${command.state}`
    if (command.type === 'expand') return `expand ${plan.ids[command.task]}`
    if (command.type === 'ask') return `ask ${command.question} ${plan.ids[command.task]}`
    if (command.type === 'settle' && command.instance < 0) return `settle ${plan.ids[command.task]} ${command.state}`
    const index = indexOf(state, command.instance)
    const label = `${plan.ids[taskOf(state, command.instance)]}${index === null ? '' : `[${index}]`}`
    return command.type === 'settle' ? `settle ${label} ${command.state}` : `${command.type} ${label}`
  })
  return said
}

const begin = () => feed({ type: 'begin', t: 0 })
const number = (id: string, index: number | null = null) =>
  instanceOf(state, plan.numberOf.get(id) as number, index) as number
const finish = (t: number, id: string, outcome: 'success' | 'failed' | 'cancelled' | 'lost' = 'success') =>
  feed({ type: 'finished', t, instance: number(id), outcome, retryable: true, random: 0, reason: null })
/** The sentence that the latest event gave for a task's end. */
const reason = (id: string) => {
  const settled = commands.find((command) => command.type === 'settle' && plan.ids[command.task] === id)
  return settled?.type === 'settle' ? settled.reason?.message : undefined
}

beforeEach(() => {
  said = []
})

describe('what a host may tell', () => {
  test('satisfied instead of running gives the slot back; instead of waiting it needs none', () => {
    setUp([taskFor('a'), taskFor('b'), taskFor('c', ['a', 'b'])], 1)
    expect(begin()).toEqual(['start a', 'queue b'])
    expect(feed({ type: 'satisfied', t: 0, instance: number('b') })).toEqual(['settle b success'])
    expect(feed({ type: 'satisfied', t: 0, instance: number('a') })).toEqual(['settle a success', 'start c'])
    expect(finish(1, 'c')).toEqual(['settle c success', 'end success'])
  })

  test('a satisfied branch is asked as any other', () => {
    setUp([taskFor('a', [], { branch: '${{ way }}' }), taskFor('b', ['a'])])
    begin()
    expect(feed({ type: 'satisfied', t: 0, instance: number('a') })).toEqual(['ask branch a'])
  })

  test('capacity holds back starts and stops nothing', () => {
    setUp([taskFor('a'), taskFor('b'), taskFor('c')], 3)
    expect(feed({ type: 'begin', t: 0, room: { slots: 1, pools: new Map() } })).toEqual([
      'start a',
      'queue b',
      'queue c',
    ])
    expect(feed({ type: 'capacity', t: 5, slots: 2, pools: new Map() })).toEqual(['start b'])
    expect(commands[0]).toMatchObject({ readyAt: 0, cause: { type: 'slot', task: null, index: null } })
    expect(feed({ type: 'capacity', t: 6, slots: 0, pools: new Map() })).toEqual([])
    expect(finish(7, 'a')).toEqual(['settle a success'])
    expect(finish(8, 'b')).toEqual(['settle b success'])
    expect(feed({ type: 'capacity', t: 9, slots: 99, pools: new Map() })).toEqual(['start c'])
  })

  test('capacity of a pool is a limit on top of its size', () => {
    const pools = new Map([['p', 2]])
    const use = { pool: { name: 'p', slots: 1 } }
    setUp([taskFor('a', [], use), taskFor('b', [], use)], 4, pools)
    expect(feed({ type: 'begin', t: 0, room: { slots: 4, pools: new Map([['p', 1]]) } })).toEqual([
      'start a',
      'queue b',
    ])
    expect(feed({ type: 'capacity', t: 3, slots: 4, pools: new Map([['p', 9]]) })).toEqual(['start b'])
    expect(commands[0]).toMatchObject({ cause: { type: 'pool', pool: 'p', task: null, index: null } })
  })

  test('a person marks what waits, what runs and what is done', () => {
    setUp([taskFor('a'), taskFor('b', ['a']), taskFor('c', ['b'])])
    begin()
    expect(feed({ type: 'mark', t: 1, instance: number('b'), as: 'success' })).toEqual(['settle b success', 'start c'])
    expect(reason('b')).toBe('A person marked `b` a success')
    expect(feed({ type: 'mark', t: 2, instance: number('a'), as: 'failed' })).toEqual(['stop a'])
    expect(finish(3, 'a')).toEqual(['settle a failed'])
    expect(reason('a')).toBe('A person marked `a` failed')
    expect(feed({ type: 'mark', t: 4, instance: number('a'), as: 'success' })).toEqual(['reset a', 'settle a success'])
    expect(feed({ type: 'mark', t: 4, instance: number('a'), as: 'success' })).toEqual([])
    expect(finish(5, 'c')).toEqual(['settle c success', 'end success'])
  })

  test('a cancel stops a handler that runs, also after a person marked another one', () => {
    const pipeline = { ...pipelineOf([taskFor('a'), taskFor('b'), taskFor('c')]), onSuccess: ['b', 'c'] }
    const compiled = compilePlan(pipeline, { slots: 4, pools: new Map(), basis: () => 1 })
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
    plan = compiled.value
    state = createState(plan)
    begin()
    expect(finish(1, 'a')).toEqual(['settle a success', 'start b', 'start c'])
    expect(feed({ type: 'mark', t: 2, instance: number('b'), as: 'success' })).toEqual(['stop b'])
    expect(feed({ type: 'cancel', t: 3 })).toEqual(['stop c'])
  })

  test('a second end, a late timer, a late answer and events after the end change nothing', () => {
    setUp([taskFor('a', [], { when: '${{ go }}' }), taskFor('b')])
    begin()
    const late: SchedulerEvent = {
      type: 'answered',
      t: 2,
      question: 'when',
      task: 0,
      index: -1,
      upstream: -1,
      value: true,
    }
    expect(feed({ ...late, t: 0, value: false })).toEqual(['settle a skipped', 'start b'])
    expect(feed(late)).toEqual([])
    expect(feed({ type: 'timer', t: 2, instance: number('b') })).toEqual([])
    expect(finish(3, 'b')).toEqual(['settle b success', 'end success'])
    expect(finish(4, 'b', 'failed')).toEqual([])
    expect(feed({ type: 'cancel', t: 5 })).toEqual([])
    expect(stateOf(state, number('b'))).toBe('success')
  })

  test('nothing happens before the run begins', () => {
    setUp([taskFor('a')])
    expect(feed({ type: 'cancel', t: 0 })).toEqual([])
    expect(begin()).toEqual(['start a'])
  })

  test('a pipeline of no tasks ends as it begins', () => {
    setUp([])
    expect(begin()).toEqual(['end success'])
  })

  test('a cancelled run keeps what was done and asks what runs to stop', () => {
    setUp([taskFor('a'), taskFor('b'), taskFor('c', ['a'])], 1)
    begin()
    expect(feed({ type: 'cancel', t: 1 })).toEqual(['stop a', 'settle b cancelled', 'settle c cancelled'])
    expect(feed({ type: 'cancel', t: 2 })).toEqual([])
    expect(finish(3, 'a', 'lost')).toEqual(['settle a cancelled', 'end cancelled'])
  })

  test('a failure after a stop is not tried again', () => {
    setUp([taskFor('a', [], { retries: { ...NO_RETRIES, limit: 5 } })])
    begin()
    feed({ type: 'cancel', t: 1 })
    expect(finish(2, 'a', 'failed')).toEqual(['settle a failed', 'end cancelled'])
  })

  test('the next start of what was lost with its engine has the cause resume', () => {
    setUp([taskFor('a')])
    begin()
    feed({ type: 'resumed', t: 10 })
    expect(finish(10, 'a', 'lost')).toEqual(['start a'])
    expect(commands[0]).toMatchObject({ attempt: 2, readyAt: 10, cause: { type: 'resume' } })
    expect(finish(12, 'a', 'lost')).toEqual(['start a'])
    expect(commands[0]).toMatchObject({ attempt: 3, cause: { type: 'retry' } })
  })
})

describe('a mapped task that branches', () => {
  test('skips only what none of its instances chose, once all have chosen', () => {
    const forEach = { type: 'list', list: [] } as const
    setUp([taskFor('m', [], { forEach, branch: '${{ way }}' }), taskFor('x', ['m']), taskFor('y', ['m'])])
    begin()
    feed({ type: 'expanded', t: 0, task: 0, count: 2 })
    for (const index of [0, 1]) {
      const instance = number('m', index)
      feed({ type: 'finished', t: 1, instance, outcome: 'success', retryable: true, random: 0, reason: null })
    }
    const answer = { type: 'answered', t: 1, question: 'branch', task: 0, upstream: -1, value: true } as const
    expect(feed({ ...answer, index: 0, chosen: [1] })).toEqual(['settle m[0] success'])
    expect(feed({ ...answer, index: 1, chosen: [1] })).toEqual([
      'settle m[1] success',
      'settle m success',
      'settle y skipped',
      'start x',
    ])
  })
})

describe('reasons are one plain sentence', () => {
  test('of upstreams', () => {
    setUp([taskFor('clean'), taskFor('load', ['clean']), taskFor('undo', ['clean'], { triggerRule: 'all_skipped' })])
    begin()
    finish(1, 'clean', 'failed')
    expect(reason('load')).toBe('upstream `clean` failed')
    expect(reason('undo')).toBe('upstream `clean` failed; its rule is all_skipped')
    expect(commands.at(-1)).toMatchObject({
      type: 'end',
      reason: { message: '`load` could not run', by: { task: 'load' } },
    })
  })

  test('of a run: what failed, not what was stopped because of it', () => {
    setUp([taskFor('slow'), taskFor('bad')])
    begin()
    finish(1, 'slow', 'cancelled')
    finish(2, 'bad', 'failed')
    expect(commands.at(-1)).toMatchObject({ type: 'end', state: 'failed', reason: { message: '`bad` failed' } })
  })

  test('of conditions', () => {
    setUp([
      taskFor('a', [], { when: "${{ params.mode == 'slow' }}" }),
      taskFor('b'),
      taskFor('c', [{ task: 'b', when: '${{ params.go }}' }]),
    ])
    begin()
    const answer = { type: 'answered', t: 0, task: 0, index: -1, upstream: -1, value: false } as const
    feed({ ...answer, question: 'when' })
    expect(reason('a')).toBe("`params.mode == 'slow'` is false")
    finish(1, 'b')
    feed({ ...answer, t: 1, question: 'edge', task: 2, upstream: 1 })
    expect(reason('c')).toBe('`params.go` is false, so `b` counts as skipped')
  })

  test('of attempts, as the host words them', () => {
    setUp([taskFor('extract')])
    begin()
    const given = { code: 'exit_code', message: 'extract ended with exit code 3' } as const
    feed({ type: 'finished', t: 1, instance: 0, outcome: 'failed', retryable: true, random: 0, reason: given })
    expect(reason('extract')).toBe('extract ended with exit code 3')
  })
})

describe('bodyOf', () => {
  test('writes what the journal keeps, by ids', () => {
    const forEach = { type: 'list', list: [] } as const
    setUp([taskFor('m', [], { forEach, branch: '${{ way }}' }), taskFor('x', ['m'])])
    begin()
    expect(commands.map((command) => bodyOf(plan, state, command))).toEqual([null])
    const expanded = { type: 'expanded', t: 0, task: 0, count: 1 } as const
    expect(bodyOf(plan, state, expanded)).toEqual({ type: 'expanded', task: 'm', count: 1, items: null })
    feed(expanded)
    expect(commands.map((command) => bodyOf(plan, state, command))).toEqual([
      { type: 'starting', task: 'm', index: 0, attempt: 1, readyAt: 0, cause: { type: 'begin' } },
    ])
    const chose = {
      type: 'answered',
      t: 1,
      question: 'branch',
      task: 0,
      index: 0,
      upstream: -1,
      value: true,
      chosen: [1],
    } as const
    expect(bodyOf(plan, state, chose)).toEqual({
      type: 'answered',
      task: 'm',
      index: 0,
      question: 'branch',
      value: ['x'],
    })
    expect(bodyOf(plan, state, { ...chose, error: 'no' })).toMatchObject({ value: null, error: 'no' })
    const capacity = { type: 'capacity', t: 1, slots: 2, pools: new Map([['__proto__', 1]]) } as const
    const body = bodyOf(plan, state, capacity)
    expect(body?.type === 'capacity' && Object.entries(body.pools)).toEqual([['__proto__', 1]])
  })
})
