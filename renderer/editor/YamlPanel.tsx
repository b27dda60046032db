import { FileCode2 } from 'lucide-react'
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react'
import type { PipelineDocument } from '#shared/model/document.ts'
import { rangeAt } from '#shared/model/line-index.ts'
import { placeAt } from '#shared/model/source.ts'
import { activeDocument, type OpenDocument, redo, replaceText, undo, useActiveDocument } from '../state/documents.ts'
import { selectTask, useSelectedTask } from '../state/selection.ts'
import { useView } from '../state/view.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { CodeEditor, type CodeEditorHandle, type EditorMark } from './CodeEditor.tsx'
import { loadMonaco } from './load-monaco.ts'
import styles from './YamlPanel.module.css'
import { configureYaml, pipelineAddress } from './yaml-language.ts'

void loadMonaco().then(
  ({ monaco }) => configureYaml(monaco, () => activeDocument()?.text ?? ''),
  // The editor itself says that it could not be loaded, and offers to try again.
  () => undefined,
)

/** The open document as text: the same text that the canvas draws, live both ways. */
export function YamlPanel() {
  const document = useActiveDocument()
  if (document === null) {
    return (
      <EmptyState icon={FileCode2} title="No pipeline is open">
        Open one to see its file.
      </EmptyState>
    )
  }
  return <DocumentEditor key={document.path} document={document} />
}

/** Once per request, after the editor has its text; one that is still being loaded asks again when it is there. */
function revealAsked(editor: RefObject<CodeEditorHandle | null>): void {
  setTimeout(() => {
    const { reveal } = useView.getState()
    if (reveal === null || editor.current === null) return
    useView.setState({ reveal: null })
    editor.current.reveal(reveal.start, reveal.end, true)
  }, 0)
}

function DocumentEditor({ document }: { readonly document: OpenDocument }) {
  const editor = useRef<CodeEditorHandle>(null)
  const selected = useSelectedTask()
  const reveal = useView((state) => state.reveal)
  /** The task that the cursor chose: its lines are in view already. */
  const fromCursor = useRef<string | null>(null)
  const { text } = document
  const parsed = document.document
  const lines = useMemo(() => (selected === null ? null : taskLines(parsed, selected)), [parsed, selected])
  const marks = useMemo(() => marksOf(parsed), [parsed])

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection moves the view, not an edit
  useEffect(() => {
    if (lines !== null && selected !== fromCursor.current) editor.current?.reveal(lines.start, lines.end)
    fromCursor.current = null
  }, [selected])
  useEffect(() => {
    if (reveal !== null) revealAsked(editor)
  }, [reveal])
  const attach = useCallback((handle: CodeEditorHandle | null) => {
    editor.current = handle
    if (handle !== null && useView.getState().reveal !== null) revealAsked(editor)
  }, [])

  const cursor = (offset: number) => {
    const task = activeDocument()?.document.taskAt(offset)
    if (task === undefined || task === selected) return
    fromCursor.current = task
    selectTask(task)
  }
  return (
    <div className={styles.panel}>
      {document.readOnly && (
        <div className={styles.note}>
          {document.asRun ? 'The pipeline as it was when this run began.' : 'This file is read-only.'} Save it under
          another name to change it.
        </div>
      )}
      <CodeEditor
        ref={attach}
        className={styles.editor ?? ''}
        value={text}
        language="yaml"
        label={`Text of ${document.path}`}
        address={pipelineAddress(document.path)}
        {...(document.readOnly ? {} : { onEdit: (_: unknown, next: string) => replaceText(next) })}
        onUndo={undo}
        onRedo={redo}
        onCursor={cursor}
        marks={marks}
        highlight={lines}
      />
    </div>
  )
}

/** From a task's id to the end of its last line, as offsets. */
function taskLines(document: PipelineDocument, task: string): { readonly start: number; readonly end: number } | null {
  const place = placeAt(document.source, ['tasks', task])
  const start = place?.key?.range?.[0] ?? place?.value?.range?.[0]
  const end = place?.value?.range?.[1] ?? place?.key?.range?.[1]
  if (place === undefined || start === undefined || end === undefined) return null
  // A block ends after its last line break: that next line is not part of the task.
  return { start, end: Math.max(start, document.text.slice(start, end).trimEnd().length + start) }
}

function marksOf(document: PipelineDocument): readonly EditorMark[] {
  return document.problems.map((problem) => {
    const range = problem.range ?? rangeAt(document.source.lines, 0, 0)
    return {
      start: range.start.offset,
      end: range.end.offset,
      severity: problem.severity,
      message: problem.hint === undefined ? problem.message : `${problem.message}\n${problem.hint}`,
      code: problem.code,
    }
  })
}
