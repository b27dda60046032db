import { describe, expect, it } from 'vitest'
import type { Cause } from '../journal/event.ts'
import { chainLinks } from './chain-links.ts'
import type { PathLink, RealizedPath } from './realized-path.ts'

const link = (task: string, index: number | null, cause: Cause | null, waited = 0): PathLink => ({
  task,
  index,
  attempt: cause === null ? 0 : 1,
  cause,
  waited,
})
const pathOf = (...links: PathLink[]): RealizedPath => ({ makespan: 0, segments: [], links })

describe('chainLinks', () => {
  it('names what led from each task to the next', () => {
    const links = chainLinks(
      pathOf(
        link('a', null, { type: 'begin' }),
        link('b', null, { type: 'dependency', task: 'a', index: null }, 7),
        link('b', null, { type: 'retry' }),
        link('c', null, { type: 'pool', pool: 'db', task: 'b', index: null }, 30),
        link('d', null, null),
      ),
    )
    expect(links).toEqual([
      { from: 'a', to: 'b', cause: 'dependency', pool: null, waited: 0, times: 1 },
      { from: 'b', to: 'c', cause: 'pool', pool: 'db', waited: 30, times: 1 },
      { from: 'c', to: 'd', cause: 'verdict', pool: null, waited: 0, times: 1 },
    ])
  })

  it('goes each way once, and never from a task to itself', () => {
    const freed = (task: string, index: number): Cause => ({ type: 'slot', task, index })
    const links = chainLinks(
      pathOf(
        link('m', 0, { type: 'begin' }),
        link('m', 1, { type: 'maxParallel', task: 'm', index: 0 }, 4),
        link('n', 0, freed('m', 1), 5),
        link('m', 2, freed('n', 0), 6),
        link('n', 1, freed('m', 2), 8),
      ),
    )
    expect(links.map(({ from, to, waited, times }) => [from, to, waited, times])).toEqual([
      ['m', 'n', 13, 2],
      ['n', 'm', 6, 1],
    ])
  })

  it('of one task says nothing', () => {
    expect(chainLinks(pathOf(link('a', null, { type: 'begin' })))).toEqual([])
  })
})
