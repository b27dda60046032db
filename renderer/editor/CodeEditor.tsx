import type * as Monaco from 'monaco-editor/editor'
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { commandForKey } from '../app/commands.ts'
import type { TextPatch } from '../state/history.ts'
import { applyPatches } from '../state/history.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { isMac, matchesShortcut } from '../ui/shortcut.ts'
import styles from './CodeEditor.module.css'
import type { EditorLanguage } from './languages.ts'
import { type MonacoState, useMonaco } from './load-monaco.ts'
import { textDifference } from './text-difference.ts'
import { editorText, patchesOf, TextPositions } from './text-positions.ts'
import { THEME } from './theme.ts'

/** Offsets are of `value`, in UTF-16 units. */
export interface EditorMark {
  readonly start: number
  readonly end: number
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly code: string
}

export interface CodeEditorHandle {
  /** Scrolls to a range, if it is not in view, without taking the focus. `focus`: puts the cursor at its start too. */
  reveal(start: number, end: number, focus?: boolean): void
}

export interface CodeEditorProps {
  readonly value: string
  readonly language: EditorLanguage
  /** For screen readers. */
  readonly label: string
  /** What a person did, as patches of `value`, and the text that comes of it. Absent: the editor is for reading. */
  readonly onEdit?: (patches: readonly TextPatch[], text: string) => void
  /** The document's undo stack: Monaco's own is never used. */
  readonly onUndo?: () => void
  readonly onRedo?: () => void
  /** Where the cursor stands after a click or a key, not after an edit from outside. */
  readonly onCursor?: (offset: number) => void
  readonly marks?: readonly EditorMark[]
  /** Lines shown as belonging together: the selected task. The editor opens there. */
  readonly highlight?: { readonly start: number; readonly end: number } | null
  /** The model's address, by which YAML finds its schema. One editor at a time may use it. */
  readonly address?: string
  readonly lineNumbers?: boolean
  readonly wrap?: boolean
  readonly placeholder?: string
  readonly className?: string
  readonly ref?: Ref<CodeEditorHandle>
}

/** Code in Monaco, controlled: it shows `value`, and keeps cursor and scroll when `value` changes from outside. */
export function CodeEditor(props: CodeEditorProps) {
  const state = useMonaco()
  if (state.status === 'ready') return <LoadedEditor {...props} monaco={state.monaco} />
  return <Waiting state={state} value={props.value} label={props.label} className={props.className} />
}

function Waiting({
  state,
  value,
  label,
  className,
}: {
  readonly state: Exclude<MonacoState, { status: 'ready' }>
  readonly value: string
  readonly label: string
  readonly className: string | undefined
}) {
  return (
    <div className={classes(styles.root, className)} aria-busy={state.status === 'loading'}>
      {state.status === 'failed' && (
        <div className={styles.failed} role="alert">
          The editor could not be loaded: {state.message}
          <Button size="small" onClick={state.retry}>
            Try again
          </Button>
        </div>
      )}
      <pre className={styles.plain} role="img" aria-label={label}>
        {value.slice(0, 20_000)}
      </pre>
    </div>
  )
}

type MonacoApi = Extract<MonacoState, { status: 'ready' }>['monaco']

function LoadedEditor(props: CodeEditorProps & { readonly monaco: MonacoApi }) {
  const host = useRef<HTMLDivElement>(null)
  const session = useRef<EditorSession | null>(null)
  const latest = useRef(props)
  latest.current = props
  const { monaco, value, language, address, label } = props
  const editable = props.onEdit !== undefined

  // biome-ignore lint/correctness/useExhaustiveDependencies: what else changes is passed on by the effects below
  useLayoutEffect(() => {
    if (host.current === null) return
    const opened = new EditorSession(monaco, host.current, () => latest.current)
    session.current = opened
    return () => {
      session.current = null
      opened.dispose()
    }
  }, [monaco, address])

  // Runs after every render: the parent may have refused an edit, and then `value` is what it was.
  useEffect(() => session.current?.show(value))
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session starts without them
  useEffect(() => session.current?.setLanguage(language), [language, address])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above; marks are offsets of the value
  useEffect(() => session.current?.mark(props.marks ?? []), [props.marks, value, address])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => session.current?.highlight(props.highlight ?? null), [props.highlight, value, address])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => session.current?.update(), [editable, label, props.wrap, props.lineNumbers, props.placeholder])
  useImperativeHandle(props.ref, () => ({
    reveal: (start, end, focus = false) => session.current?.reveal(start, end, focus),
  }))
  return (
    // nokey: React Flow leaves its keys alone in here. It would take Space, since Monaco's input is none to the DOM.
    <div className={classes(styles.root, 'nokey', props.className)}>
      <div ref={host} className={styles.host} />
    </div>
  )
}

