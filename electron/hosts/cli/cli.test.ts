import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'
import type { RunResult } from './run-result.ts'

const GOOD = `dagwright: 1
id: good
params:
  count: { type: integer, default: 2 }
  label: { type: string, default: "5" }
tasks:
  list:
    kind: shell
    run: |
      echo "listing \${{ params.count }} \${{ params.label }}"
      echo 'items:=[1,2]' >> "$DAGWRIGHT_OUTPUT"
  each:
    kind: shell
    needs: [list]
    forEach: \${{ tasks.list.outputs.items }}
    run: |
      echo "item \${{ item }}"
      echo "double:=$(( \${{ item }} * 2 ))" >> "$DAGWRIGHT_OUTPUT"
`
const BAD = `dagwright: 1
id: bad
tasks:
  ok: { kind: shell, run: "true" }
  fails: { kind: shell, run: exit 3, needs: [ok] }
  after: { kind: noop, needs: [fails] }
`
const BROKEN = 'dagwright: 1\nid: broken\ntasks:\n  a: { kind: shell, run: x, nedes: [b] }\n'
const SLOW = 'dagwright: 1\nid: slow\ntasks:\n  wait: { kind: shell, run: sleep 600 }\n'
const STUBBORN =
  'dagwright: 1\nid: stubborn\ntasks:\n  wait: { kind: shell, run: "trap \'\' TERM; while :; do sleep 1; done" }\n'
