import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json } from '#shared/model/pipeline.ts'
import { type Bench, bench } from './engine.testing.ts'

let host: Bench
beforeAll(() => {
  host = bench()
})
afterAll(() => host.dispose())

test('a shell task runs in the pipeline folder, its output is logged and its outputs reach the next', async () => {
  const run = await host.run(`
params: { who: { type: string, default: "it's \\"me\\" $(id)" } }
env: { GREETING: hello }
tasks:
  a:
    kind: shell
    run: |
      echo "$GREETING" \${{ params.who }}
      pwd
      echo oops >&2
      echo "n:=42" >> "$DAGWRIGHT_OUTPUT"
      printf 'text<<END\\ntwo\\nlines\\nEND\\n' >> "$DAGWRIGHT_OUTPUT"
  b: { kind: shell, needs: [a], run: 'echo \${{ tasks.a.outputs.n + 1 }} \${{ tasks.a.outputs.text }} \${{ tasks.a.state }}' }
`)
  expect(run.state).toBe('success')
  expect(run.log('a')).toBe(`hello it's "me" $(id)\n${host.root}\noops`)
  expect(run.outputs.a).toEqual({ n: 42, text: 'two\nlines' })
  expect(run.log('b')).toBe('43 two\nlines success')
})

test('every kind runs', async () => {
  host.write('lib.mjs', 'export const twice = (n) => n * 2\n')
  host.write('helper.py', 'def thrice(n): return n * 3\n')
  const run = await host.run(
    `
params: { n: { type: integer, default: 7 } }
tasks:
  start: { kind: noop }
  js:
    kind: javascript
    needs: [start]
    code: |
      import { twice } from './lib.mjs'
      export default async function () { console.log(import.meta.dirname); return { twice: twice(\${{ params.n }}) } }
  py:
    kind: python
    needs: [js]
    code: |
      import os, helper
      print(os.getcwd())
      twice = \${{ tasks.js.outputs.twice }}
      with open(os.environ["DAGWRIGHT_OUTPUT"], "a") as f: f.write(f"thrice:={helper.thrice(twice)}\\n")
  load:
    kind: sql
    needs: [py]
    sql: |
      create or replace table t as select \${{ tasks.py.outputs.thrice }} as n, 'x' as s union all select 1, 'it''s';
      copy t to 'out.csv' (header);
    outputs: { total: select sum(n) from t, names: select s from t order by s, rows_of: select * from t order by n }
  good: { kind: check, needs: [load], sql: select * from t where n < 0 }
  warned: { kind: check, needs: [load], sql: select * from t, severity: warn }
  bad: { kind: check, needs: [load], required: false, sql: select * from t }
`,
  )
  expect(run.states).toEqual({
    start: 'success',
    js: 'success',
    py: 'success',
    load: 'success',
    good: 'success',
    warned: 'success',
    bad: 'failed',
  })
  expect(run.state).toBe('partial')
  expect(run.log('js')).toBe(host.root)
  expect(run.log('py')).toBe(host.root)
  expect(run.outputs.load).toEqual({
    total: 43,
    names: ["it's", 'x'],
    rows_of: [
      { n: 1, s: "it's" },
      { n: 42, s: 'x' },
    ],
  })
  expect(existsSync(join(host.root, 'out.csv'))).toBe(true)
  expect(run.reason('bad')).toBe('`bad`: the check found 2 violations')
  expect(run.log('bad')).toContain("it's")
  expect(run.reason('warned')).toContain('warns')
  expect(existsSync(join(run.directory, 'tmp', 'js.1'))).toBe(false)
})

test('a retry sees its attempt number; a timeout ends the group and is retried', async () => {
  const run = await host.run(`
tasks:
  flaky: { kind: shell, run: 'test "$DAGWRIGHT_ATTEMPT" = 3', retries: { limit: 3, delay: 10ms } }
  slow:
    kind: shell
    timeout: 300ms
    retries: { limit: 1, delay: 1ms }
    run: |
      if [ "$DAGWRIGHT_ATTEMPT" = 2 ]; then exit 0; fi
      sleep 60 & sleep 60
`)
  expect(run.state).toBe('success')
  const outcomes = (task: string) =>
    run.events.flatMap((event) => (event.type === 'finished' && event.task === task ? [event.outcome] : []))
  expect(outcomes('flaky')).toEqual(['failed', 'failed', 'success'])
  expect(outcomes('slow')).toEqual(['timed_out', 'success'])
  const timedOut = run.events.find((event) => event.type === 'finished' && event.outcome === 'timed_out')
  expect(timedOut).toMatchObject({ reason: { code: 'timeout' }, signal: 'SIGTERM' })
})

