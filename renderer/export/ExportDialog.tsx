import { Copy, Download, FolderInput, Save } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { ExportedFile, Loss } from '#shared/formats/format.ts'
import { hasErrors } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { CodeEditor } from '../editor/CodeEditor.tsx'
import { saveText } from '../runs/download.ts'
import { type OpenDocument, useActiveDocument } from '../state/documents.ts'
import { notify } from '../state/notices.ts'
import { closeDialog, showBottom } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Message } from '../ui/Message.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './ExportDialog.module.css'
import { ImageExport } from './ImageExport.tsx'
import { LossReport } from './LossReport.tsx'
import { exportTo, fileName, languageOf, TEXT_TARGETS } from './targets.ts'
import { writeIntoWorkspace } from './write-files.ts'

const IMAGE = 'image'
const TARGETS = [
  ...TEXT_TARGETS,
  { id: IMAGE, title: 'Image', description: 'The whole graph as SVG or PNG, for documents and slides.' },
]

/** Hands the shown pipeline to other systems: what they get, what they cannot express, and where to put it. */
export function ExportDialog() {
  const document = useActiveDocument()
  if (document === null || document.pipeline === null) return null
  return <OpenExportDialog document={document} pipeline={document.pipeline} />
}

function OpenExportDialog({ document, pipeline }: { readonly document: OpenDocument; readonly pipeline: Pipeline }) {
  const [target, setTarget] = useState(TARGETS[0]?.id ?? IMAGE)
  const broken = hasErrors(document.document)
  return (
    <Dialog open onClose={closeDialog} title={`Export ${pipeline.name}`} size="full">
      <div className={styles.layout}>
        <Targets chosen={target} onChoose={setTarget} />
        <div className={styles.main}>
          {target === IMAGE ? (
            <ImageExport name={pipeline.id} />
          ) : broken ? (
            <EmptyState
              title="The pipeline has errors"
              actions={
                <Button
                  onClick={() => {
                    closeDialog()
                    showBottom('problems')
                  }}
                >
                  Show the problems
                </Button>
              }
            >
              It can be exported once they are fixed.
            </EmptyState>
          ) : (
            <TextExportView key={target} target={target} document={document} pipeline={pipeline} />
          )}
        </div>
      </div>
    </Dialog>
  )
}

function Targets({ chosen, onChoose }: { readonly chosen: string; readonly onChoose: (id: string) => void }) {
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const at = TARGETS.findIndex((target) => target.id === chosen)
    const next = TARGETS[(at + by + TARGETS.length) % TARGETS.length]
    if (by === 0 || next === undefined) return
    event.preventDefault()
    onChoose(next.id)
    event.currentTarget.querySelector<HTMLElement>(`[data-target="${next.id}"]`)?.focus()
  }
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // After the dialog has put the focus on its first field.
    const timer = setTimeout(() => list.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(), 0)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div ref={list} className={styles.targets} role="radiogroup" aria-label="Export to" onKeyDown={keyDown}>
      {TARGETS.map(({ id, title, description }) => (
        // biome-ignore lint/a11y/useSemanticElements: a choice of several lines, with arrow keys by its group
        <button
          key={id}
          type="button"
          role="radio"
          data-target={id}
          className={styles.target}
          aria-checked={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          <span className={styles.targetTitle}>{title}</span>
          <span className={styles.targetText}>
            <Message text={description} />
          </span>
        </button>
      ))}
    </div>
  )
}

interface TextExportViewProps {
  readonly target: string
  readonly document: OpenDocument
  readonly pipeline: Pipeline
}

function TextExportView({ target, document, pipeline }: TextExportViewProps) {
  const [named, setNamed] = useState(true)
  const [shown, setShown] = useState(0)
  const [folder, setFolder] = useState('exports')
  const { path } = document
  const made = useMemo(() => exportTo(target, pipeline, named ? path : null), [target, pipeline, named, path])
  const file = made.files[shown] ?? made.files[0]
  if (file === undefined) return <EmptyState title="There is nothing to export" />
  return (
    <>
      <div className={styles.options}>
        <span className={styles.option}>
          <Switch checked={named} onChange={setNamed} label="Name the source file" />
          Name the source file
        </span>
        <span className={styles.spacer} />
        <TextField
          className={styles.folder ?? ''}
          value={folder}
          onChange={setFolder}
          label="Folder in the workspace"
          code
        />
        <Button
          size="small"
          icon={FolderInput}
          disabled={folder.trim() === ''}
          onClick={() => void writeIntoWorkspace(folder.trim(), made.files)}
        >
          Save into the workspace
        </Button>
      </div>
      <Files files={made.files} shown={file} onShow={setShown} />
      <CodeEditor
        className={styles.preview ?? ''}
        value={file.text}
        language={languageOf(file)}
        label={`Preview of ${file.path}`}
      />
      <LossReport losses={made.losses as readonly Loss[]} />
    </>
  )
}

interface FilesProps {
  readonly files: readonly ExportedFile[]
  readonly shown: ExportedFile
  readonly onShow: (index: number) => void
}

function Files({ files, shown, onShow }: FilesProps) {
  const native = useWorkspace((state) => state.app?.capabilities.nativeDialogs === true)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(shown.text)
      notify({ tone: 'success', title: `Copied ${fileName(shown.path)}` })
    } catch {
      notify({ tone: 'error', title: 'It could not be copied.', next: 'Save it as a file instead.', code: 'CLIPBOARD' })
    }
  }
  return (
    <div className={styles.files}>
      <div role="tablist" aria-label="Files">
        {files.map((file, index) => (
          <button
            key={file.path}
            type="button"
            role="tab"
            className={classes(styles.file)}
            aria-selected={file === shown}
            onClick={() => onShow(index)}
          >
            {file.path}
          </button>
        ))}
      </div>
      <span className={styles.spacer} />
      <Button size="small" variant="quiet" icon={Copy} onClick={() => void copy()}>
        Copy
      </Button>
      <Button
        size="small"
        variant="quiet"
        icon={native ? Save : Download}
        onClick={() => void saveText(fileName(shown.path), shown.text)}
      >
        {native ? 'Save as' : 'Download'}
      </Button>
    </div>
  )
}
