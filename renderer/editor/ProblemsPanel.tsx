import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, useRef } from 'react'
import { isPlanPath } from '#shared/analysis/planner-document.ts'
import type { Problem, Severity } from '#shared/model/problem.ts'
import { useActivePath, useProblems } from '../state/documents.ts'
import { selectTask } from '../state/selection.ts'
import { revealInYaml } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Message } from '../ui/Message.tsx'
import styles from './ProblemsPanel.module.css'
import { fixOf } from './problem-fix.ts'

const GROUPS: readonly { readonly severity: Severity; readonly one: string; readonly many: string }[] = [
  { severity: 'error', one: 'error', many: 'errors' },
  { severity: 'warning', one: 'warning', many: 'warnings' },
  { severity: 'info', one: 'note', many: 'notes' },
]
const ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const
const NAMES = { error: 'Error', warning: 'Warning', info: 'Note' } as const

/** What is wrong with the open document, the worst first; a click goes there. */
export function ProblemsPanel() {
  const problems = useProblems()
  const path = useActivePath()
  const list = useRef<HTMLDivElement>(null)
  if (problems.length === 0) {
    return (
      <EmptyState icon={CircleCheck} title={path === null ? 'No pipeline is open' : 'No problems'}>
        {path !== null && (isPlanPath(path) ? 'The file can be planned.' : 'The pipeline can run.')}
      </EmptyState>
    )
  }
  const keyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = (buttons as readonly (Element | null)[]).indexOf(document.activeElement)
    buttons[Math.min(Math.max(at + by, 0), buttons.length - 1)]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from button to button, beside Tab
    <div ref={list} className={styles.panel} onKeyDown={keyDown}>
      {GROUPS.map(({ severity, one, many }) => {
        const own = problems.filter((problem) => problem.severity === severity)
        if (own.length === 0) return null
        return (
          <section key={severity} aria-label={many}>
            <h2 className={styles.group}>
              {own.length} {own.length === 1 ? one : many}
            </h2>
            {own.map((problem) => (
              <ProblemRow key={keyOf(problem)} problem={problem} />
            ))}
          </section>
        )
      })}
    </div>
  )
}

function keyOf(problem: Problem): string {
  return `${problem.code} ${problem.range?.start.offset} ${problem.path?.join('/')} ${problem.message}`
}

function ProblemRow({ problem }: { readonly problem: Problem }) {
  const Icon = ICONS[problem.severity]
  const go = () => {
    if (problem.task !== undefined) selectTask(problem.task)
    if (problem.range) revealInYaml(problem.range.start.offset, problem.range.end.offset)
  }
  const fix = fixOf(problem)
  return (
    <div className={styles.row}>
      <button type="button" className={styles.problem} onClick={go}>
        <span className={classes(styles.icon, styles[problem.severity])}>
          <Icon size={14} aria-hidden />
          <span className="visually-hidden">{NAMES[problem.severity]}</span>
        </span>
        <span>
          <Message text={problem.message} />
          {problem.hint && (
            <span className={styles.hint}>
              <Message text={problem.hint} />
            </span>
          )}
        </span>
        <span className={styles.place}>
          {problem.task && <span>{problem.task}</span>}
          <span>{problem.code}</span>
          {problem.range && <span>line {problem.range.start.line}</span>}
        </span>
      </button>
      {fix && (
        <Button size="small" onClick={fix.apply}>
          {fix.label}
        </Button>
      )}
    </div>
  )
}
