import { expect, test } from 'vitest'
import { loseRunning } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { parseDocument } from '#shared/model/document.ts'
import { runOf, starting, whole } from '../../runs/run.testing.ts'
import { NO_BADGES } from '../badges.ts'
import { type CardFacts, cardLook } from './look.ts'

const { pipeline } = parseDocument('dagwright: 1\nid: p\ntasks: {a: {kind: shell, run: "true", timeout: 10m}}')
const task = pipeline!.tasks[0]!

function look(view: RunView, change: Partial<CardFacts> = {}) {
  return cardLook({
    task,
    problems: 0,
    worst: null,
    pinned: false,
    badges: NO_BADGES,
    lens: 'state',
    view,
    run: view.tasks.get('a')!,
    timeout: task.timeout,
    typical: { value: 9_000_000, source: 'history' },
    plan: null,
    longest: 0,
    critical: false,
    near: false,
    told: null,
    ...change,
  })
}

const running = () => runOf(['a'], [1_000_000, starting('a', null, 1, 0)])

test('what died with the engine is lost on the card, near by and far away', () => {
  const view = running()
  expect(look(view).state).toBe('running')
  loseRunning(view)
  expect(look(view)).toMatchObject({
    state: 'lost',
    words: { type: 'state', state: 'lost', text: 'Lost' },
    ticking: false,
  })
  expect(look(view, { lens: 'design' }).state).toBeNull()
})

test('a running attempt says how long it may take, in place of how long it usually takes', () => {
  expect(look(running())).toMatchObject({ now: '0 s', between: ' of ', usual: '10 m' })
  expect(look(running(), { timeout: null })).toMatchObject({
    now: '0 s',
    between: ' / ',
    usual: '9.0 s',
  })
})

test('signs beside the name take room from it', () => {
  const named = { task: { ...task, name: 'n'.repeat(28) } }
  const objective = { label: 'Objective missed', title: 'late', token: '--danger' }
  expect(look(running(), named).name).toHaveLength(28)
  expect(look(running(), { ...named, badges: { handler: 'fails', objective } }).name).toHaveLength(22)
})

test('a count has its room: the typical duration gives way where both are long', () => {
  const ran = (instances: number, took: number) =>
    runOf(
      ['a'],
      [0, { type: 'expanded', task: 'a', count: instances, items: null }],
      ...Array.from({ length: instances }, (_, index) => whole('a', index, 0, took, 'success')).flat(),
    )
  const typical = { value: 70_000_000, source: 'history' } as const
  expect(look(ran(250, 72_000_000), { typical })).toMatchObject({
    words: { text: 'Success', detail: '× 250' },
    now: '1 m 12 s',
    usual: null,
  })
  expect(look(ran(3, 2_000_000), { typical: { ...typical, value: 2_100_000 } })).toMatchObject({
    words: { detail: '× 3' },
    now: '2.0 s',
    usual: '2.1 s',
  })
  // Where nothing is counted both stand, however long.
  const alone = runOf(['a'], ...whole('a', null, 0, 72_000_000, 'success'))
  expect(look(alone, { typical })).toMatchObject({ words: { detail: '' }, now: '1 m 12 s', usual: '1 m 10 s' })
})
