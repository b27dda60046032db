import type { RunHeader } from '../../shared/journal/event.ts'

/** Of a run of that many tasks, `t0` and so on. `estimateOf`: microseconds that a task was thought to take. */
export function headerOf(tasks: number, estimateOf: (task: number) => number): RunHeader {
  return {
    type: 'run',
    format: 1,
    run: '20260101T000000Z-aaaaaa',
    pipeline: 'bench',
    name: 'bench',
    file: 'bench.dag.yaml',
    specHash: '',
    params: {},
    logicalDate: '2026-01-01T00:00:00Z',
    dataInterval: { start: '2025-12-31T00:00:00Z', end: '2026-01-01T00:00:00Z' },
    wall: '2026-01-01T00:00:00Z',
    machine: { platform: process.platform, cpus: 2, node: process.version, label: 'benchmark' },
    dagwright: '0',
    slots: 8,
    pools: {},
    basis: Object.fromEntries(Array.from({ length: tasks }, (_, task) => [`t${task}`, estimateOf(task)])),
    selection: null,
    parent: null,
    trigger: 'test',
  }
}
