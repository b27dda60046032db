import { describe, expect, it } from 'vitest'
import type { TaskSummary } from '#shared/analysis/history.ts'
import { pipelineAnalysis } from '#shared/analysis/summary.ts'
import { parseDocument } from '#shared/model/document.ts'
import { HEAT_METRICS, type HeatSources, heatScale, heatStep, heatWords } from './heat.ts'

const PIPELINE = parseDocument(`dagwright: 1
id: heat
tasks:
  __proto__: { kind: noop }
  long: { kind: noop, needs: [__proto__] }
  short: { kind: noop, needs: [__proto__] }
`).pipeline!

const seconds = (value: number) => ({ value: value * 1e6, source: 'history' as const })
const PLAN = pipelineAnalysis(
  PIPELINE.tasks,
  new Map([
    ['__proto__', seconds(1)],
    ['long', seconds(9)],
    ['short', seconds(2)],
  ]),
)
const NOTHING: TaskSummary = {
  task: '',
  runs: 0,
  duration: null,
  work: null,
  queued: null,
  rate: null,
  attempts: null,
  rows: null,
  bytes: null,
  cpu: null,
  peakMemory: null,
  change: null,
}
const PAST = new Map([
  ['long', { ...NOTHING, rate: { succeeded: 3, judged: 4 }, peakMemory: 512e6 }],
  ['short', { ...NOTHING, rate: { succeeded: 4, judged: 4 }, peakMemory: 10e6 }],
])
const SOURCES: HeatSources = { pipeline: PIPELINE, plan: PLAN, past: PAST, criticality: new Map([['long', 0.83]]) }

const told = (metric: Parameters<typeof heatWords>[0], id: string, sources = SOURCES) =>
  heatWords(metric, sources).get(id)

describe('heat', () => {
  it('says each metric in words, on the ground of its step', () => {
    expect(told('duration', 'long')).toMatchObject({ text: 'takes 9.0 s', ground: '--heat-4' })
    expect(told('drag', 'long')).toMatchObject({ text: 'drag 7.0 s', ground: '--heat-4' })
    expect(told('drag', 'short')).toMatchObject({ text: 'no drag', ground: '--heat-0' })
    expect(told('failures', 'long')).toMatchObject({ text: 'fails 25%', ground: '--heat-3' })
    expect(told('failures', 'short')).toMatchObject({ text: 'no failures', ground: '--heat-0' })
    expect(told('criticality', 'long')).toMatchObject({ text: 'critical 83%', ground: '--heat-4' })
    expect(told('fanOut', '__proto__')).toMatchObject({ text: 'blocks 2 tasks', ground: '--heat-4' })
    expect(told('memory', 'short')).toMatchObject({ text: 'peak 10.0 MB', ground: '--heat-0' })
  })

  it('hatches what has no value, and never says NaN', () => {
    expect(told('memory', '__proto__')).toMatchObject({ text: 'No data', ground: null, hatched: true })
    const empty = { pipeline: PIPELINE, plan: null, past: null, criticality: null }
    for (const metric of HEAT_METRICS) {
      for (const { text, hatched } of heatWords(metric, empty).values()) {
        expect(text).not.toContain('NaN')
        expect(hatched).toBe(metric !== 'fanOut')
      }
    }
  })

  it('has bounds that rise, and a step for every value', () => {
    for (const metric of HEAT_METRICS) {
      const scale = heatScale(metric, SOURCES)
      expect(scale.bounds.toSorted((a, b) => a - b)).toEqual(scale.bounds)
      for (const value of scale.values.values()) expect([0, 1, 2, 3, 4]).toContain(heatStep(scale, value))
    }
  })
})
