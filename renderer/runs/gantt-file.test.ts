import { describe, expect, it } from 'vitest'
import { ganttSvg } from './gantt-svg.ts'
import { attemptRows } from './gantt-table.ts'
import { finished, runOf, starting } from './run.testing.ts'
import { timelineRows } from './timeline-rows.ts'

const view = runOf(
  ['<a & b>'],
  [1_000_000, starting('<a & b>', null, 1, 500_000)],
  [3_000_000, finished('<a & b>', null, 1, 'failed')],
  [3_000_000, { type: 'retrying', task: '<a & b>', index: null, attempt: 2, until: 4_000_000 }],
  [4_000_000, starting('<a & b>', null, 2, 4_000_000, true)],
  [6_000_000, finished('<a & b>', null, 2, 'success')],
)
const rows = timelineRows(view, 6_000_000, null, new Set())

describe('a timeline to take along', () => {
  it('is a table of attempts', () => {
    expect(attemptRows(rows)).toMatchObject([
      { attempt: 1, state: 'Failed', readyAt: 0.5, startedAt: 1, endedAt: 3, waited: 0.5, worked: 2 },
      { attempt: 2, state: 'Success', readyAt: 4, startedAt: 4, endedAt: 6, waited: 0, worked: 2 },
    ])
  })

  it('is a picture that any reader of XML takes, whatever the ids', () => {
    const svg = ganttSvg('x < y', rows, 6_000_000, (token) => token)
    expect(svg).toContain('&lt;a &amp; b&gt;')
    expect(svg).not.toMatch(/NaN|undefined|<a &/)
    expect(svg.match(/fill="--state-(failed|success)"/g)).toHaveLength(2)
  })

  it('holds no NaN for a run of no length', () => {
    expect(ganttSvg('none', timelineRows(runOf(['a']), 0, null, new Set()), 0, () => '#000')).not.toContain('NaN')
  })
})