/** One Monaco editor and its model, from mount to unmount. */
class EditorSession {
  readonly #monaco: MonacoApi
  readonly #props: () => CodeEditorProps
  readonly #editor: Monaco.editor.IStandaloneCodeEditor
  readonly #model: Monaco.editor.ITextModel
  readonly #decorations: Monaco.editor.IEditorDecorationsCollection
  /** The text the model stands for, byte order mark and line ends included. */
  #text: string
  #showing = false

  constructor(monaco: MonacoApi, host: HTMLElement, props: () => CodeEditorProps) {
    this.#monaco = monaco
    this.#props = props
    const { value, language, address } = props()
    this.#text = value
    const uri = address === undefined ? undefined : monaco.Uri.parse(address)
    if (uri !== undefined) monaco.editor.getModel(uri)?.dispose()
    this.#model = monaco.editor.createModel(value, language, uri)
    this.#editor = monaco.editor.create(host, { ...FIXED_OPTIONS, ...this.#options(), model: this.#model })
    // After the editor: making one sets its model's options from Monaco's own defaults.
    this.#model.updateOptions({
      tabSize: 2,
      insertSpaces: true,
      bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
    })
    this.#decorations = this.#editor.createDecorationsCollection()
    this.#editor.onDidChangeModelContent((event) => this.#edited(event))
    this.#editor.onDidChangeCursorPosition((event) => this.#moved(event))
    this.#editor.onKeyDown((event) => this.#key(event))
    const { highlight } = props()
    if (highlight) this.reveal(highlight.start, highlight.end, false)
  }

  dispose(): void {
    this.#editor.dispose()
    this.#model.dispose()
  }

  update(): void {
    this.#editor.updateOptions(this.#options())
  }

  setLanguage(language: EditorLanguage): void {
    this.#monaco.editor.setModelLanguage(this.#model, language)
  }

  /** Changes only what differs, so that cursor, selection, folding and scroll stay. */
  show(value: string): void {
    if (value === this.#text) return
    const shown = this.#model.getValue(this.#monaco.editor.EndOfLinePreference.LF)
    const positions = new TextPositions(shown)
    const edits = textDifference(shown, editorText(value)).map((patch) => {
      const start = positions.positionAt(patch.start)
      const end = positions.positionAt(patch.end)
      return {
        range: new this.#monaco.Range(start.lineNumber, start.column, end.lineNumber, end.column),
        text: patch.text,
        forceMoveMarkers: true,
      }
    })
    this.#text = value
    this.#showing = true
    this.#model.applyEdits(edits)
    this.#showing = false
  }

  mark(marks: readonly EditorMark[]): void {
    const severities = this.#monaco.MarkerSeverity
    const positions = new TextPositions(this.#text)
    this.#monaco.editor.setModelMarkers(
      this.#model,
      'dagwright',
      marks.map((mark) => {
        const start = positions.positionAt(mark.start)
        const end = positions.positionAt(Math.max(mark.end, mark.start + 1))
        return {
          severity:
            mark.severity === 'error'
              ? severities.Error
              : mark.severity === 'warning'
                ? severities.Warning
                : severities.Info,
          message: mark.message,
          code: mark.code,
          startLineNumber: start.lineNumber,
          startColumn: start.column,
          endLineNumber: end.lineNumber,
          endColumn: end.column,
        }
      }),
    )
  }

  highlight(range: { readonly start: number; readonly end: number } | null): void {
    if (range === null) {
      this.#decorations.clear()
      return
    }
    const lines = this.#range(range.start, range.end)
    this.#decorations.set([
      {
        range: lines,
        options: {
          isWholeLine: true,
          className: styles.taskLines ?? '',
          linesDecorationsClassName: styles.taskMargin ?? '',
        },
      },
    ])
  }

  reveal(start: number, end: number, focus: boolean): void {
    const range = this.#range(start, end)
    if (focus) {
      this.#editor.setPosition({ lineNumber: range.startLineNumber, column: range.startColumn })
      this.#editor.focus()
    }
    const top = new this.#monaco.Range(
      range.startLineNumber,
      1,
      Math.min(range.endLineNumber, range.startLineNumber + 8),
      1,
    )
    this.#editor.revealRangeInCenterIfOutsideViewport(top, this.#monaco.editor.ScrollType.Smooth)
  }

  #range(from: number, to: number): Monaco.Range {
    const positions = new TextPositions(this.#text)
    const start = positions.positionAt(from)
    const end = positions.positionAt(to)
    return new this.#monaco.Range(start.lineNumber, start.column, end.lineNumber, end.column)
  }

  #options(): Monaco.editor.IEditorOptions {
    const { onEdit, label, wrap, lineNumbers, placeholder } = this.#props()
    return {
      readOnly: onEdit === undefined,
      // A reader may still select and copy; the cursor of an editor that takes no text would mislead.
      renderLineHighlight: onEdit === undefined ? 'none' : 'line',
      ariaLabel: label,
      wordWrap: wrap === true ? 'on' : 'off',
      lineNumbers: lineNumbers === false ? 'off' : 'on',
      lineNumbersMinChars: lineNumbers === false ? 0 : 3,
      lineDecorationsWidth: lineNumbers === false ? 6 : 10,
      folding: lineNumbers !== false,
      ...(placeholder === undefined ? {} : { placeholder }),
    }
  }

  #edited(event: Monaco.editor.IModelContentChangedEvent): void {
    if (this.#showing) return
    const patches = patchesOf(this.#text, event.changes)
    this.#text = applyPatches(this.#text, patches)
    this.#props().onEdit?.(patches, this.#text)
  }

  #moved(event: Monaco.editor.ICursorPositionChangedEvent): void {
    const byPerson = event.reason === this.#monaco.editor.CursorChangeReason.Explicit || event.source === 'keyboard'
    if (byPerson && !this.#showing) this.#props().onCursor?.(new TextPositions(this.#text).offsetAt(event.position))
  }

  #key(event: Monaco.IKeyboardEvent): void {
    const press = event.browserEvent
    const redo = matchesShortcut(press, 'Mod+Shift+Z') || (!isMac && matchesShortcut(press, 'Mod+Y'))
    const undo = !redo && matchesShortcut(press, 'Mod+Z')
    // Monaco has meanings of its own for some of the app's keys, such as Ctrl+K and Ctrl+Enter.
    const inDialog = press.target instanceof Element && press.target.closest('[role="dialog"]') !== null
    const command = undo || redo ? null : commandForKey(press, { typing: true, onCanvas: false, inDialog })
    if (!undo && !redo && command === null) return
    event.preventDefault()
    event.stopPropagation()
    const { onUndo, onRedo } = this.#props()
    if (redo) onRedo?.()
    else if (undo) onUndo?.()
    else command?.run()
  }
}

const FIXED_OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = {
  theme: THEME,
  automaticLayout: true,
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSize: 12,
  lineHeight: 19,
  fontLigatures: false,
  minimap: { enabled: false },
  renderLineHighlightOnlyWhenFocus: true,
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  padding: { top: 6, bottom: 6 },
  overviewRulerLanes: 2,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  fixedOverflowWidgets: true,
  glyphMargin: false,
  contextmenu: false,
  guides: { indentation: true },
  bracketPairColorization: { enabled: false },
  scrollbar: {
    verticalScrollbarSize: 10,
    horizontalScrollbarSize: 10,
    useShadows: false,
    alwaysConsumeMouseWheel: false,
  },
  stickyScroll: { enabled: false },
  unicodeHighlight: { ambiguousCharacters: false },
  occurrencesHighlight: 'singleFile',
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, comments: false, strings: true },
  tabSize: 2,
}
