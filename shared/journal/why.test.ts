import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../model/document.ts'
import {
  type Cause,
  INSTANCE_STATES,
  type JournalBody,
  type JournalEvent,
  type Reason,
  type SuccessSource,
} from './event.ts'
import { foldRun, loseRunning } from './fold.ts'
import { anyBody, headerFor, journalOf } from './journal.testing.ts'
import { instanceNamed, retryOf, whyContext, whyOf, whyParts } from './why.ts'

const SPEC = `dagwright: 1
id: flights
pools: { warehouse: 1 }
onFailure: [alarm]
tasks:
  extract: { kind: noop }
  clean: { kind: noop, needs: [extract] }
  slow: { kind: noop, needs: [clean], when: "\${{ params.mode == 'slow' }}" }
  load_a: { kind: noop, pool: warehouse }
  load_b: { kind: noop, pool: warehouse }
  join: { kind: noop, needs: [clean, slow, load_a, load_b, tile], triggerRule: none_failed }
  tile: { kind: noop, needs: [extract], forEach: [1, 2, 3], maxParallel: 1 }
  stac: { kind: noop, needs: [tile], forEach: { each: tile } }
  alarm: { kind: noop }
`
const PIPELINE = parseDocument(SPEC).pipeline!
const TASKS = PIPELINE.tasks.map(({ id }) => id)
const S = 1_000_000

type Timed = readonly [seconds: number, body: JournalBody]
const starting = (
  task: string,
  cause: Cause = { type: 'begin' },
  readyAt = 0,
  attempt = 1,
  index: number | null = null,
) => ({ type: 'starting', task, index, attempt, readyAt: readyAt * S, cause }) as const
const finished = (
  task: string,
  outcome: 'success' | 'failed' | 'timed_out' | 'cancelled' | 'lost',
  reason: Reason | null = null,
  exitCode: number | null = null,
  attempt = 1,
  index: number | null = null,
) =>
  ({
    type: 'finished',
    ...{ task, index, attempt, outcome, exitCode, reason },
    ...{ signal: null, peakMemory: null, cpu: null, outputs: null },
  }) as const
const settled = (
  task: string,
  state: 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'cancelled',
  reason: Reason | null = null,
  index: number | null = null,
) => ({ type: 'settled', task, index, state, origin: 'executed', reason }) as const
const exit = (task: string): Reason => ({ code: 'exit_code', message: `\`${task}\` ended with exit code 3` })
const failure = (task: string): Timed[] => [
  [0, starting(task)],
  [1, finished(task, 'failed', exit(task), 3)],
  [1, settled(task, 'failed', exit(task))],
]
const success = (task: string, from = 0): Timed[] => [
  [from, starting(task)],
  [from + 2, finished(task, 'success', null, 0)],
  [from + 2, settled(task, 'success')],
]
const origin = (
  task: string,
  of: 'reused' | 'pinned' | 'cached' | 'marked',
  reason: Reason | null = null,
  source?: SuccessSource,
): Timed => [1, { ...settled(task, 'success', reason), origin: of, ...(source && { source }) }]
const instances = (task: string): Timed => [0, { type: 'expanded', task, count: 3, items: null }]
const ended: Timed = [9, { type: 'ended', state: 'failed', reason: null }]
const upstream = (task: string, rest: string): Reason => ({
  code: 'rule',
  message: `upstream \`${task}\` ${rest}`,
  by: { task, index: null },
})

interface Facts {
  readonly live?: boolean
  readonly parent?: string
  readonly slots?: number
}

function contextOf(events: readonly Timed[], { live = true, parent, slots = 8 }: Facts = {}) {
  const header = headerFor(TASKS, { pools: { warehouse: 1 }, slots, parent: parent ?? null })
  const view = foldRun([
    { n: 0, t: 0, ...header },
    ...events.map(([seconds, body], at) => ({ n: at + 1, t: seconds * S, ...body }) as JournalEvent),
  ])!
  if (!live && view.endedAt === null) loseRunning(view)
  return whyContext(view, PIPELINE, { now: 10 * S, live })
}

const queue = (task: string, at: number): Timed => [at, { type: 'queued', task, index: null }]
const retrying: Timed[] = [
  [0, starting('extract')],
  [1, finished('extract', 'failed', exit('extract'), 1)],
  [1, { type: 'retrying', task: 'extract', index: null, attempt: 2, until: 14 * S }],
]
const interrupted: Timed[] = [[0, starting('extract')]]
const inPool: Cause = { type: 'pool', pool: 'warehouse', task: 'load_a', index: null }
const reasonOf = (code: Reason['code'], message: string, task?: string): Reason =>
  task === undefined ? { code, message } : { code, message, by: { task, index: null } }

