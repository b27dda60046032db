import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const GOOD = `dagwright: 1
id: good
slo: { successRate: 0.5, duration: { p95: 10m }, window: 5 runs }
tasks:
  rows: { kind: shell, run: "echo rows:=41 >> $DAGWRIGHT_OUTPUT; echo bytes:=1000 >> $DAGWRIGHT_OUTPUT" }
  each: { kind: shell, needs: [rows], forEach: [1, 2], run: "true" }
`
const BAD = `dagwright: 1
id: bad
slo: { successRate: 0.9 }
tasks:
  fails: { kind: shell, run: exit 3 }
`
const WFFORMAT = join(import.meta.dirname, '../../../shared/formats/wfcommons/examples/noodles.json')

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('good.dag.yaml', GOOD)
  await bench.put('bad.dag.yaml', BAD)
  await bench.put('never.dag.yaml', 'dagwright: 1\nid: never\ntasks:\n  a: { kind: noop }\n')
  expect((await bench.run('run', 'good.dag.yaml')).code).toBe(0)
  expect((await bench.run('run', 'good.dag.yaml', '--only', 'each')).code).toBe(0)
  expect((await bench.run('run', 'bad.dag.yaml')).code).toBe(1)
}, 60_000)
afterAll(() => bench.close())

const json = async (...args: string[]) => {
  const { stdout, stderr } = await bench.run(...args)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('history', () => {
  it('tells a pipeline by id or file, in seconds, of whole runs', async () => {
    const history = await json('history', 'good', '--json')
    expect(history.makespan.count).toBe(1)
    expect(history.runs.map((run: { whole: boolean }) => run.whole)).toEqual([false, true])
    expect(history.makespan.median).toBe(history.runs[1].makespan)
    expect(history.tasks.map((task: { task: string; rows: number | null }) => [task.task, task.rows])).toEqual([
      ['each', null],
      ['rows', 41],
    ])
    expect(await json('history', 'good.dag.yaml', '--json')).toEqual(history)
  })

  it('tells a task run by run', async () => {
    const history = await json('history', 'good', '--task', 'rows', '--json')
    expect(history).toMatchObject({ task: 'rows', rows: 41, bytes: 1000, rate: { succeeded: 1, judged: 1 } })
    const { stdout } = await bench.run('history', 'good', '--task', 'each')
    expect(stdout).toContain('2 executed successes')
    const unknown = await bench.run('history', 'good', '--task', 'row')
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean `rows`?')])
  })

  it('says in a sentence where there is nothing to tell from', async () => {
    expect((await bench.run('history', 'bad')).stdout).toMatch(/^It ran once and failed each time/)
    expect((await bench.run('history', 'never')).stdout).toMatch(/^No run yet/)
    const gone = await bench.run('history', 'goood')
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('Did you mean `good`?')])
  })
})

describe('slo', () => {
  it('exits with 1 where an objective is missed, and only then', async () => {
    const { code, stdout } = await bench.run('slo', '--json')
    expect(code).toBe(1)
    const { status, pipelines } = JSON.parse(stdout)
    expect(status).toBe('missed')
    expect(pipelines.map(({ file, status }: Record<string, string>) => [file, status])).toEqual([
      ['bad.dag.yaml', 'missed'],
      ['good.dag.yaml', 'met'],
    ])
    const good = await bench.run('slo', 'good.dag.yaml')
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('100% (1 of 1)')])
    expect((await bench.run('slo', 'never.dag.yaml')).stdout).toContain('no objectives')
  })
})

