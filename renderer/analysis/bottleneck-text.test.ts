import { describe, expect, it } from 'vitest'
import type { ExpectedDuration } from '#shared/analysis/basis.ts'
import { bottleneckSentence, sourceText } from './bottleneck-text.ts'

const found = { task: 'pairs', before: 10_000_000, after: 6_900_000, gain: 3_100_000, share: 0.31 }

describe('bottleneckSentence', () => {
  it('tells what happened in a run, and what would happen by a plan', () => {
    expect(bottleneckSentence(found, 'run')).toEqual({
      before: '',
      name: 'pairs',
      after: ' held the run up; without it the run would end 3.1 s (31%) sooner.',
    })
    expect(bottleneckSentence(found, 'plan')).toEqual({
      before: 'Without ',
      name: 'pairs',
      after: ' a run would end 3.1 s (31%) sooner.',
    })
    expect(bottleneckSentence({ ...found, share: 0.001 }, 'run').after).toContain('(under 1%) sooner')
    expect(bottleneckSentence({ ...found, gain: -200_000, share: -0.02 }, 'plan').after).toContain('200 ms (2%) later')
  })
})

describe('sourceText', () => {
  const of = (...sources: readonly ExpectedDuration['source'][]) =>
    sourceText(new Map(sources.map((source, index) => [String(index), { value: 1, source }])))
  it('says nothing about what was measured', () => expect(of('history', 'history')).toBe(''))
  it('counts what was not', () => {
    expect(of('estimate', 'default')).toBe('No run to go by yet. Of 2 tasks, 1 estimated and 1 assumed to take 1 s.')
    expect(of('history', 'default')).toBe('Of 2 tasks, 1 assumed to take 1 s: they have not succeeded in a run yet.')
  })
})