test('exit codes that are not worth a retry, and reasons', async () => {
  const run = await host.run(`
tasks:
  hopeless: { kind: shell, run: exit 3, retries: { limit: 5, delay: 1ms, retryOn: [75] } }
  killed: { kind: shell, run: 'kill -9 $$' }
  piped: { kind: shell, run: 'false | cat' }
  missing: { kind: python, code: import no_such_module_1 }
  raised: { kind: python, code: 'raise ValueError("bad value")' }
  nowhere: { kind: shell, cwd: no/such/folder, run: pwd }
  outputs: { kind: shell, run: 'echo "what is this" >> $DAGWRIGHT_OUTPUT' }
  big: { kind: shell, run: 'head -c 2000000 /dev/zero | tr "\\\\0" x > $DAGWRIGHT_OUTPUT' }
  thrown: { kind: javascript, code: 'throw new RangeError("no")' }
  sqlbad: { kind: sql, sql: select * from no_such_table }
`)
  expect(new Set(Object.values(run.states))).toEqual(new Set(['failed']))
  expect(run.events.filter((event) => event.type === 'finished' && event.task === 'hopeless')).toHaveLength(1)
  expect(run.reason('hopeless')).toBe('`hopeless` ended with exit code 3')
  expect(run.reason('killed')).toBe('`killed` was ended by SIGKILL')
  expect(run.reason('missing')).toContain('-m pip install no-such-module-1')
  expect(run.reason('raised')).toContain('ValueError: bad value')
  expect(run.reason('nowhere')).toContain('does not exist')
  expect(run.reason('outputs')).toContain('line 1 of its output file')
  expect(run.reason('big')).toContain('2000000 bytes')
  expect(run.reason('thrown')).toContain('RangeError: no')
  expect(run.reason('sqlbad')).toContain('no_such_table')
})

test('interpreters that are not there are named, and not tried again', async () => {
  const run = await host.run(
    `
defaults: { retries: { limit: 3, delay: 1ms } }
tasks:
  python: { kind: python, interpreter: no/such/env, code: print(1) }
  node: { kind: javascript, code: 'console.log(1)' }
  secret: { kind: shell, secrets: [NOT_SET], run: 'true' }
`,
    { config: { interpreters: { python: null, node: '/no/such/node' } } },
  )
  expect(run.events.filter((event) => event.type === 'finished')).toHaveLength(3)
  expect(run.reason('python')).toContain('no/such/env')
  expect(run.reason('node')).toContain('/no/such/node')
  expect(run.reason('secret')).toContain('NOT_SET')
})

test('secrets reach the task and are masked in log, outputs and reasons', async () => {
  const secret = 'pa55 w"ord\nsecond line'
  const run = await host.run(
    `
tasks:
  a:
    kind: shell
    secrets: [TOKEN]
    run: |
      printf '%s\\n' "$TOKEN" | head -1 | while IFS= read -r -n1 c; do printf '%s' "$c"; sleep 0.002; done; echo
      printf '%s' "$TOKEN" | wc -c
      echo "\${{ secrets.TOKEN }}"
      printf 't<<E\\n%s\\nE\\n' "$TOKEN" >> "$DAGWRIGHT_OUTPUT"
  b: { kind: python, secrets: [TOKEN], code: 'raise ValueError(\${{ secrets.TOKEN }})' }
`,
    { secrets: { TOKEN: secret } },
  )
  expect(run.states.a).toBe('success')
  expect(JSON.stringify(run.events)).not.toContain('pa55')
  expect(run.outputs.a).toEqual({ t: '***' })
  expect(run.log('a')).toContain(String(Buffer.byteLength(secret)))
  expect(run.log('a')).not.toContain('pa55')
  expect(run.log('a')).not.toContain('second line')
  expect(run.log('b')).not.toContain('pa55')
})

