import { describe, expect, it } from 'vitest'
import { MIGRATIONS, type Migration, migrate } from './migrations.ts'
import { FORMAT_VERSION } from './schema.ts'

const table: readonly Migration[] = [
  { from: 1, summary: '`steps` is called `tasks`', migrate: ({ steps, ...file }) => ({ ...file, tasks: steps! }) },
  { from: 2, summary: '`id` is lower case', migrate: (file) => ({ ...file, id: String(file.id).toLowerCase() }) },
]

describe('migrations', () => {
  it('bring an old file to the present version, step by step, and leave the old values alone', () => {
    const old = { id: 'ABC', steps: 'x' }
    expect(migrate(old, 1, table, 3)).toEqual({ type: 'current', file: { id: 'abc', tasks: 'x' }, steps: table })
    expect(old).toEqual({ id: 'ABC', steps: 'x' })
  })
  it('take only the steps a file still needs', () => {
    expect(migrate({ id: 'ABC' }, 2, table, 3)).toMatchObject({ file: { id: 'abc' }, steps: [table[1]] })
    expect(migrate({ id: 'ABC' }, 3, table, 3)).toMatchObject({ file: { id: 'ABC' }, steps: [] })
  })
  it('refuse a newer version, and one that no step leads from', () => {
    expect(migrate({}, 4, table, 3)).toEqual({ type: 'newer' })
    expect(migrate({}, 0, table, 3)).toEqual({ type: 'unknown' })
  })
  it('exist for every version before the present one', () => {
    expect(MIGRATIONS.map((migration) => migration.from)).toEqual(
      Array.from({ length: FORMAT_VERSION - 1 }, (_, index) => index + 1),
    )
  })
})
