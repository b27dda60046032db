import { BookOpen, Play, Square } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { JOURNAL_TABLES } from '#shared/analysis/journal-tables.ts'
import type { QueryResult } from '#shared/contract/data.ts'
import { CodeEditor, type EditorMark } from '../editor/CodeEditor.tsx'
import { DataTable } from '../runs/DataTable.tsx'
import { type CallError, callErrorOf } from '../runs/use-call.ts'
import { useRemembered } from '../runs/use-remembered.ts'
import { api } from '../state/client.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu } from '../ui/Menu.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { ChartMenu } from './chart/ChartMenu.tsx'
import { csvText } from './chart/csv-text.ts'
import styles from './QueryPanel.module.css'
import { queryErrorPlace, queryErrorText } from './query-place.ts'

/** Rows that a screen is good for; the command line gives more. */
const MOST_ROWS = 1000

const EXAMPLES: readonly { readonly title: string; readonly sql: string }[] = [
  {
    title: 'Slowest tasks',
    sql: "select task, round(median(duration), 3) as median_s,\n  round(quantile_cont(duration, 0.95), 3) as p95_s, count(*) as successes\nfrom tasks\nwhere origin = 'executed'\ngroup by task\norder by median_s desc",
  },
  {
    title: 'What failed lately, and why',
    sql: "select started_at, run, task, attempt, reason\nfrom attempts\nwhere state in ('failed', 'timed_out')\norder by started_at desc",
  },
  {
    title: 'What tasks wait for',
    sql: 'select task, cause, round(sum(waited), 3) as waited_s, count(*) as attempts\nfrom attempts\nwhere waited > 0\ngroup by task, cause\norder by waited_s desc',
  },
  {
    title: 'Runs by day',
    sql: "select pipeline, date_trunc('day', started_at) as day, count(*) as runs,\n  count(*) filter (state = 'success') as succeeded, round(median(makespan), 3) as median_s\nfrom runs\ngroup by all\norder by day desc",
  },
  {
    title: 'Memory and processor time',
    sql: 'select task, round(max(peak_memory) / 1e6, 1) as peak_mb,\n  round(median(cpu), 3) as cpu_s, round(median(work), 3) as work_s\nfrom tasks\ngroup by task\norder by peak_mb desc nulls last',
  },
]

type Answer =
  | { readonly status: 'none' }
  | { readonly status: 'running' }
  | { readonly status: 'ready'; readonly result: QueryResult }
  | { readonly status: 'failed'; readonly sql: string; readonly error: CallError }

/** One reading statement over the journals of the workspace. */
export function QueryPanel() {
  const [sql, setSql] = useRemembered<string>('history.sql', EXAMPLES[0]!.sql)
  const [answer, setAnswer] = useState<Answer>({ status: 'none' })
  const [tables, setTables] = useState(false)
  const asked = useRef<AbortController | null>(null)
  useEffect(() => () => asked.current?.abort(), [])
  const past = useRef<string[]>([])
  const future = useRef<string[]>([])
  const typed = (text: string) => {
    past.current.push(sql)
    future.current = []
    setSql(text)
  }
  const step = (from: RefObject<string[]>, to: RefObject<string[]>) => {
    const text = from.current.pop()
    if (text === undefined) return
    to.current.push(sql)
    setSql(text)
  }
  const run = async (query: string) => {
    asked.current?.abort()
    const own = new AbortController()
    asked.current = own
    setAnswer({ status: 'running' })
    try {
      const question = { workspace: workspaceRoot(), sql: query, limit: MOST_ROWS }
      const result = await api().history.query(question, { signal: own.signal })
      if (!own.signal.aborted) setAnswer({ status: 'ready', result })
    } catch (error) {
      if (!own.signal.aborted) setAnswer({ status: 'failed', sql: query, error: callErrorOf(error) })
    }
  }
  const stop = () => {
    asked.current?.abort()
    setAnswer({ status: 'none' })
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    void run(sql)
  }
  const examples = EXAMPLES.map((example) => ({
    id: example.title,
    label: example.title,
    onSelect: () => {
      typed(example.sql)
      void run(example.sql)
    },
  }))
  return (
    <div className={styles.panel} onKeyDownCapture={keyDown} data-takes="Mod+Enter">
      <div className={styles.ask}>
        <div className={styles.bar}>
          {answer.status === 'running' ? (
            <Button size="small" icon={Square} onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button size="small" variant="primary" icon={Play} title="Ctrl+Enter" onClick={() => void run(sql)}>
              Run the query
            </Button>
          )}
          <Menu items={examples}>
            <Button size="small" variant="quiet">
              Examples
            </Button>
          </Menu>
          <IconButton
            size="small"
            icon={BookOpen}
            label={tables ? 'Hide the tables' : 'Show the tables and their columns'}
            pressed={tables}
            onClick={() => setTables(!tables)}
          />
        </div>
        <CodeEditor
          className={styles.editor}
          value={sql}
          language="sql"
          label="SQL over the history"
          lineNumbers
          wrap
          marks={marksOf(answer, sql)}
          onEdit={(_, text) => typed(text)}
          onUndo={() => step(past, future)}
          onRedo={() => step(future, past)}
        />
      </div>
      <div className={styles.answer}>{tables ? <Tables /> : <AnswerView answer={answer} />}</div>
    </div>
  )
}

function marksOf(answer: Answer, sql: string): readonly EditorMark[] {
  if (answer.status !== 'failed' || answer.sql !== sql) return []
  const { message, code } = answer.error
  const place = queryErrorPlace(sql, message)
  return place ? [{ ...place, severity: 'error', message: queryErrorText(message), code }] : []
}

function AnswerView({ answer }: { readonly answer: Answer }) {
  if (answer.status === 'running') return <Spinner label="Asking the journals" />
  if (answer.status === 'none') {
    return (
      <EmptyState title="Ask the past runs anything">
        Ctrl+Enter runs the query. Tables: {JOURNAL_TABLES.map(({ name }) => name).join(', ')}. It can only read.
      </EmptyState>
    )
  }
  if (answer.status === 'failed') {
    const { error, sql } = answer
    const place = queryErrorPlace(sql, error.message)
    const line = place === null ? '' : `Line ${sql.slice(0, place.start).split('\n').length}: `
    return (
      <div className={styles.failed} role="alert">
        <p className={styles.message}>
          {line}
          {queryErrorText(error.message)}
        </p>
        <p>
          {error.next} <code>{error.code}</code>
        </p>
      </div>
    )
  }
  const { result } = answer
  const rows = `${result.rows.length.toLocaleString('en')} ${result.rows.length === 1 ? 'row' : 'rows'}`
  return (
    <>
      <div className={styles.bar}>
        <span className={styles.rows}>{result.truncated ? `First ${rows}; there are more.` : rows}</span>
        <ChartMenu
          title="Query"
          csv={() =>
            csvText(
              result.columns.map(({ name }) => name),
              result.rows,
            )
          }
        />
      </div>
      <DataTable preview={{ ...result, total: null, tables: [] }} label="Answer" />
    </>
  )
}

function Tables() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
    <section className={styles.tables} tabIndex={0} aria-label="Tables">
      <p className={styles.rows}>Times are in UTC, durations in seconds, amounts of data in bytes.</p>
      {JOURNAL_TABLES.map(({ name, description, columns }) => (
        <div key={name}>
          <h2>
            <code>{name}</code> {description}
          </h2>
          <dl className={styles.columns}>
            {columns.map((column) => (
              <div key={column.name}>
                <dt>
                  <code>{column.name}</code> {column.type.toLowerCase()}
                </dt>
                <dd>{column.description}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  )
}
