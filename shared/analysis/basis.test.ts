import { describe, expect, it } from 'vitest'
import { pipelineOf, taskOf } from '../formats/pipeline.testing.ts'
import { DEFAULT_DURATION, estimateMean, expectedDurations } from './basis.ts'
import { analysisInSeconds, pipelineAnalysis } from './summary.ts'

const estimate = { min: 1, likely: 2, max: 10 }

describe('basis of durations', () => {
  const { tasks } = pipelineOf([
    taskOf('noop', 'ran'),
    taskOf('shell', 'estimated', { estimate }),
    taskOf('shell', 'unknown'),
    taskOf('noop', 'joint'),
    taskOf('noop', '__proto__', { estimate }),
  ])
  const history = new Map([
    ['ran', [31, 10, 20, 0]],
    ['estimated', []],
  ])

  it('is the median of the last runs, else the estimate, else a marked default', () => {
    const expected = expectedDurations(tasks, history)
    expect(expected.get('ran')).toEqual({ value: 15, source: 'history' })
    expect(expected.get('estimated')).toEqual({ value: 3, source: 'estimate' })
    expect(expected.get('unknown')).toEqual({ value: DEFAULT_DURATION, source: 'default' })
    expect(expected.get('joint')).toEqual({ value: 0, source: 'default' })
    expect(expected.get('__proto__')).toEqual({ value: 3, source: 'estimate' })
  })

  it('looks only as far back as asked, newest first, and takes zero for what it is', () => {
    const value = (basis: Parameters<typeof expectedDurations>[2]) =>
      expectedDurations(tasks, history, basis).get('ran')
    expect(value({ type: 'last' })?.value).toBe(31)
    expect(value({ type: 'median', runs: 3 })?.value).toBe(20)
    expect(value({ type: 'p95', runs: 20 })?.value).toBe(29)
    expect(value({ type: 'estimate' })?.source).toBe('default')
    expect(expectedDurations(tasks, new Map([['unknown', [0]]])).get('unknown')).toEqual({
      value: 0,
      source: 'history',
    })
  })

  it('takes the PERT mean in whole microseconds', () => {
    expect(estimateMean({ min: 10, likely: 10, max: 10 })).toBe(10)
    expect(estimateMean({ min: 0, likely: 1, max: 4 })).toBe(1)
  })
})

describe('analysis of a pipeline', () => {
  it('is keyed by id in file order, and the same in seconds', () => {
    const { tasks } = pipelineOf([
      taskOf('shell', 'z'),
      taskOf('shell', '__proto__', { needs: [{ task: 'z', when: null }] }),
      taskOf('shell', 'constructor', { needs: [{ task: 'z', when: null }] }),
    ])
    const expected = expectedDurations(tasks, new Map([['constructor', [250_000]]]))
    const analysis = pipelineAnalysis(tasks, expected)
    expect(Object.keys(analysis.tasks)).toEqual(['z', '__proto__', 'constructor'])
    expect(analysis.criticalPath).toEqual(['z', '__proto__'])
    expect(analysis.tasks.constructor).toEqual({
      duration: 250_000,
      earliestStart: 1_000_000,
      latestStart: 1_750_000,
      totalFloat: 750_000,
      freeFloat: 750_000,
      drag: 0,
      critical: false,
    })
    expect(Object.values(analysis.tasks)[1]).toMatchObject({ drag: 750_000, critical: true })
    const seconds = analysisInSeconds(analysis)
    expect(seconds.makespan).toBe(2)
    expect(seconds.tasks.constructor).toMatchObject({ duration: 0.25, latestStart: 1.75, critical: false })
    expect(JSON.parse(JSON.stringify(seconds)).tasks.z.drag).toBe(1)
  })
})
