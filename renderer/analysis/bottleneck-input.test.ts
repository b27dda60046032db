import { expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { answerBottlenecks } from './bottleneck-input.ts'

test('a plan is held up no longer than its timeouts let it', () => {
  const { pipeline } = parseDocument(`dagwright: 1
id: p
tasks:
  slow: { kind: noop, timeout: 10s }
  after: { kind: noop, needs: [slow], triggerRule: all_done }
`)
  const durations = new Map([
    ['slow', 60e6],
    ['after', 2e6],
  ])
  const answer = answerBottlenecks({ type: 'plan', pipeline: pipeline!, slots: 2, pools: new Map(), durations })
  expect(answer).toMatchObject({ ok: true, slots: 2, makespan: 12e6 })
  expect(answer.ok && answer.found[0]).toMatchObject({ task: 'slow', gain: 10e6 })
})

test('a run whose spec can’t be read says so', () => {
  const answer = answerBottlenecks({ type: 'run', spec: 'no: [pipeline', events: [] })
  expect(answer).toMatchObject({ ok: false, problems: [{ code: 'SPEC_UNREADABLE' }] })
})
