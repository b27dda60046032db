import {
  Braces,
  Database,
  ExternalLink,
  File,
  FileText,
  Globe,
  Image,
  type LucideIcon,
  RefreshCw,
  Table2,
} from 'lucide-react'
import { useState } from 'react'
import type { Artifact } from '#shared/contract/data.ts'
import type { TaskView } from '#shared/journal/run-view.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { api } from '../state/client.ts'
import { useDocuments, usePipeline } from '../state/documents.ts'
import { attempt } from '../state/notices.ts'
import { useRuns, useTaskRun } from '../state/runs.ts'
import { useSelectedTask } from '../state/selection.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Select } from '../ui/Select.tsx'
import { CallFailed } from './CallFailed.tsx'
import styles from './DataPanel.module.css'
import { DataTable } from './DataTable.tsx'
import { bytesText } from './log-buffer.ts'
import { ResultPreview, resultOf } from './ResultPreview.tsx'
import { PREVIEW_ROWS, rowsText } from './rows-text.ts'
import { useCall } from './use-call.ts'

const ICONS: Readonly<Record<Artifact['kind'], LucideIcon>> = {
  html: Globe,
  table: Table2,
  database: Database,
  image: Image,
  text: FileText,
  other: File,
}
/** More of an output than this is not for reading. */
const LONGEST_JSON = 200_000

type Shown =
  | { readonly type: 'result' }
  | { readonly type: 'output'; readonly task: string; readonly key: string }
  | { readonly type: 'file'; readonly path: string }

/** What the tasks made: rows and outputs of the selected task in the chosen run, and files as they are now. */
export function DataPanel() {
  // A run's frozen spec is no file: what its tasks wrote lies where the file's tasks write.
  const path = useDocuments(({ open, active }) => open.find((one) => one.path === active)?.asRun?.file ?? active)
  const selected = useSelectedTask()
  const pipeline = usePipeline()
  const live = useRuns((state) => state.live)
  const chosen = useRuns((state) => state.chosen)
  const [shown, setShown] = useState<Shown | null>(null)
  const files = useCall(path === null ? null : `${path}\n${chosen}\n${live}`, (signal) =>
    api().artifacts.list({ workspace: workspaceRoot(), path: path ?? '' }, { signal }),
  )
  if (path === null || pipeline === null) return <EmptyState icon={Database} title="No pipeline is open" />
  const own = (files.value ?? []).filter((file) => selected === null || file.task === selected)
  const task = pipeline.tasks.find(({ id }) => id === selected)
  const result = resultOf(task)
  const picked = shown?.type === 'file' ? own.find((file) => file.path === shown.path) : undefined
  const output = shown?.type === 'output' && shown.task === selected ? shown : null
  // What was chosen of another task gives way to this one's own result.
  const onResult = result !== null && output === null && picked === undefined
  return (
    <div className={styles.panel}>
      <nav className={styles.side} aria-label="Outputs and files">
        {result !== null && (
          <button
            type="button"
            className={styles.output}
            aria-pressed={onResult}
            onClick={() => setShown({ type: 'result' })}
          >
            <result.icon size={14} className={styles.icon} aria-hidden />
            <span className={styles.name}>{result.title}</span>
          </button>
        )}
        {selected !== null && <Outputs task={selected} shown={shown} onShow={setShown} />}
        <h2 className={styles.heading}>{selected === null ? 'Files that tasks write' : `Files of ${selected}`}</h2>
        {files.status === 'failed' && <CallFailed error={files.error} retry={files.retry} />}
        {files.status === 'loading' && files.value === null && <Spinner label="Looking for files" />}
        {files.value !== null && own.length === 0 && (
          <p className={styles.none}>
            {selected === null
              ? 'No task has written a file yet. Files named in `writes` appear here.'
              : 'None. Name what it writes under “Writes” in the inspector, and run it.'}
          </p>
        )}
        {own.map((file) => (
          <FileRow key={file.path} file={file} chosen={picked === file} onShow={setShown} />
        ))}
      </nav>
      <div className={styles.main}>
        {onResult && task !== undefined ? (
          <ResultPreview key={task.id} task={task} />
        ) : picked !== undefined ? (
          <FilePreview key={picked.path + picked.modifiedAt} file={picked} refresh={files.retry} />
        ) : output !== null ? (
          <OutputPreview task={output.task} name={output.key} />
        ) : (
          <EmptyState icon={Table2} title="Choose an output or a file">
            Its content is shown here.
          </EmptyState>
        )}
      </div>
    </div>
  )
}

/** A mapped task's outputs are lists by index, null where an instance has none. */
function outputsOf(task: TaskView | null): Readonly<Record<string, Json>> {
  if (task === null) return {}
  if (!task.mapped) return task.instances[0]?.outputs ?? {}
  const keys = new Set(task.instances.flatMap((instance) => Object.keys(instance.outputs ?? {})))
  return Object.fromEntries(
    [...keys].map((key) => [key, task.instances.map((instance) => instance.outputs?.[key] ?? null)]),
  )
}

interface OutputsProps {
  readonly task: string
  readonly shown: Shown | null
  readonly onShow: (shown: Shown) => void
}

