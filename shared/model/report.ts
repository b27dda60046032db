import type { Problem, Severity, TextRange } from './problem.ts'
import { keyRangeOf, nearestRangeOf, type Path, type Source } from './source.ts'

export interface ReportEntry {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  readonly path: Path
  /** Mark the key, not its value. */
  readonly atKey?: boolean
  readonly task?: string
  /** Where it stands, if that is narrower than the path. */
  readonly range?: TextRange
  /** See `Problem`. */
  readonly within?: NonNullable<Problem['within']>
}

/** Collects what the checks find, each with its place in the text. */
export interface Report {
  readonly problems: Problem[]
  add(entry: ReportEntry): void
}

export function createReport(source: Source, problems: readonly Problem[]): Report {
  const found = [...problems]
  return {
    problems: found,
    add({ atKey, task, range, ...entry }) {
      const place = range ?? (atKey ? keyRangeOf(source, entry.path) : undefined) ?? nearestRangeOf(source, entry.path)
      const owner = task ?? (entry.path[0] === 'tasks' && typeof entry.path[1] === 'string' ? entry.path[1] : undefined)
      found.push({ ...entry, range: place, ...(owner === undefined ? {} : { task: owner }) })
    },
  }
}