describe('query', () => {
  it('answers from every table', async () => {
    const sql = `select r.pipeline, r.state, count(distinct t.task) as tasks, count(distinct a.instance) as instances
      from runs r join tasks t using (run) join attempts a using (run) where r.whole group by all order by 1`
    expect(await json('query', sql, '--json')).toEqual([
      { pipeline: 'bad', state: 'failed', tasks: 1, instances: 0 },
      { pipeline: 'good', state: 'success', tasks: 2, instances: 2 },
    ])
    const events = await bench.run(
      'query',
      'select type from events where run = (select min(run) from runs) order by n',
      '--csv',
    )
    expect(events.stdout.split('\r\n').filter((type) => type === 'type' || type === 'run' || type === 'ended')).toEqual(
      ['type', 'run', 'ended'],
    )
    const attempts = await json(
      'query',
      "select state, exit_code, reason from attempts where state <> 'success'",
      '--json',
    )
    expect(attempts).toEqual([{ state: 'failed', exit_code: 3, reason: expect.stringContaining('3') }])
  })

  it('neither writes nor reads anything else', async () => {
    for (const sql of [
      `select * from read_text('${WFFORMAT}')`,
      `copy runs to '${join(bench.root, 'stolen.csv')}'`,
      'create table t (a int)',
    ]) {
      const { code, stderr } = await bench.run('query', sql)
      expect([sql, code]).toEqual([sql, 2])
      expect(stderr).toMatch(/^error BAD_INPUT/)
    }
  })

  it('bounds its rows and says so', async () => {
    const { stdout, stderr } = await bench.run('query', 'select * from range(9) t(n)', '--limit', '3', '--csv')
    expect(stdout).toBe('n\r\n0\r\n1\r\n2\r\n')
    expect(stderr).toContain('Only the first 3 rows')
  })
})

describe('import', () => {
  it('writes a pipeline whose plan is as long as the record says, and overwrites nothing unasked', async () => {
    const args = ['import', WFFORMAT, '--from', 'wfcommons', '--out', 'meal/noodles.dag.yaml']
    expect((await bench.run(...args)).code).toBe(0)
    const text = await readFile(join(bench.root, 'meal/noodles.dag.yaml'), 'utf8')
    expect(text).toContain('id: noodles')
    const plan = await json('analyze', 'meal/noodles.dag.yaml', '--basis', 'imported', '--json')
    expect(plan).toMatchObject({ makespan: 680.500001, imported: { source: 'wfcommons', makespan: 700.25 } })
    expect(await bench.run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('already there') })
    expect((await bench.run(...args, '--force')).code).toBe(0)
    expect((await bench.run('import', 'good.dag.yaml', '--from', 'wfcommons')).stderr).toContain('good.dag.yaml:1:1')
    expect((await bench.run('import', WFFORMAT, '--from', 'wfcommon')).stderr).toContain('Did you mean')
  })
})

describe('analyze of a run', () => {
  it('adds up to the makespan exactly', async () => {
    const { realized } = await json('analyze', 'last', '--json')
    const micros = (seconds: number) => Math.round(seconds * 1e6)
    const sum = realized.path.segments.reduce((total: number, one: { from: number; to: number }) => {
      return total + micros(one.to) - micros(one.from)
    }, 0)
    expect(sum).toBe(micros(realized.path.makespan))
    expect((await bench.run('analyze', 'last')).stdout).toContain('What led to its end:')
  })
})

describe('compare', () => {
  it('tells two runs task by task, in seconds that add up', async () => {
    const runs: { run: string }[] = await json('runs', 'good.dag.yaml', '--json')
    const [part, whole] = runs.map(({ run }) => run)
    const found = await json('compare', whole!, part!, '--json')
    expect(found).toMatchObject({ earlier: whole, later: part })
    const rows = found.tasks.find((task: { task: string }) => task.task === 'rows')
    expect(rows.states).toEqual({ earlier: 'success', later: null })
    expect(rows.attempts.earlier).toBe(1)
    const sum = found.explained.reduce((total: number, { delta }: { delta: number }) => total + delta, 0)
    expect(sum).toBeCloseTo(found.makespan.delta, 6)
    const same = await bench.run('compare', 'last', 'last')
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('makespan')])
    expect((await bench.run('compare', 'last', 'nothing')).code).toBe(2)
  })
})