test('tasks see only the allowed part of the environment', async () => {
  process.env.DAGWRIGHT_TEST_LEAK = 'leak'
  const run = await host.run(`
tasks:
  a: { kind: shell, run: 'env | cut -d= -f1 | sort | tr "\\\\n" " "; test -e "$DAGWRIGHT_TMP"; if read line; then exit 9; fi', env: { OWN: x } }
`)
  delete process.env.DAGWRIGHT_TEST_LEAK
  const names = run.log('a').split(' ')
  expect(names).toContain('OWN')
  expect(names).toContain('DAGWRIGHT_RUN_ID')
  expect(names).not.toContain('DAGWRIGHT_TEST_LEAK')
  expect(run.state).toBe('success')
})

test('mapped tasks: items, indexes, outputs as lists, a follower instance by instance', async () => {
  const run = await host.run(`
tasks:
  list: { kind: shell, run: 'echo "items:=[10,20,30]" >> $DAGWRIGHT_OUTPUT' }
  tile:
    kind: shell
    needs: [list]
    forEach: \${{ tasks.list.outputs.items }}
    run: 'echo "v:=$((\${{ item }} + \${{ index }}))" >> $DAGWRIGHT_OUTPUT; test $DAGWRIGHT_INDEX = \${{ index }}; test $DAGWRIGHT_INDEX != 1'
  stack: { kind: shell, needs: [tile], forEach: { each: tile }, run: 'echo \${{ item }}' }
  all: { kind: shell, needs: [tile], triggerRule: all_done, run: 'echo \${{ tasks.tile.outputs.v }}' }
  matrix: { kind: shell, forEach: { matrix: { a: [1, 2], b: [x] } }, run: 'echo \${{ item.a }}\${{ item.b }}' }
  none: { kind: noop, forEach: [] }
`)
  expect(run.states).toMatchObject({
    'tile[0]': 'success',
    'tile[1]': 'failed',
    'tile[2]': 'success',
    tile: 'failed',
    'stack[0]': 'success',
    'stack[1]': 'upstream_failed',
    'stack[2]': 'success',
    all: 'success',
    none: 'skipped',
    'matrix[1]': 'success',
  })
  expect(run.log('all')).toBe('[10,null,32]')
  expect(run.log('stack[2]')).toBe('30')
  expect(run.log('matrix[1]')).toBe('2x')
})

test('conditions, branches, errors in them, partial runs with satisfied upstreams', async () => {
  const run = await host.run(
    `
params: { mode: { type: string, default: fast } }
tasks:
  old: { kind: shell, run: exit 1 }
  choose: { kind: noop, needs: [old], branch: "\${{ tasks.old.outputs.way }}" }
  left: { kind: noop, needs: [choose] }
  right: { kind: noop, needs: [choose] }
  slow: { kind: noop, when: "\${{ params.mode == 'slow' }}" }
  wrong: { kind: noop, needs: [old], when: "\${{ tasks.old.outputs.n }}" }
  broken: { kind: shell, run: 'echo \${{ tasks.old.outputs.nothing }}', needs: [old] }
  edge: { kind: noop, needs: [{ task: old, when: "\${{ tasks.old.outputs.n > 1 }}" }] }
  pinned: { kind: shell, run: exit 1 }
`,
    {
      selection: { only: ['choose', 'left', 'right', 'slow', 'wrong', 'broken', 'edge', 'pinned'] },
      satisfied: new Map<string, { origin: 'reused' | 'pinned'; outputs: Record<string, Json> }>([
        ['old', { origin: 'reused', outputs: { way: 'right', n: 1 } }],
        ['pinned', { origin: 'pinned', outputs: { k: 'v' } }],
      ]),
    },
  )
  expect(run.states).toEqual({
    choose: 'success',
    left: 'skipped',
    right: 'success',
    slow: 'skipped',
    wrong: 'failed',
    broken: 'failed',
    edge: 'skipped',
    pinned: 'success',
  })
  expect(run.reason('wrong')).toContain('must be true or false')
  const pinned = run.events.find((event) => event.type === 'settled' && event.task === 'pinned')
  expect(pinned).toMatchObject({ origin: 'pinned', outputs: { k: 'v' } })
})

test('a branch chooses by what its own task found out', async () => {
  const run = await host.run(`
tasks:
  pick: { kind: shell, run: 'echo way=left >> "$DAGWRIGHT_OUTPUT"', branch: "\${{ tasks.pick.outputs.way }}" }
  left: { kind: noop, needs: [pick] }
  right: { kind: noop, needs: [pick] }
`)
  expect(run.states).toMatchObject({ pick: 'success', left: 'success', right: 'skipped' })
})
