import { describe, expect, it } from 'vitest'
import type { RunSummary } from '#shared/contract/data.ts'
import { runFacts, whenText } from './run-text.ts'

const now = new Date(2026, 10, 21, 12).getTime()

describe('whenText', () => {
  it.each([
    [new Date(2026, 10, 21, 0, 1), /^\d\d:01:00( AM)?$/],
    [new Date(2026, 10, 20, 23, 59), /^Yesterday /],
    [new Date(2026, 9, 20, 9), /2026/],
  ])('%s', (then, expected) => expect(whenText(then.toISOString(), now)).toMatch(expected))
})

describe('runFacts', () => {
  const plain: RunSummary = {
    run: 'r',
    pipeline: 'p',
    name: 'P',
    file: 'p.dag.yaml',
    state: 'success',
    startedAt: '',
    endedAt: '',
    makespan: 1,
    counts: { success: 3 },
    trigger: 'app',
    parent: null,
    partial: false,
    machine: 'Linux, 2 CPUs',
    live: false,
    damaged: false,
  }
  it('says nothing about an ordinary run', () => expect(runFacts(plain, 'Linux, 2 CPUs')).toEqual([]))
  it('names where a recorded run comes from, and what failed', () => {
    const other = { ...plain, machine: 'macOS, 8 CPUs', counts: { failed: 1, upstream_failed: 2 }, partial: true }
    expect(runFacts(other, 'Linux, 2 CPUs')).toEqual(['3 of 3 tasks', 'part of the tasks', 'recorded on macOS, 8 CPUs'])
  })
})
