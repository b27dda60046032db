import type { Json } from '../model/pipeline.ts'
import type { Scope } from './scope.ts'

export function scopeOf(params: Record<string, Json> = {}, more: Partial<Scope> = {}): Scope {
  return {
    params,
    env: new Map(),
    secrets: new Map(),
    run: {
      id: 'r1',
      logicalDate: '2026-01-02T00:00:00.000Z',
      dataInterval: { start: '2026-01-01T00:00:00.000Z', end: '2026-01-02T00:00:00.000Z' },
    },
    tasks: new Map(),
    ...more,
  }
}
