import type { Report, ReportEntry } from './report.ts'

interface Memory<T> {
  readonly given: readonly unknown[]
  readonly entries: readonly ReportEntry[]
  readonly result: T
}

/** A check whose result and reports follow from a value that never changes and from what else is `given`. */
export type RememberedCheck<T> = (
  value: object,
  given: readonly unknown[],
  report: Report,
  check: (report: Report) => T,
) => T

/** Checks are not made again for the same value and the same `given` (compared one by one): their reports are repeated. */
export function rememberedCheck<T>(): RememberedCheck<T> {
  const memories = new WeakMap<object, Memory<T>>()
  return (value, given, report, check) => {
    const known = memories.get(value)
    const memory = known && same(known.given, given) ? known : remember(given, check)
    memories.set(value, memory)
    for (const entry of memory.entries) report.add(entry)
    return memory.result
  }
}

function remember<T>(given: readonly unknown[], check: (report: Report) => T): Memory<T> {
  const entries: ReportEntry[] = []
  const result = check({ problems: [], add: (entry) => entries.push(entry) })
  return { given, entries, result }
}

function same(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at])
}
