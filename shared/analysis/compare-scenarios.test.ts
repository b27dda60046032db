import { expect, it } from 'vitest'
import { parseDocument } from '../model/document.ts'
import { compareScenarios } from './compare-scenarios.ts'
import { planSource } from './plan-source.ts'

const MINUTE = 60_000_000
const { pipeline } = parseDocument(`dagwright: 1
id: flow
tasks:
  a: { kind: noop, estimate: 10s }
  b: { kind: noop, needs: [a], estimate: 20s }
  c: { kind: noop, estimate: 40s }
`)
const { source } = planSource(pipeline!, [], { slots: 2, pools: new Map() })

it('compares each scenario with the pipeline as it is, and pays for whole intervals', () => {
  const compared = compareScenarios(source, [[], [{ task: 'c', gone: true }], [{ slots: 1 }]], MINUTE)
  expect(compared).toEqual([
    { ok: true, makespan: 40_000_000, difference: 0, slotHours: 2 / 60 },
    { ok: true, makespan: 30_000_000, difference: -10_000_000, slotHours: 2 / 60 },
    { ok: true, makespan: 70_000_000, difference: 30_000_000, slotHours: 2 / 60 },
  ])
})

it('says of a scenario that cannot be made why, and goes on with the others', () => {
  const [gone, kept] = compareScenarios(source, [[{ task: 'd', fails: true }], []], MINUTE)
  expect(gone).toMatchObject({ ok: false, problem: { code: 'UNKNOWN_TASK' } })
  expect(kept).toMatchObject({ ok: true, difference: 0 })
})
