import { ChevronDown, ChevronUp, Clock, Copy, Download, ScrollText, Search, WrapText, X } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { instanceLabel } from '#shared/journal/event.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { commandOf } from '../app/commands.ts'
import { notify } from '../state/notices.ts'
import { useRuns, useRunView } from '../state/runs.ts'
import { selectTask, useSelectedTask } from '../state/selection.ts'
import { showLog, useView } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Message } from '../ui/Message.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Select } from '../ui/Select.tsx'
import { StateIcon } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import { TextField } from '../ui/TextField.tsx'
import { saveText } from './download.ts'
import { InstancePicker } from './InstancePicker.tsx'
import styles from './LogsPanel.module.css'
import { LogView } from './LogView.tsx'
import { bytesText, type LogLine, linesOfStream, MOST_MATCHES, searchLines } from './log-buffer.ts'
import { hasLog, type ResolvedTarget, resolveLogTarget } from './log-target.ts'
import { type LogState, useLog } from './use-log.ts'
import { useRemembered } from './use-remembered.ts'

/** The log of one attempt of the chosen run. */
export function LogsPanel() {
  const view = useRunView()
  const chosen = useRuns((state) => state.chosen)
  const asked = useView((state) => state.logTarget)
  const selected = useSelectedTask()
  const target = view === null ? null : resolveLogTarget(view, askedStill(asked, selected), selected)
  if (view === null || chosen === null) return chosen === null ? <NoRun /> : <Spinner label="Reading the run" />
  if (target === null) return <NoLog view={view} selected={selected} />
  return <TargetLog run={chosen} view={view} target={target} />
}

/** What was asked for counts until another task is selected. */
function askedStill<T extends { readonly task: string }>(asked: T | null, selected: string | null): T | null {
  return asked !== null && selected !== null && asked.task !== selected ? null : asked
}

function NoRun() {
  const start = commandOf('run.start')
  return (
    <EmptyState
      icon={ScrollText}
      title="No run is shown"
      actions={
        <Button variant="primary" onClick={start.run}>
          {start.title}
        </Button>
      }
    >
      Run the pipeline, or choose an earlier run in the Runs list: its logs appear here.
    </EmptyState>
  )
}

