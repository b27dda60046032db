import { LossReport } from '../loss-report.ts'
import { HELPERS, type HelperName } from './helpers.ts'
import { identifier } from './python.ts'

/** Names that the file itself defines or imports; ids of tasks give way to them. */
const OWN_NAMES = [
  ...HELPERS.map((helper) => helper.name),
  ...'AirflowSkipException Asset BashOperator CronTriggerTimetable DAG EmptyOperator Param'.split(' '),
  ...'SQLExecuteQueryOperator TaskGroup Variable WORKDIR get_current_context task dag'.split(' '),
  ...'base64 contextlib functools itertools json os pendulum re shlex tempfile time timedelta urllib'.split(' '),
  ...'item params ti run_id ts data_interval_start data_interval_end connection response duckdb'.split(' '),
]

/** One Python file in the making: what it imports, the helpers it defines, the names it has given away. */
export class PythonFile {
  readonly report = new LossReport()
  readonly filters = new Set<'quote' | 'text' | 'sql_literal' | 'sql_identifier' | 'python'>()
  usesWorkdir = false
  usesUntranslatedMacro = false
  private readonly taken = new Set(OWN_NAMES)
  private readonly modules = new Set<string>()
  private readonly names = new Map<string, Set<string>>()
  private readonly helpers = new Set<string>()

  identifier(id: string): string {
    return identifier(id, this.taken)
  }

  import(module: string): void {
    this.modules.add(module)
  }

  importFrom(module: string, ...names: readonly string[]): void {
    const known = this.names.get(module) ?? new Set()
    for (const name of names) known.add(name)
    this.names.set(module, known)
  }

  /** Defines the helper (and what it builds on) and returns its name. */
  helper(name: HelperName): string {
    if (this.helpers.has(name)) return name
    this.helpers.add(name)
    const helper = HELPERS.find((candidate) => candidate.name === name)!
    for (const module of helper.imports) this.import(module)
    for (const [module, names] of Object.entries(helper.from)) this.importFrom(module, ...names)
    for (const needed of helper.needs) this.helper(needed)
    if (helper.source.includes('WORKDIR')) this.workdir()
    return name
  }

  /** The constant that holds the folder in which tasks run. */
  workdir(): string {
    this.usesWorkdir = true
    this.import('os')
    return 'WORKDIR'
  }

  /** A filter of Jinja, registered with the DAG. */
  filter(name: 'quote' | 'text' | 'sql_literal' | 'sql_identifier' | 'python'): string {
    if (name !== 'python') this.helper(name)
    this.filters.add(name)
    return name
  }

  /** Import statements as isort orders them: standard library, then others, each sorted. */
  importLines(): string[] {
    const standard = [...this.modules]
      .filter((module) => module !== 'pendulum')
      .sort()
      .map((module) => `import ${module}`)
    const from = [...this.names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => fromLine(module, [...names].sort(asSortedByIsort)))
    const isStandard = (line: string) => /^from datetime /.test(line)
    const others = [
      ...(this.modules.has('pendulum') ? ['import pendulum'] : []),
      ...from.filter((line) => !isStandard(line)),
    ]
    const first = [...standard, ...from.filter(isStandard)]
    return [...first, ...(first.length > 0 && others.length > 0 ? [''] : []), ...others]
  }

  helperSources(): string[] {
    return HELPERS.filter((helper) => this.helpers.has(helper.name)).map((helper) => helper.source)
  }
}

/** CONSTANTS, then Classes, then functions. */
function asSortedByIsort(a: string, b: string): number {
  const rank = (name: string) => (/^[A-Z0-9_]+$/.test(name) ? 0 : /^[A-Z]/.test(name) ? 1 : 2)
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}

function fromLine(module: string, names: readonly string[]): string {
  return `from ${module} import ${names.join(', ')}`
}
