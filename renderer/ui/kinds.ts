import { Database, Globe, type LucideIcon, Milestone, ShieldCheck, SquareTerminal } from 'lucide-react'
import type { TaskKind } from '#shared/model/pipeline.ts'

export interface KindStyle {
  readonly label: string
  /** What such a task does, in a few words. */
  readonly description: string
  /** An icon, or where the language's own short name says more, that. */
  readonly icon: LucideIcon | null
  readonly letters: string | null
}

export const KIND_STYLES: Readonly<Record<TaskKind, KindStyle>> = {
  shell: { label: 'Shell', description: 'Run a shell script', icon: SquareTerminal, letters: null },
  python: { label: 'Python', description: 'Run Python code', icon: null, letters: 'Py' },
  javascript: { label: 'JavaScript', description: 'Run JavaScript code', icon: null, letters: 'JS' },
  sql: { label: 'SQL', description: 'Query a DuckDB database', icon: Database, letters: null },
  http: { label: 'HTTP', description: 'Call a web address', icon: Globe, letters: null },
  check: { label: 'Check', description: 'Fail on violations found', icon: ShieldCheck, letters: null },
  noop: { label: 'No-op', description: 'Join or branch the flow', icon: Milestone, letters: null },
}
