import { describe, expect, it } from 'vitest'
import { ganttLinks } from './gantt-links.ts'
import { runOf, starting, whole } from './run.testing.ts'
import { timelineRows } from './timeline-rows.ts'

describe('ganttLinks', () => {
  const view = runOf(['a', 'b', 'c', 'd'], ...whole('a', null, 0, 10, 'success'), [12, starting('b', null, 1, 11)])
  const rows = timelineRows(view, 20, null, new Set())
  const needs = new Map([
    ['b', ['a', 'gone']],
    ['c', ['b']],
    ['d', ['a']],
  ])

  it('go from the end of what is needed to the wait for a slot that follows', () => {
    expect(ganttLinks(rows, needs, 'b')).toEqual([{ from: { row: 0, time: 10 }, to: { row: 1, time: 11 } }])
    expect(ganttLinks(rows, needs, 'a')).toEqual([{ from: { row: 0, time: 10 }, to: { row: 1, time: 11 } }])
  })

  it('are none where nothing has begun', () => {
    expect(ganttLinks(rows, needs, 'c')).toEqual([])
    expect(ganttLinks(rows, needs, '__proto__')).toEqual([])
  })
})
