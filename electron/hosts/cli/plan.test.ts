import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const SAMPLE = join(import.meta.dirname, '../../../shared/samples/morning_rush/rush.plan.yaml')
const SMALL = `dagwrightPlan: 1
name: Small
window: { start: "06:00", length: 30m }
workers: 1
most: 3
interval: 10m
pipelines:
  extract: { duration: 8m }
  mart: { file: mart.dag.yaml, needs: [extract], deadline: "06:15" }
`
const MART = `dagwright: 1
id: mart
tasks:
  load: { kind: noop, estimate: 4m }
  left: { kind: noop, needs: [load], estimate: 3m }
  right: { kind: noop, needs: [load], estimate: 3m }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('small.plan.yaml', SMALL)
  await bench.put('mart.dag.yaml', MART)
  await bench.put('broken.plan.yaml', 'dagwrightPlan: 1\nwindow: { length: 30m }\npipelines:\n  a: { duraton: 5m }\n')
})
afterAll(() => bench.close())

describe('dagwright plan', () => {
  it('beats the sample’s workers, and draws what it proposes', async () => {
    const { code, stdout, stderr } = await bench.run('plan', SAMPLE)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('89 pipelines')
    expect(stdout).toMatch(/cheapest {2}in time, done at 06:4\d/)
    expect(stdout).toMatch(/06:05 +12 +█+░*/)
    expect(stdout).toMatch(/fixed all the window +10/)
  })

  it('takes pipelines from their files, and ends with 1 where the workers given are too few', async () => {
    const { code, stdout } = await bench.run('plan', 'small.plan.yaml', '--json')
    expect(code).toBe(1)
    const plan = JSON.parse(stdout)
    expect(plan).toMatchObject({ inTime: false, work: 18 * 60 })
    expect(plan.given.pipelines).toMatchObject([
      { pipeline: 'extract', end: 480, inTime: true },
      {
        pipeline: 'mart',
        end: 1080,
        inTime: false,
        waitedForNeeds: 480,
        waitedFor: { pipeline: 'extract', as: 'need' },
      },
    ])
    expect(plan.planned).toMatchObject({ inTime: true, done: 900 })
  })

  it.each([
    ['none.plan.yaml', 'There is no file none.plan.yaml'],
    ['broken.plan.yaml', 'broken.plan.yaml:4:'],
  ])('%s is refused in words', async (file, words) => {
    const { code, stderr } = await bench.run('plan', file)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })
})