const GATED = `dagwright: 1
id: gated
tasks:
  gate: { kind: shell, run: test -e open }
  after: { kind: shell, run: 'echo "after $DAGWRIGHT_ATTEMPT"', needs: [gate] }
`
const PLAN = `dagwright: 1
id: plan
tasks:
  a: { kind: noop, estimate: 10s }
  b: { kind: noop, estimate: 2s, needs: [a] }
  c: { kind: noop, estimate: 500ms, needs: [a] }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('good.dag.yaml', GOOD)
  await bench.put('bad.dag.yaml', BAD)
  await bench.put('broken.dag.yaml', BROKEN)
  await bench.put('slow.dag.yaml', SLOW)
  await bench.put('stubborn.dag.yaml', STUBBORN)
  await bench.put('plan.dag.yaml', PLAN)
  await bench.put('gate.dag.yaml', GATED)
})
afterAll(() => bench.close())

describe('the command line', () => {
  it('helps, and tells a typo from a command', async () => {
    const help = await bench.run('--help')
    expect([help.code, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toContain('validate')
    const version = await bench.run('--version')
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const typo = await bench.run('rnu', 'x')
    expect([typo.code, typo.stdout]).toEqual([2, ''])
    expect(typo.stderr).toContain('`dagwright run`')
    const flag = await bench.run('run', 'good.dag.yaml', '--slot', '2')
    expect(flag.code).toBe(2)
    expect(flag.stderr).toContain('`--slots`')
    expect((await bench.run('run')).stderr).toContain('needs FILE')
    expect((await bench.run('run', '--help')).stdout).toContain('--param NAME=VALUE')
  })

  it('prints the schema', async () => {
    const { code, stdout } = await bench.run('schema')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toHaveProperty('$schema')
  })

  it('survives a reader that goes away', async () => {
    const main = join(import.meta.dirname, 'main.ts')
    const shell = spawn('bash', ['-c', `"${process.execPath}" "${main}" schema | head -c 1; echo " \${PIPESTATUS[0]}"`])
    let said = ''
    shell.stdout.on('data', (text) => {
      said += text
    })
    await new Promise((resolve) => shell.on('close', resolve))
    expect(said).toBe('{ 0\n')
  })
})

describe('mark and clear', () => {
  it('open an ended run again, under its own id', async () => {
    const first: RunResult = JSON.parse((await bench.run('run', 'gate.dag.yaml', '--json')).stdout)
    expect(first.state).toBe('failed')

    const marked = await bench.run('mark', 'last', 'gate', 'success', '--json')
    const result: RunResult = JSON.parse(marked.stdout)
    expect([marked.code, result.run, result.state]).toEqual([0, first.run, 'success'])
    expect(result.tasks.gate).toMatchObject({ state: 'success', origin: 'marked', attempts: 1 })
    expect(result.tasks.after).toMatchObject({ state: 'success', origin: 'executed', attempts: 1 })

    // It fails for real again; what depends on it is left as it was.
    const alone = await bench.run('clear', first.run, 'gate', '--only')
    expect(alone.stdout).toMatch(/✗ failed\s+gate\s+\S+ \S+\s+2 attempts/)
    expect(alone.stdout).toMatch(/✓ success\s+after/)

    await bench.put('open', '')
    const cleared = await bench.run('clear', 'last', 'gate')
    expect(cleared.code).toBe(0)
    expect(cleared.stdout).toMatch(/✓ success\s+gate\s+\S+ \S+\s+3 attempts/)
    expect(cleared.stdout).toMatch(/✓ success\s+after\s+\S+ \S+\s+2 attempts/)
    expect(cleared.stderr).toMatch(/gate running \(attempt 3\)[\s\S]*after running \(attempt 2\)/)
    expect((await bench.run('logs', 'last', 'after')).stdout).toBe('after 2\n')
    const runs = JSON.parse((await bench.run('runs', 'gate.dag.yaml', '--json')).stdout)
    expect(runs).toHaveLength(1)
  })

  it('refuse what the run does not have', async () => {
    const nobody = await bench.run('mark', 'last', 'nobody', 'success', '--json')
    expect([nobody.code, JSON.parse(nobody.stdout).error.code]).toEqual([2, 'NOT_FOUND'])
    const instance = await bench.run('clear', 'last', 'gate[3]')
    expect([instance.code, instance.stderr]).toEqual([2, expect.stringContaining('`gate[3]`')])
    const word = await bench.run('mark', 'last', 'gate', 'done')
    expect([word.code, word.stderr]).toEqual([2, expect.stringContaining('not "done"')])
  })
})

describe('validate', () => {
  it('says what is wrong, where, and what to do', async () => {
    const { code, stdout } = await bench.run('validate', 'broken.dag.yaml')
    expect(code).toBe(2)
    expect(stdout).toMatch(/^broken\.dag\.yaml:4:\d+ error \S+ .*nedes/m)
    expect(stdout).toContain('`needs`')
  })

  it('prints JSON', async () => {
    const good = await bench.run('validate', 'good.dag.yaml', '--json')
    expect([good.code, JSON.parse(good.stdout).files]).toEqual([
      0,
      [{ file: 'good.dag.yaml', valid: true, problems: [] }],
    ])
    const all = await bench.run('validate', '--json')
    expect([all.code, JSON.parse(all.stdout).files.length]).toEqual([2, 7])
  })

  it('refuses what is not there', async () => {
    const { code, stderr, stdout } = await bench.run('validate', 'nothing.dag.yaml', '--json')
    expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'NOT_FOUND'])
    expect(stderr).toContain('nothing.dag.yaml')
  })
})

describe('run', () => {
  it('prints one object, and the run can be read back', async () => {
    const { code, stdout, stderr } = await bench.run('run', 'good.dag.yaml', '--json', '--param', 'count=7')
    expect([code, stderr]).toEqual([0, expect.stringContaining('each[1] success')])
    const result: RunResult = JSON.parse(stdout)
    expect(result).toMatchObject({ pipeline: 'good', state: 'success', makespan: expect.any(Number) })
    expect(Object.keys(result.tasks)).toEqual(['list', 'each'])
    expect(result.tasks.list).toMatchObject({
      state: 'success',
      origin: 'executed',
      attempts: 1,
      exitCode: 0,
      outputs: { items: [1, 2] },
      duration: expect.any(Number),
      queued: expect.any(Number),
    })
    expect(result.tasks.each).toMatchObject({
      state: 'success',
      outputs: { double: [2, 4] },
      instances: [
        { index: 0, state: 'success', exitCode: 0, outputs: { double: 2 } },
        { index: 1, state: 'success', exitCode: 0, outputs: { double: 4 } },
      ],
    })
    expect(result.makespan).toBeLessThan(600)

    const runs = JSON.parse((await bench.run('runs', 'good.dag.yaml', '--json')).stdout)
    expect(runs[0]).toMatchObject({ run: result.run, state: 'success', makespan: result.makespan, live: false })
    const logs = await bench.run('logs', 'last', 'list')
    expect([logs.code, logs.stdout]).toEqual([0, 'listing 7 5\n'])
    const one = await bench.run('logs', result.run, 'each[1]', '--json')
    expect(JSON.parse(one.stdout)).toMatchObject({
      run: result.run,
      logs: [
        {
          task: 'each',
          index: 1,
          attempt: 1,
          state: 'success',
          log: 'kept',
          lines: [{ stream: 'out', text: 'item 2' }],
        },
      ],
    })
    const line = await bench.run('logs', result.run, 'each[1]', '--lines')
    expect(JSON.parse(line.stdout)).toMatchObject({ task: 'each', index: 1, attempt: 1, stream: 'out', text: 'item 2' })
    const analysis = JSON.parse((await bench.run('analyze', result.run, '--json')).stdout)
    expect(analysis.criticalPath).toEqual(['list', 'each'])
  })

  it('prints events as they come, each a line', async () => {
    const { code, stdout } = await bench.run('run', 'good.dag.yaml', '--json', '--events')
    expect(code).toBe(0)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ state: 'success' })
    const events = lines.slice(0, -1)
    expect(events[0].type).toBe('run')
    expect(events.at(-1)).toMatchObject({ type: 'ended', state: 'success' })
    expect(events.map((event) => event.n)).toEqual(events.map((_, index) => events[0].n + index))
  })

  it('ends with 1 when the run fails', async () => {
    const { code, stdout } = await bench.run('run', 'bad.dag.yaml', '--json')
    const result: RunResult = JSON.parse(stdout)
    expect([code, result.state]).toEqual([1, 'failed'])
    expect(result.tasks.fails).toMatchObject({ state: 'failed', origin: null, exitCode: 3, outputs: null })
    expect(result.tasks.after).toMatchObject({ state: 'upstream_failed', attempts: 0, duration: null, exitCode: null })
    const plain = await bench.run('run', 'bad.dag.yaml')
    expect(plain.code).toBe(1)
    expect(plain.stdout).toMatch(/✗ failed\s+fails/)
    expect(plain.stderr).toContain('dagwright logs')
  })

  it('ends with 2 before anything ran when the input is wrong', async () => {
    const before = JSON.parse((await bench.run('runs', '--json')).stdout).length
    const broken = await bench.run('run', 'broken.dag.yaml', '--json')
    expect([broken.code, JSON.parse(broken.stdout).error.code]).toEqual([2, 'INVALID_PIPELINE'])
    expect(broken.stderr).toMatch(/broken\.dag\.yaml:4:\d+ error/)
    const value = await bench.run('run', 'good.dag.yaml', '--json', '-p', 'count=many')
    expect([value.code, JSON.parse(value.stdout).error.code]).toEqual([2, 'INVALID_PARAMETERS'])
    expect((await bench.run('run', 'good.dag.yaml', '-p', 'count')).code).toBe(2)
    expect((await bench.run('run', 'good.dag.yaml', '--slots', '0')).code).toBe(2)
    expect((await bench.run('run', '.')).stderr).toContain('several pipelines')
    expect(JSON.parse((await bench.run('runs', '--json')).stdout)).toHaveLength(before)
  })

  it('cancels on Ctrl-C', async () => {
    const { child, outcome, stderrHas } = bench.start('run', 'slow.dag.yaml', '--json')
    await stderrHas('wait running')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await outcome
    expect([code, JSON.parse(stdout).state]).toEqual([1, 'cancelled'])
    expect(stderr).toContain('Press Ctrl-C again')
  })

  it('kills on a second Ctrl-C', async () => {
    const { child, outcome, stderrHas } = bench.start('run', 'stubborn.dag.yaml', '--json')
    await stderrHas('wait running')
    child.kill('SIGINT')
    await stderrHas('Press Ctrl-C again')
    child.kill('SIGINT')
    const { code, stdout } = await outcome
    expect([code, JSON.parse(stdout).state]).toEqual([1, 'cancelled'])
  })
})

describe('a workspace that another process runs', () => {
  it('is driven through that process', async () => {
    const owner = bench.start('run', 'slow.dag.yaml', '--json')
    await owner.stderrHas('wait running')
    const [live] = JSON.parse((await bench.run('runs', '--json', '-n', '1')).stdout)
    expect(live).toMatchObject({ pipeline: 'slow', state: 'running', live: true, makespan: null })
    const other = await bench.run('run', 'good.dag.yaml', '--json')
    expect([other.code, JSON.parse(other.stdout).state]).toEqual([0, 'success'])
    const followed = bench.start('logs', live.run, 'wait', '--follow')
    const cancelled = await bench.run('cancel', live.run)
    expect(cancelled.code).toBe(0)
    expect((await owner.outcome).code).toBe(1)
    expect((await followed.outcome).code).toBe(0)
    const again = await bench.run('cancel', live.run)
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('cancelled')])
  })

  it('is not given up while others run through that process', async () => {
    await bench.put(
      'short.dag.yaml',
      SLOW.replace('slow', 'short').replace('sleep 600', 'until test -e started; do sleep 0.05; done'),
    )
    await bench.put('longer.dag.yaml', SLOW.replace('slow', 'longer').replace('sleep 600', 'touch started; sleep 1'))
    const owner = bench.start('run', 'short.dag.yaml', '--json')
    await owner.stderrHas('wait running')
    const other = await bench.run('run', 'longer.dag.yaml', '--json')
    expect([other.code, JSON.parse(other.stdout).state]).toEqual([0, 'success'])
    const { code, stdout, stderr } = await owner.outcome
    expect([code, JSON.parse(stdout).state]).toEqual([0, 'success'])
    expect(stderr).toContain('another process started here')
  })

  it('may be begun by several at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => bench.run('run', 'good.dag.yaml', '--json')))
    expect(outcomes.map(({ code, stdout }) => [code, JSON.parse(stdout).state])).toEqual(
      outcomes.map(() => [0, 'success']),
    )
  })

  it('can be gone on with after that process was killed', async () => {
    await bench.put(
      'resumed.dag.yaml',
      'dagwright: 1\nid: resumed\ntasks:\n  first: { kind: shell, run: echo once >> first.txt }\n  second: { kind: shell, needs: [first], run: "test -e go || sleep 600" }\n',
    )
    const owner = bench.start('run', 'resumed.dag.yaml')
    await owner.stderrHas('second running')
    owner.child.kill('SIGKILL')
    await owner.outcome
    const [run] = JSON.parse((await bench.run('runs', '--json', '-n', '1')).stdout)
    expect(run).toMatchObject({ state: 'interrupted', live: false })
    await bench.put('go', '')
    const resumed = await bench.run('resume', run.run, '--json')
    const result: RunResult = JSON.parse(resumed.stdout)
    expect([resumed.code, result.run, result.state]).toEqual([0, run.run, 'success'])
    expect(await readFile(join(bench.root, 'first.txt'), 'utf8')).toBe('once\n')
    expect((await bench.run('resume', run.run)).code).toBe(2)
  })
})

describe('analyze', () => {
  it('prints the plan in seconds', async () => {
    const { code, stdout } = await bench.run('analyze', 'plan.dag.yaml', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      makespan: 12,
      criticalPath: ['a', 'b'],
      nearCritical: [],
      tasks: {
        a: { duration: 10, earliestStart: 0, latestStart: 0, totalFloat: 0, freeFloat: 0, drag: 10, critical: true },
        b: { duration: 2, earliestStart: 10, latestStart: 10, totalFloat: 0, freeFloat: 0, drag: 1.5, critical: true },
        c: {
          duration: 0.5,
          earliestStart: 10,
          latestStart: 11.5,
          totalFloat: 1.5,
          freeFloat: 1.5,
          drag: 0,
          critical: false,
        },
      },
    })
    expect((await bench.run('analyze', 'broken.dag.yaml')).code).toBe(2)
    expect((await bench.run('analyze', 'plan.dag.yaml')).stdout).toContain('a → b')
  })
})

describe('export', () => {
  it('prints, writes, and overwrites nothing unasked', async () => {
    const printed = await bench.run('export', 'plan.dag.yaml', '--to', 'json')
    expect(printed.code).toBe(0)
    expect(JSON.stringify(JSON.parse(printed.stdout))).toContain('depends_on')
    const written = await bench.run('export', 'plan.dag.yaml', '--to', 'mermaid', '--out', 'exported')
    expect([written.code, written.stdout]).toEqual([0, ''])
    expect((await bench.run('export', 'plan.dag.yaml', '--to', 'mermaid', '--out', 'exported')).code).toBe(2)
    expect((await bench.run('export', 'plan.dag.yaml', '--to', 'mermaid', '--out', 'exported', '--force')).code).toBe(0)
    const typo = await bench.run('export', 'plan.dag.yaml', '--to', 'airfow')
    expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining('`airflow`')])
    expect((await bench.run('export', 'broken.dag.yaml', '--to', 'json')).code).toBe(2)
  })
})

describe('doctor, sample, serve', () => {
  it('examines the machine', async () => {
    const { stdout } = await bench.run('doctor', '.', '--json')
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ id: 'duckdb', status: 'ok' }))
  })

  it('copies the sample', async () => {
    const { code, stdout } = await bench.run('sample', 'flights', 'copies', '--json')
    expect(code).toBe(0)
    const { path } = JSON.parse(stdout)
    expect((await stat(join(path, 'flight_delays.dag.yaml'))).isFile()).toBe(true)
    expect((await bench.run('validate', path)).code).toBe(0)
  })

  it('lists the samples, and names them where one is not known', async () => {
    const listed = await bench.run('sample', '--list', '--json')
    expect(JSON.parse(listed.stdout).map(({ name }: { name: string }) => name)).toContain('retries')
    const unknown = await bench.run('sample', 'nope')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('rules, mapping, sql')
  })

  it('serves only what was built and stops when told to', async () => {
    const taken = await bench.run('serve', '--port', '99999')
    expect(taken.code).toBe(2)
  })
})
