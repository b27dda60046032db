import { CircleCheck, CircleX, FileCode2 } from 'lucide-react'
import { durationText } from '#shared/analysis/duration-text.ts'
import { rushVerdict } from '#shared/analysis/planner-text.ts'
import type { Problem } from '#shared/model/problem.ts'
import { useRemembered } from '../../runs/use-remembered.ts'
import { type OpenDocument, useActiveDocument } from '../../state/documents.ts'
import { revealInYaml, showBottom } from '../../state/view.ts'
import { Button } from '../../ui/Button.tsx'
import { Message } from '../../ui/Message.tsx'
import { Spinner } from '../../ui/Progress.tsx'
import { Segments } from '../../ui/Segments.tsx'
import styles from './Planner.module.css'
import { PlannerChart } from './PlannerChart.tsx'
import { PlannerCosts } from './PlannerCosts.tsx'
import { PlannerForm } from './PlannerForm.tsx'
import { PlannerGantt } from './PlannerGantt.tsx'
import { PlannerPipelines } from './PlannerPipelines.tsx'
import { WAY_NAMES, waysOf } from './planner-ways.ts'
import { type PlannedRush, type RushState, useRushAnswer } from './use-rush-answer.ts'

/** A file of the planner in the canvas's place: whether all pipelines end in time, on how many workers, and why. */
export function PlannerView() {
  const shown = useActiveDocument()
  return shown === null ? null : <Planner key={shown.path} shown={shown} />
}

function Planner({ shown }: { readonly shown: OpenDocument }) {
  const { document, path, readOnly } = shown
  const state = useRushAnswer(document, path)
  const problems = [...document.problems.filter(({ severity }) => severity === 'error'), ...state.problems]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
    <article className={styles.view} aria-label={`Planner: ${path}`} aria-busy={state.planning} tabIndex={0}>
      <Head state={state} path={path} />
      {document.editable && <PlannerForm document={document} readOnly={readOnly} />}
      {problems.length > 0 && <Problems problems={problems} />}
      {problems.length === 0 && state.planned !== null && <Answer planned={state.planned} />}
    </article>
  )
}

function Head({ state: { planned, planning, read }, path }: { readonly state: RushState; readonly path: string }) {
  const name = (read.rush ?? planned?.rush)?.name ?? path
  return (
    <header className={styles.head}>
      <div className={styles.headText}>
        <h2 className={styles.name}>{name}</h2>
        {read.description !== null && <p className={styles.quiet}>{read.description}</p>}
        <p className={styles.verdict} role="status">
          {planned !== null && <Verdict planned={planned} />}
          {planning && (
            <span className={styles.planning}>
              <Spinner label="Planning" /> Planning…
            </span>
          )}
        </p>
      </div>
      <Button icon={FileCode2} onClick={() => showBottom('yaml')}>
        Edit as YAML
      </Button>
    </header>
  )
}

function Verdict({ planned: { rush, answer } }: { readonly planned: PlannedRush }) {
  const Icon = answer.inTime ? CircleCheck : CircleX
  return (
    <span className={styles.inTime} data-good={answer.inTime}>
      <Icon size={16} aria-hidden />
      <strong>{rushVerdict(rush, answer)}</strong>
      <span className={styles.quiet}>{durationText(answer.work)} of work in all.</span>
    </span>
  )
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <section className={styles.problems} aria-label="Problems">
      <h3>This file cannot be planned yet</h3>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.range?.start.offset} ${problem.message}`} className={styles.problem}>
            <CircleX size={14} aria-hidden />
            <div>
              <Message text={problem.message} />{' '}
              <span className={styles.quiet}>
                {problem.hint && <Message text={problem.hint} />} <code>{problem.code}</code>
              </span>
            </div>
            {problem.range && <GoTo range={problem.range} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function GoTo({ range }: { readonly range: NonNullable<Problem['range']> }) {
  return (
    <Button size="small" onClick={() => revealInYaml(range.start.offset, range.end.offset)}>
      Line {range.start.line}
    </Button>
  )
}

function Answer({ planned }: { readonly planned: PlannedRush }) {
  const ways = waysOf(planned.answer)
  const [wanted, setWanted] = useRemembered<string>('planner.way', 'planned')
  const shown = ways.find(({ way }) => way === wanted) ?? ways[0]
  if (shown === undefined) {
    return <p className={styles.sentence}>Raise “Workers at most”, or move deadlines, to see workers over time.</p>
  }
  return (
    <>
      <div className={styles.overview}>
        <PlannerChart planned={planned} ways={ways} shown={shown} />
        <PlannerCosts planned={planned} ways={ways} />
      </div>
      <div className={styles.choice}>
        <span className={styles.quiet}>Busy workers and pipelines:</span>
        <Segments
          label="Shown in detail"
          value={shown.way}
          options={ways.map(({ way }) => ({ value: way, label: WAY_NAMES[way] }))}
          onChange={setWanted}
        />
      </div>
      <PlannerGantt planned={planned} shown={shown} />
      <PlannerPipelines planned={planned} shown={shown} />
    </>
  )
}