const CASES: readonly (readonly [asked: string, says: string, events: readonly Timed[], facts?: Facts])[] = [
  ['clean', 'waits for `extract`', []],
  ['join', 'waits for `clean`, `slow`, `load_a` and 2 more', []],
  [
    'join',
    'waits for `load_b` and `tile`',
    [...success('clean'), ...success('load_a'), [3, settled('slow', 'skipped')]],
  ],
  ['stac[1]', 'waits for `tile[1]`', [instances('tile'), instances('stac')]],
  ['clean', 'what it needs has ended; its conditions or its list are being evaluated', success('extract')],
  ['alarm', 'it runs once everything else has ended, if the run fails', []],
  ['clean', 'it has no part in this run', [ended]],
  ['clean', 'the run is being cancelled', [[1, { type: 'cancel', kill: false }]]],
  ['clean', 'the run was interrupted before it could start; resume the run to go on', interrupted, { live: false }],
  ['extract', 'attempt 1 was lost with its engine; resume the run to go on', interrupted, { live: false }],
  [
    'extract',
    'attempt 1 was lost with its engine, and it starts again',
    [
      [0, starting('extract')],
      [1, finished('extract', 'lost')],
    ],
  ],

  ['load_b', '6.0 s so far, pool `warehouse` is held by `load_a`', [[0, starting('load_a')], queue('load_b', 4)]],
  [
    'extract',
    '8.0 s so far, the only slot is held by `load_a`',
    [[0, starting('load_a')], queue('extract', 2)],
    { slots: 1 },
  ],
  [
    'extract',
    '8.0 s so far, all 2 slots are busy',
    [[0, starting('load_a')], [0, starting('clean')], queue('extract', 2)],
    { slots: 2 },
  ],
  [
    'tile[1]',
    '9.0 s so far, as `maxParallel` lets 1 of its instances run at a time',
    [
      instances('tile'),
      [0, starting('tile', { type: 'begin' }, 0, 1, 0)],
      [1, { type: 'queued', task: 'tile', index: 1 }],
    ],
  ],
  [
    'extract',
    '8.0 s so far, next in line: its slot is held by another run of the workspace, or is just being given to it',
    [queue('extract', 2)],
  ],
  [
    'extract',
    'it waited for its turn when the run was interrupted; resume the run to go on',
    [queue('extract', 2)],
    { live: false },
  ],

  ['extract', 'for 9.0 s; it began with the run', [[1, starting('extract')]]],
  [
    'clean',
    'attempt 2, for 7.0 s; it began when `extract` had ended',
    [
      ...success('extract'),
      [2, starting('clean', { type: 'dependency', task: 'extract', index: null })],
      [2.5, finished('clean', 'failed')],
      [3, starting('clean', { type: 'retry' }, 3, 2)],
    ],
  ],
  ['load_b', 'for 4.0 s; waited 4.0 s for pool `warehouse`, held by `load_a`', [[6, starting('load_b', inPool, 2)]]],
  [
    'load_b',
    'for 4.0 s; waited 4.0 s for pool `warehouse`, held by another run',
    [[6, starting('load_b', { ...inPool, task: null }, 2)]],
  ],
  [
    'extract',
    'for 4.0 s; waited 6.0 s for a slot, held by `clean`',
    [[6, starting('extract', { type: 'slot', task: 'clean', index: null })]],
  ],
  [
    'clean',
    'for 4.0 s; it began when `extract` had ended',
    [...success('extract'), [6, starting('clean', { type: 'slot', task: 'extract', index: null }, 6)]],
  ],
  [
    'tile[1]',
    'for 4.0 s; waited 6.0 s for its place beside `tile[0]` (maxParallel)',
    [instances('tile'), [6, starting('tile', { type: 'maxParallel', task: 'tile', index: 0 }, 0, 1, 1)]],
  ],
  ['extract', 'for 1.0 s; it began when the run was resumed', [[9, starting('extract', { type: 'resume' }, 9)]]],
  ['extract', 'for 1.0 s; it began when a person had cleared it', [[9, starting('extract', { type: 'marked' }, 9)]]],
  ['extract', 'for 1.0 s; it began when its attempt before was lost', [[9, starting('extract', { type: 'retry' }, 9)]]],

  ['extract', 'attempt 2 in 4.0 s, after exit code 1', retrying],
  [
    'extract',
    'attempt 2 is due, after exit code 1',
    [...retrying.slice(0, 2), [1, { type: 'retrying', task: 'extract', index: null, attempt: 2, until: 5 * S }]],
  ],
  [
    'extract',
    'attempt 2 was due after exit code 1 when the run was interrupted; resume the run to go on',
    retrying,
    { live: false },
  ],

  ['extract', 'took 2.0 s; it began with the run', success('extract')],
  [
    'extract',
    'took 1.0 s at attempt 2; it began with the run',
    [
      ...retrying,
      [4, starting('extract', { type: 'retry' }, 4, 2)],
      [5, finished('extract', 'success', null, 0, 2)],
      [5, settled('extract', 'success')],
    ],
  ],
  [
    'extract',
    'took 2.0 s; it began with the run; warns: 3 rows',
    [
      ...success('extract').slice(0, 2),
      [2, settled('extract', 'success', reasonOf('check_failed', '`extract` warns: 3 rows'))],
    ],
  ],
  ['extract', 'reused from run 20261120T', [origin('extract', 'reused')], { parent: '20261120T' }],
  ['extract', 'reused from an earlier run', [origin('extract', 'reused')]],
  ['extract', 'reused from run r0', [origin('extract', 'reused', null, { run: 'r0' })], { parent: '20261120T' }],
  ['extract', 'its outputs come from its pin, taken from run r0', [origin('extract', 'pinned', null, { run: 'r0' })]],
  [
    'extract',
    'from the cache: its code, parameters and inputs are those of its success in run r0 (key 01234567)',
    [origin('extract', 'cached', null, { run: 'r0', key: '0123456789abcdef' })],
  ],
  ['extract', 'its outputs come from its pin', [origin('extract', 'pinned')]],
  [
    'extract',
    'from the cache: its code, parameters and inputs are those of an earlier success',
    [origin('extract', 'cached')],
  ],
  [
    'extract',
    'a person marked `extract`',
    [origin('extract', 'marked', reasonOf('marked', 'A person marked `extract`'))],
  ],
  ['extract', 'a person marked it', [origin('extract', 'marked')]],
  ['extract', 'the journal does not say when it ran', [[1, settled('extract', 'success')]]],

  ['extract', 'ended with exit code 3', failure('extract')],
  [
    'extract',
    'ran longer than its timeout of 10 m 0 s',
    [
      [0, starting('extract')],
      [1, settled('extract', 'failed', reasonOf('timeout', '`extract` ran longer than its timeout of 10 m 0 s'))],
    ],
  ],
  [
    'extract',
    'was ended by SIGKILL, at attempt 2',
    [
      [0, starting('extract')],
      [1, starting('extract', { type: 'retry' }, 1, 2)],
      [2, settled('extract', 'failed', reasonOf('signal', '`extract` was ended by SIGKILL'))],
    ],
  ],
  [
    'extract',
    'exit code 3',
    [
      [0, starting('extract')],
      [1, finished('extract', 'failed', null, 3)],
      [1, settled('extract', 'failed')],
    ],
  ],
  [
    'extract',
    'its timeout',
    [
      [0, starting('extract')],
      [1, finished('extract', 'timed_out')],
      [1, settled('extract', 'failed')],
    ],
  ],
  ['extract', 'no such column', [[1, settled('extract', 'failed', reasonOf('expression_error', 'no such column'))]]],
  [
    'extract',
    'a person marked `extract`',
    [[1, settled('extract', 'failed', reasonOf('marked', 'A person marked `extract`'))]],
  ],

  [
    'slow',
    "`params.mode == 'slow'` is false",
    [[1, settled('slow', 'skipped', reasonOf('when_false', "`params.mode == 'slow'` is false"))]],
  ],
  [
    'slow',
    '`clean` chose another branch',
    [[1, settled('slow', 'skipped', reasonOf('branch_not_taken', '`clean` chose another branch', 'clean'))]],
  ],
  [
    'join',
    'upstream `slow` was skipped (`x` is false)',
    [
      [1, settled('slow', 'skipped', reasonOf('when_false', '`x` is false'))],
      [1, settled('join', 'skipped', upstream('slow', 'was skipped'))],
    ],
  ],
  [
    'alarm',
    'it runs when the run fails, and this one did not',
    [[1, settled('alarm', 'skipped', reasonOf('rule', 'It runs when the run fails, and this one did not'))]],
  ],
  [
    'tile',
    'has nothing to repeat over',
    [
      [0, { type: 'expanded', task: 'tile', count: 0, items: [] }],
      [0, settled('tile', 'skipped', reasonOf('empty_map', '`tile` has nothing to repeat over'))],
    ],
  ],

  [
    'clean',
    '`extract` ended with exit code 3',
    [...failure('extract'), [1, settled('clean', 'upstream_failed', upstream('extract', 'failed'))]],
  ],
  [
    'slow',
    'upstream `clean` could not run (`extract` ended with exit code 3)',
    [
      ...failure('extract'),
      [1, settled('clean', 'upstream_failed', upstream('extract', 'failed'))],
      [1, settled('slow', 'upstream_failed', upstream('clean', 'could not run'))],
    ],
  ],
  [
    'join',
    '`load_a` ended with exit code 3; its rule is none_failed',
    [...failure('load_a'), [1, settled('join', 'upstream_failed', upstream('load_a', 'failed'))]],
  ],
  [
    'clean',
    '`extract`: no such column',
    [
      [1, settled('extract', 'failed', reasonOf('expression_error', 'no such column'))],
      [1, settled('clean', 'upstream_failed', upstream('extract', 'failed'))],
    ],
  ],

  [
    'extract',
    'the run was cancelled',
    [[1, settled('extract', 'cancelled', reasonOf('cancelled', 'The run was cancelled'))]],
  ],
  [
    'extract',
    'the run took longer than its timeout of 1 m 0 s',
    [[1, settled('extract', 'cancelled', reasonOf('run_timeout', 'The run took longer than its timeout of 1 m 0 s'))]],
  ],
  [
    'extract',
    '`clean` failed, and the run stops at the first failure',
    [
      [
        1,
        settled(
          'extract',
          'cancelled',
          reasonOf('fail_fast', '`clean` failed, and the run stops at the first failure', 'clean'),
        ),
      ],
    ],
  ],
  ['extract', 'the journal does not say why', [[1, settled('extract', 'cancelled')]]],

  ['tile', 'all 3 instances pending: waits for `extract`', [instances('tile')]],
  [
    'tile',
    'of 3 instances 1 running, 1 failed, 1 skipped; `tile[1]` ended with exit code 3',
    [
      instances('tile'),
      [1, starting('tile', { type: 'begin' }, 0, 1, 0)],
      [1, settled('tile', 'failed', exit('tile[1]'), 1)],
      [1, settled('tile', 'skipped', null, 2)],
    ],
  ],
  [
    'tile',
    'all 3 instances succeeded',
    [instances('tile'), ...[0, 1, 2].map((index): Timed => [1, settled('tile', 'success', null, index)])],
  ],
]