function Outputs({ task, shown, onShow }: OutputsProps) {
  const view = useTaskRun(task)
  const chosen = useRuns((state) => state.chosen)
  const entries = Object.entries(outputsOf(view))
  return (
    <>
      <h2 className={styles.heading}>Outputs of {task}</h2>
      {entries.length === 0 && (
        <p className={styles.none}>{chosen === null ? 'Choose a run to see its outputs.' : 'None in this run.'}</p>
      )}
      {entries.map(([key, value]) => (
        <button
          key={key}
          type="button"
          className={styles.output}
          aria-pressed={shown?.type === 'output' && shown.task === task && shown.key === key}
          onClick={() => onShow({ type: 'output', task, key })}
        >
          <Braces size={14} className={styles.icon} aria-hidden />
          <span className={styles.name}>{key}</span>
          <span className={styles.size}>{shortValue(value)}</span>
        </button>
      ))}
    </>
  )
}

function shortValue(value: Json): string {
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'value' : 'values'}`
  const text =
    typeof value === 'number' ? value.toLocaleString('en') : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 18 ? `${text.slice(0, 17)}…` : text
}

function OutputPreview({ task, name }: { readonly task: string; readonly name: string }) {
  const outputs = outputsOf(useTaskRun(task))
  const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined
  if (value === undefined) return <EmptyState icon={Braces} title={`${task} has no output ${name} in this run`} />
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
  return (
    <>
      <div className={styles.bar}>
        <span className={styles.title}>
          {task}.{name}
        </span>
        <span className={styles.quiet}>
          {text.length > LONGEST_JSON && `the first ${LONGEST_JSON.toLocaleString('en')} characters of `}
          {bytesText(new Blob([text]).size)}
        </span>
      </div>
      <pre className={styles.json}>{text.slice(0, LONGEST_JSON)}</pre>
    </>
  )
}

interface FileRowProps {
  readonly file: Artifact
  readonly chosen: boolean
  readonly onShow: (shown: Shown) => void
}

function FileRow({ file, chosen, onShow }: FileRowProps) {
  const Icon = ICONS[file.kind]
  return (
    <button
      type="button"
      className={styles.file}
      aria-pressed={chosen}
      title={`${file.path}, written by ${file.task}, ${new Date(file.modifiedAt).toLocaleString()}`}
      onClick={() => onShow({ type: 'file', path: file.path })}
      onDoubleClick={() => void openFile(file.path)}
    >
      <Icon size={14} className={styles.icon} aria-hidden />
      <span className={styles.name}>{file.path}</span>
      <span className={styles.size}>{bytesText(file.size)}</span>
    </button>
  )
}

/** Desktop: the system's program. Web: a page of its own. */
async function openFile(path: string): Promise<void> {
  const opened = await attempt(`Open ${path}`, () => api().artifacts.open({ workspace: workspaceRoot(), path }))
  if (opened?.url) window.open(opened.url, '_blank', 'noopener')
}

function FilePreview({ file, refresh }: { readonly file: Artifact; readonly refresh: () => void }) {
  const [table, setTable] = useState<string | null>(null)
  const readable = file.kind === 'table' || file.kind === 'database'
  const version = `${file.path}\n${file.modifiedAt}`
  const look = (name: string | null) => (signal: AbortSignal) =>
    api().artifacts.preview(
      { workspace: workspaceRoot(), path: file.path, table: name, limit: PREVIEW_ROWS },
      { signal },
    )
  // Apart from the rows: another table can be chosen where one of them cannot be shown.
  const listing = useCall(file.kind === 'database' ? version : null, look(null))
  const tables = listing.value?.tables ?? []
  const shown = table ?? tables[0] ?? null
  const rows = useCall(file.kind === 'table' || shown !== null ? `${version}\n${shown}` : null, look(shown))
  const preview = file.kind === 'database' && shown === null ? listing : rows
  const open = (
    <Button size="small" icon={ExternalLink} onClick={() => void openFile(file.path)}>
      Open
    </Button>
  )
  return (
    <>
      <div className={styles.bar}>
        <span className={styles.title} title={file.path}>
          {file.path}
        </span>
        {preview.value !== null && (
          <span className={styles.quiet}>{rowsText(preview.value.rows.length, preview.value.total)}</span>
        )}
        {tables.length > 0 && (
          <Select
            size="small"
            label="Table"
            value={shown ?? ''}
            options={tables.map((name) => ({ value: name, label: name }))}
            onChange={setTable}
          />
        )}
        <span className={styles.spacer} />
        <IconButton size="small" icon={RefreshCw} label="Read the files again" onClick={refresh} />
        {open}
      </div>
      {!readable && (
        <EmptyState icon={ICONS[file.kind]} title="This kind of file has no preview" actions={open}>
          It opens in {file.kind === 'html' ? 'a page of its own' : 'another program'}.
        </EmptyState>
      )}
      {readable && preview.status === 'loading' && <Spinner label="Reading the first rows" />}
      {preview.status === 'failed' && <CallFailed error={preview.error} retry={preview.retry} />}
      {preview.status === 'ready' && (
        <DataTable preview={preview.value} label={`First rows of ${shown ?? file.path}`} />
      )}
    </>
  )
}
