import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const ESTIMATED = `dagwright: 1
id: estimated
concurrency: 2
pools: { warehouse: 1 }
slo: { duration: { p95: 20s } }
tasks:
  extract: { kind: noop, estimate: 10s }
  clean: { kind: noop, needs: [extract], estimate: { min: 4s, likely: 6s, max: 14s }, pool: warehouse }
  stats: { kind: noop, needs: [extract], estimate: 3s }
  guess: { kind: shell, run: "true", needs: [stats] }
`
const FAILING =
  'dagwright: 1\nid: failing\ntasks:\n  a: { kind: shell, run: exit 3 }\n  b: { kind: noop, needs: [a] }\n'
const NEGATIVE = 'dagwright: 1\nid: negative\ntasks:\n  a: { kind: noop, estimate: -5s }\n'

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('estimated.dag.yaml', ESTIMATED)
  await bench.put('failing.dag.yaml', FAILING)
  await bench.put('negative.dag.yaml', NEGATIVE)
})
afterAll(() => bench.close())

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await bench.run('simulate', ...args, '--json')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe('dagwright simulate', () => {
  it('draws, by estimates where there is no run, and marks what it has to guess', async () => {
    const found = await json('estimated.dag.yaml', '--draws', '2000', '--seed', '5')
    expect(found).toMatchObject({
      pipeline: 'estimated',
      slots: 2,
      makespan: 17,
      state: 'success',
      runs: [],
      whatIf: null,
    })
    expect(found.draws).toMatchObject({ draws: 2000, seed: 5, states: { success: 1, failed: 0 } })
    expect(found.draws.mean).toBeGreaterThan(16)
    expect(found.draws.mean).toBeLessThan(18)
    expect(found.draws.objectives).toMatchObject([{ kind: 'duration', promise: 'within 20.0 s (p95)' }])
    expect(found.notes.join('\n')).toContain(
      'Assumed to take 1 s, for want of a successful run or an estimate: `guess`.',
    )
    expect(found.tasks.map((task: { source: string }) => task.source)).toEqual([
      'estimate',
      'estimate',
      'estimate',
      'default',
    ])
    expect(await json('estimated.dag.yaml', '--draws', '2000', '--seed', '5')).toEqual(found)
  })

  it('compares with changes made together', async () => {
    const changes = ['extract=0.5x', 'stats=late:20s', 'pool:warehouse=2'].flatMap((change) => ['--what-if', change])
    const { whatIf } = await json('estimated.dag.yaml', '--draws', '50', ...changes)
    expect(whatIf).toMatchObject({ before: 17, after: 29, gain: -12, state: 'success' })
    expect(whatIf.sentence).toContain('lengthens the run by 12.0 s')
    expect(whatIf.tasks.find((task: { task: string }) => task.task === 'guess')).toMatchObject({
      delay: 15,
      downstream: true,
    })
  })

  it('paints what a failure hits', async () => {
    const { stdout, code } = await bench.run(
      'simulate',
      'estimated.dag.yaml',
      '--what-if',
      'stats=fails',
      '--draws',
      '0',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/guess +upstream_failed/)
    expect(stdout).toContain('it then ends as failed instead of success')
  })

  it('says so where every run failed, and fails in every draw', async () => {
    await bench.run('run', 'failing.dag.yaml')
    const { stdout, code } = await bench.run('simulate', 'failing.dag.yaml', '--draws', '20')
    expect(code).toBe(0)
    expect(stdout).toContain('The last run did not succeed')
    expect(stdout).toContain('Failed in every attempt so far, and so in every draw: `a`.')
    expect(stdout).toMatch(/run fails +100%/)
    expect(stdout).not.toContain('NaN')
    const well = await json('failing.dag.yaml', '--draws', '20', '--no-failures')
    expect(well.draws.states.success).toBe(1)
  })

  it('tells how often timeouts end attempts and the run', async () => {
    const tasks =
      '  often: { kind: noop, estimate: { min: 1s, likely: 4s, max: 9s }, timeout: 5s }\n  long: { kind: noop, estimate: 1s }\n'
    await bench.put('timeouts.dag.yaml', `dagwright: 1\nid: timeouts\ntimeout: 20s\ntasks:\n${tasks}`)
    const args = ['timeouts.dag.yaml', '--draws', '200', '--what-if', 'long=30x'] as const
    const { draws, tasks: told, whatIf, curve } = await json(...args)
    expect(draws.timedOut).toBe(0)
    expect(told[0].timedOut).toBeGreaterThan(0.1)
    expect(told[0].timedOut).toBeCloseTo(1 - told[0].success)
    expect(whatIf).toMatchObject({ after: 20, state: 'failed', draws: { timedOut: 1 } })
    expect(curve[0].timedOut).toBe(true)
    const { stdout } = await bench.run('simulate', ...args)
    expect(stdout).toMatch(/run times out +0% +100%/)
    expect(stdout).toContain('times out in')
  })

  it.each([
    [['estimated.dag.yaml', '--what-if', 'extarct=gone'], 'Did you mean `extract`?'],
    [['estimated.dag.yaml', '--what-if', 'extract=quick'], 'Write TASK=0.5x'],
    [['estimated.dag.yaml', '--what-if', 'extract=split:0'], '1 to 1000 parts'],
    [['estimated.dag.yaml', '--pool', 'warehose=2'], 'Did you mean `warehouse`?'],
    [['estimated.dag.yaml', '--pool', 'warehouse=0'], 'at least 1 slot'],
    [['estimated.dag.yaml', '--choose', 'stats=maybe'], 'Write TASK=when:false'],
    [['estimated.dag.yaml', '--draws', '-1'], '--draws takes a whole number from 0 on'],
    [['estimated.dag.yaml', '--draws', '--json'], '--draws needs a value'],
    [['estimated.dag.yaml', '--start', 'soon'], '--start takes an instant'],
    [['negative.dag.yaml'], 'estimate'],
    [['none.dag.yaml'], 'none.dag.yaml'],
  ])('%j is refused in words', async (args, words) => {
    const { code, stderr } = await bench.run('simulate', ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })
})
