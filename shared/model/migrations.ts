import type { Json } from './pipeline.ts'
import { FORMAT_VERSION } from './schema.ts'

/** Brings the values of a file from one version of the format to the next. Pure: the text stays as it is. */
export interface Migration {
  /** The version it reads; it gives version `from + 1`. */
  readonly from: number
  /** What changed, for the person who reads the file: "`pool` of a task is a map now". */
  readonly summary: string
  readonly migrate: (file: { readonly [key: string]: Json }) => { readonly [key: string]: Json }
}

/** One for each version before the present one. Version 1 is the first. */
export const MIGRATIONS: readonly Migration[] = []

export type MigrationResult =
  | { readonly type: 'current'; readonly file: { readonly [key: string]: Json }; readonly steps: readonly Migration[] }
  | { readonly type: 'newer' }
  | { readonly type: 'unknown' }

/**
 * The values in the present version, with the migrations that brought them there (none for a present file); `newer`
 * for a file of a later version; `unknown` where no migration leads from its version.
 */
export function migrate(
  file: { readonly [key: string]: Json },
  version: number,
  table: readonly Migration[] = MIGRATIONS,
  present: number = FORMAT_VERSION,
): MigrationResult {
  if (version > present) return { type: 'newer' }
  const steps: Migration[] = []
  let values = file
  for (let at = version; at < present; at++) {
    const step = table.find((migration) => migration.from === at)
    if (!step) return { type: 'unknown' }
    values = step.migrate(values)
    steps.push(step)
  }
  return { type: 'current', file: values, steps }
}
