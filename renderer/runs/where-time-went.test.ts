import { describe, expect, it } from 'vitest'
import type { PathSegment, RealizedPath } from '#shared/analysis/realized-path.ts'
import { chainSteps, timeShares } from './where-time-went.ts'

const segment = (kind: PathSegment['kind'], from: number, to: number, task: string): PathSegment => ({
  kind,
  from,
  to,
  task,
  index: null,
  outcome: kind === 'work' ? 'success' : null,
})
const path: RealizedPath = {
  makespan: 100,
  segments: [
    segment('overhead', 0, 5, 'a'),
    segment('work', 5, 20, 'a'),
    segment('retry', 20, 30, 'a'),
    segment('work', 30, 50, 'a'),
    segment('interrupted', 50, 60, 'b'),
    segment('work', 60, 100, 'b'),
  ],
  links: [
    { task: 'a', index: null, attempt: 1, cause: { type: 'begin' }, waited: 2 },
    { task: 'a', index: null, attempt: 2, cause: { type: 'retry' }, waited: 1 },
    { task: 'b', index: null, attempt: 1, cause: null, waited: 0 },
  ],
}

describe('where the time went', () => {
  it('adds up to the makespan', () => {
    const shares = timeShares(path)
    expect(shares.map((share) => [share.kind, share.time])).toEqual([
      ['work', 75],
      ['retry', 10],
      ['overhead', 5],
      ['interrupted', 10],
    ])
    expect(shares.reduce((sum, share) => sum + share.share, 0)).toBeCloseTo(1)
  })

  it('joins the attempts of an instance into one step', () => {
    expect(chainSteps(path)).toEqual([
      { task: 'a', index: null, work: 35, attempts: 2, retry: 10, overhead: 5, waited: 3, share: 0.35 },
      { task: 'b', index: null, work: 40, attempts: 1, retry: 0, overhead: 0, waited: 0, share: 0.4 },
    ])
  })
})