function NoLog({ view, selected }: { readonly view: RunView; readonly selected: string | null }) {
  const task = selected === null ? undefined : view.tasks.get(selected)
  if (task === undefined) {
    return (
      <EmptyState
        icon={ScrollText}
        title={selected === null ? 'Nothing has started yet' : `${selected} is not part of this run`}
      >
        {selected === null
          ? 'Logs appear with the first task that starts.'
          : 'It was added later, or was not selected for this run.'}
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={ScrollText} title={`${task.id} wrote no log`}>
      {STATE_STYLES[task.state].label}
      {task.instances[0]?.reason && <Message text={`: ${task.instances[0].reason.message}`} />}
    </EmptyState>
  )
}

interface TargetProps {
  readonly run: string
  readonly view: RunView
  readonly target: ResolvedTarget
}

function TargetLog({ run, view, target }: TargetProps) {
  const { task, instance, attempt } = target
  const log = useLog({ run, task: task.id, index: instance.index, attempt })
  const [stream, setStream] = useRemembered<'all' | 'out' | 'err'>('logs.stream', 'all')
  const [wrap, setWrap] = useRemembered<boolean>('logs.wrap', false)
  const [times, setTimes] = useRemembered<boolean>('logs.times', false)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const wanted = useDeferredValue(query)
  const { version } = log.buffer
  // biome-ignore lint/correctness/useExhaustiveDependencies: the buffer grows in place; its version says when
  const lines = useMemo(() => linesOfStream(log.buffer.lines, stream).slice(), [log.buffer, version, stream])
  const matches = useMemo(() => searchLines(lines, wanted), [lines, wanted])
  const position = matches.length === 0 ? -1 : Math.min(at, matches.length - 1)
  const step = (by: number) => matches.length > 0 && setAt((position + by + matches.length) % matches.length)
  const label = `Log of ${instanceLabel(task.id, instance.index)}, attempt ${attempt}`
  const epoch = Date.parse(view.header.wall)
  return (
    <div className={styles.panel}>
      <div className={styles.bar}>
        <Pickers view={view} target={target} />
        <span className={styles.spacer} />
        <SearchField
          query={query}
          onQuery={(text) => {
            setQuery(text)
            setAt(0)
          }}
          onStep={step}
          position={position}
          count={matches.length}
        />
        <Select
          size="small"
          label="Which output"
          value={stream}
          onChange={setStream}
          options={[
            { value: 'all', label: 'All output' },
            { value: 'out', label: 'Standard output' },
            { value: 'err', label: 'Standard error' },
          ]}
        />
        <span className={styles.group}>
          <IconButton size="small" icon={Clock} label="Show times" pressed={times} onClick={() => setTimes(!times)} />
          <IconButton size="small" icon={WrapText} label="Wrap lines" pressed={wrap} onClick={() => setWrap(!wrap)} />
          <LogActions lines={lines} name={`${instanceLabel(task.id, instance.index)}.${attempt}.log`} />
        </span>
      </div>
      {log.buffer.omitted > 0 && (
        <div className={styles.omitted}>
          {bytesText(log.buffer.omitted)} in the middle were left out: the log had reached its size limit.
        </div>
      )}
      <LogBody
        log={log}
        lines={lines}
        logged={instance.attempts.find((one) => one.attempt === attempt)?.logged === true}
        wrap={wrap}
        epoch={times ? epoch : null}
        label={label}
      >
        {{ matches, current: matches[position] ?? null, searching: wanted !== '' }}
      </LogBody>
    </div>
  )
}

interface LogBodyProps {
  readonly log: LogState
  readonly lines: readonly LogLine[]
  /** The journal says that something was written. */
  readonly logged: boolean
  readonly wrap: boolean
  readonly epoch: number | null
  readonly label: string
  readonly children: {
    readonly matches: ReturnType<typeof searchLines>
    readonly current: ReturnType<typeof searchLines>[number] | null
    readonly searching: boolean
  }
}

function LogBody({ log, lines, logged, wrap, epoch, label, children: found }: LogBodyProps) {
  if (log.status === 'failed') {
    return (
      <EmptyState
        icon={ScrollText}
        title={log.error?.message ?? 'The log could not be read'}
        actions={<Button onClick={log.retry}>Try again</Button>}
      >
        {log.error?.next} <code>{log.error?.code}</code>
      </EmptyState>
    )
  }
  if (lines.length === 0) {
    const waiting = log.status !== 'ended'
    if (!waiting && logged && log.buffer.lines.length === 0) {
      return (
        <EmptyState icon={ScrollText} title="The log was deleted">
          This attempt wrote one, but its file is not there any more.
        </EmptyState>
      )
    }
    return (
      <EmptyState icon={ScrollText} title={waiting ? 'No output yet' : 'No output'}>
        {waiting ? 'Lines appear here as the task writes them.' : 'This attempt wrote nothing to this output.'}
      </EmptyState>
    )
  }
  return (
    <LogView
      lines={lines}
      version={log.buffer.version}
      wrap={wrap}
      epoch={epoch}
      label={label}
      live={log.status === 'following'}
      matches={found.matches}
      current={found.searching ? found.current : null}
    />
  )
}

/** Task, instance and attempt: only what there is a choice of. */
function Pickers({ view, target }: Omit<TargetProps, 'run'>) {
  const { task, instance, attempts, attempt } = target
  const tasks = view.order.filter((id) => view.tasks.get(id)?.instances.some(hasLog))
  const instances = task.mapped ? task.instances.filter(hasLog) : []
  const state = instance.attempts.find((other) => other.attempt === attempt)?.state ?? instance.state
  return (
    <>
      <Select
        size="small"
        className={styles.picker ?? ''}
        label="Task"
        value={task.id}
        options={tasks.map((id) => ({ value: id, label: id }))}
        onChange={(id) => {
          selectTask(id)
          showLog({ task: id, index: null, attempt: null })
        }}
      />
      {instances.length > 0 && <InstancePicker task={task} instances={instances} chosen={instance.index ?? 0} />}
      {attempts.length > 1 && (
        <Select
          size="small"
          label="Attempt"
          value={String(attempt)}
          options={attempts.map((number) => ({ value: String(number), label: `Attempt ${number}` }))}
          onChange={(number) => showLog({ task: task.id, index: instance.index, attempt: Number(number) })}
        />
      )}
      <span className={styles.state}>
        <StateIcon state={state} />
        <span className={styles.stateText}>{STATE_STYLES[state].label}</span>
      </span>
    </>
  )
}

interface SearchFieldProps {
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly onStep: (by: number) => void
  readonly position: number
  readonly count: number
}

function SearchField({ query, onQuery, onStep, position, count }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape' && query !== '') onQuery('')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const total = count === MOST_MATCHES ? `${MOST_MATCHES.toLocaleString('en')}+` : count.toLocaleString('en')
  return (
    <search className={styles.group}>
      <TextField
        ref={field}
        className={styles.search ?? ''}
        value={query}
        onChange={onQuery}
        onKeyDown={keyDown}
        label="Search in the log"
        placeholder="Search"
      />
      {query === '' ? (
        <IconButton size="small" icon={Search} label="Search in the log" onClick={() => field.current?.focus()} />
      ) : (
        <>
          <IconButton
            size="small"
            icon={ChevronUp}
            label="Previous match"
            shortcut="Shift+Enter"
            disabled={count === 0}
            onClick={() => onStep(-1)}
          />
          <IconButton
            size="small"
            icon={ChevronDown}
            label="Next match"
            shortcut="Enter"
            disabled={count === 0}
            onClick={() => onStep(1)}
          />
          <IconButton size="small" icon={X} label="End the search" onClick={() => onQuery('')} />
          <output className={styles.count}>{count === 0 ? 'No match' : `${position + 1} of ${total}`}</output>
        </>
      )}
    </search>
  )
}

function LogActions({ lines, name }: { readonly lines: readonly LogLine[]; readonly name: string }) {
  const text = () => lines.map((line) => `${line.stream === 'note' ? line.text : line.plain}\n`).join('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      notify({ tone: 'success', title: `Copied ${lines.length.toLocaleString('en')} lines` })
    } catch {
      notify({
        tone: 'error',
        title: 'The log could not be copied.',
        next: 'Save it as a file instead.',
        code: 'CLIPBOARD',
      })
    }
  }
  return (
    <>
      <IconButton size="small" icon={Copy} label="Copy the log" onClick={() => void copy()} />
      <IconButton
        size="small"
        icon={Download}
        label="Save the log as a file"
        onClick={() => void saveText(name, text())}
      />
    </>
  )
}