describe('why', () => {
  it.for(CASES)('%s: %s', ([asked, says, events, facts]) => {
    const context = contextOf(events, facts)
    const { task, index } = instanceNamed(context.view, asked)!
    expect(whyOf(context, task, index)).toBe(says)
  })

  it('says something of every state', () => {
    const states = new Set(
      CASES.map(([asked, , events, facts]) => {
        const { view } = contextOf(events, facts)
        const { task, index } = instanceNamed(view, asked)!
        return index === null ? view.tasks.get(task)?.state : view.tasks.get(task)?.instances[index]?.state
      }),
    )
    expect([...states].toSorted()).toEqual([...INSTANCE_STATES].toSorted())
  })

  it('never fails and never says nothing, whatever a journal holds', () => {
    const journals = fc.array(anyBody([...TASKS, '__proto__']), { maxLength: 40 })
    fc.assert(
      fc.property(journals, fc.boolean(), fc.boolean(), (bodies, live, known) => {
        const view = foldRun(journalOf(headerFor([...TASKS, '__proto__']), ...bodies))!
        const context = whyContext(view, known ? PIPELINE : null, { now: 50 * S, live })
        for (const task of view.tasks.values()) {
          for (const index of [null, ...task.instances.map((one) => one.index)]) {
            const text = whyOf(context, task.id, index)
            if (text === null) expect(task.mapped).toBe(index !== null || task.mapped)
            else {
              expect(text).not.toBe('')
              expect(text).not.toMatch(/undefined|NaN|null|Infinity/)
            }
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('names tasks and instances so that they can be links', () => {
    const { view } = contextOf([instances('tile')])
    expect(whyParts(view, '`extract` and `tile[2]`, not `tile[9]` or `1 < 2`')).toEqual([
      { type: 'task', text: 'extract', task: 'extract', index: null },
      { type: 'text', text: ' and ' },
      { type: 'task', text: 'tile[2]', task: 'tile', index: 2 },
      { type: 'text', text: ', not ' },
      { type: 'code', text: 'tile[9]' },
      { type: 'text', text: ' or ' },
      { type: 'code', text: '1 < 2' },
    ])
  })

  it('counts attempts on after a resume', () => {
    const { view } = contextOf(retrying)
    expect(retryOf(view.tasks.get('extract')!.instances[0]!, 10 * S)).toEqual({ attempt: 2, left: 4 * S })
  })
})
