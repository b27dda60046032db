import { create } from 'zustand'
import { isPlanPath, planDocument } from '#shared/analysis/planner-document.ts'
import type { ParseOptions, PipelineDocument } from '#shared/model/document.ts'
import { parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import type { Merge } from '#shared/model/text-merge.ts'
import {
  applyPatches,
  differencePatch,
  type History,
  NO_HISTORY,
  recordEdit,
  redoEdit,
  type TextPatch,
  undoEdit,
} from './history.ts'
import { notify } from './notices.ts'
import { clearSelection, edgeEnds, keepExisting, useSelection } from './selection.ts'
import { useWorkspace } from './workspace.ts'

/**
 * The open pipelines, and files of the planner (which draw none). The text is the document: canvas, inspector and YAML view all make text patches, on one undo
 * stack. What touches the disk stands in files.ts.
 */
export interface OpenDocument {
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly text: string
  /** The text as it stands on disk, as far as is known. */
  readonly savedText: string
  /** The version on disk that `text` descends from; null for a file that is not there yet. */
  readonly version: string | null
  readonly readOnly: boolean
  /** The frozen spec of a run, not a file: `path` is only its name. It cannot be saved in place. */
  readonly asRun: { readonly run: string; readonly file: string; readonly startedAt: string } | null
  readonly document: PipelineDocument
  /** Of the text, or of the last text that could be read: then `frozen` is true and canvas edits are refused. */
  readonly pipeline: Pipeline | null
  readonly frozen: boolean
  readonly history: History
  /** What came on disk while this had unsaved edits, where both changed the same; the person decides. */
  readonly conflict: (DiskText & { readonly merge: Merge }) | null
  /** The text before a change on disk was last taken into it; null: none was. */
  readonly beforeDisk: string | null
  /** Unsaved work of an earlier session; the person decides. */
  readonly recovery: { readonly text: string; readonly savedAt: string } | null
  /** The file was deleted or moved away; saving writes it anew. */
  readonly gone: boolean
  readonly saving: boolean
}

export interface DiskText {
  readonly text: string
  readonly version: string
}

interface Documents {
  /** In the order of the tabs. */
  readonly open: readonly OpenDocument[]
  /** Path of the one that is shown. */
  readonly active: string | null
}

export const useDocuments = create<Documents>(() => ({ open: [], active: null }))

/** Why the canvas does nothing just now; shown when an edit is refused. */
export const FROZEN_REASON = 'The file has a syntax error, so the canvas shows its last readable state.'

export function newDocument(
  path: string,
  text: string,
  facts: Pick<OpenDocument, 'version' | 'readOnly' | 'recovery'>,
): OpenDocument {
  return {
    path,
    savedText: text,
    history: NO_HISTORY,
    conflict: null,
    beforeDisk: null,
    gone: false,
    saving: false,
    asRun: null,
    ...facts,
    ...readText(path, text, null),
  }
}

function readText(
  path: string,
  text: string,
  before: OpenDocument | null,
): Pick<OpenDocument, 'text' | 'document' | 'pipeline' | 'frozen'> {
  const document = isPlanPath(path)
    ? planDocument(text)
    : parseDocument(text, { ...declared(), ...(before && { previous: before.document }) })
  const frozen = !document.editable
  return { text, document, pipeline: document.pipeline ?? before?.pipeline ?? null, frozen }
}

function declared(): ParseOptions {
  const { info } = useWorkspace.getState()
  return {
    sharedPools: new Map(Object.entries(info?.pools ?? {})),
    ...(info && { connections: new Map(Object.entries(info.connections)) }),
  }
}

// Whether a pool or a connection is known depends on `dagwright.yaml`, which may change while pipelines are open.
useWorkspace.subscribe(({ info }, before) => {
  if (!info || info === before.info) return
  const declaredBy = (of: typeof info | null) => JSON.stringify([of?.pools, of?.connections])
  if (declaredBy(info) === declaredBy(before.info)) return
  useDocuments.setState(({ open }) => ({
    open: open.map((document) => ({ ...document, ...readText(document.path, document.text, document) })),
  }))
})

/** Opens a tab, or replaces the document of the one that has the path, and shows it. */
export function putDocument(document: OpenDocument): void {
  // What was selected belongs to the document that was shown.
  if (useDocuments.getState().active !== document.path) clearSelection()
  useDocuments.setState(({ open }) => {
    const at = open.findIndex((other) => other.path === document.path)
    return { open: at < 0 ? [...open, document] : open.with(at, document), active: document.path }
  })
}

/** Opens a tab behind the others without showing it. */
export function addDocument(document: OpenDocument): void {
  useDocuments.setState(({ open }) => ({ open: [...open, document] }))
}

/** Moves a tab to a place in their order, from 0. */
export function moveDocument(path: string, to: number): void {
  useDocuments.setState(({ open }) => {
    const at = open.findIndex((document) => document.path === path)
    const moved = open[at]
    return moved ? { open: open.toSpliced(at, 1).toSpliced(Math.max(0, to), 0, moved) } : {}
  })
}

export function documentOf(path: string): OpenDocument | undefined {
  return useDocuments.getState().open.find((document) => document.path === path)
}

export function activeDocument(): OpenDocument | null {
  const { open, active } = useDocuments.getState()
  return open.find((document) => document.path === active) ?? null
}

/** The text of that version on disk, where a file that is open has it; null: none has. */
export function textOfVersion(version: string): string | null {
  return useDocuments.getState().open.find((document) => document.version === version)?.savedText ?? null
}

export function isEdited(document: OpenDocument): boolean {
  return document.text !== document.savedText || document.version === null
}

export function changeDocument(path: string, change: (document: OpenDocument) => OpenDocument): void {
  useDocuments.setState(({ open }) => ({
    open: open.map((document) => (document.path === path ? change(document) : document)),
  }))
}

export function showDocument(path: string): void {
  if (useDocuments.getState().active === path) return
  clearSelection()
  useDocuments.setState({ active: path })
}

/** Without asking: whoever calls it has saved or asked. */
export function dropDocument(path: string): void {
  const { open, active } = useDocuments.getState()
  const at = open.findIndex((document) => document.path === path)
  if (at < 0) return
  const rest = open.toSpliced(at, 1)
  if (active === path) clearSelection()
  useDocuments.setState({
    open: rest,
    active: active === path ? (rest[Math.min(at, rest.length - 1)]?.path ?? null) : active,
  })
}

export function dropAllDocuments(): void {
  clearSelection()
  useDocuments.setState({ open: [], active: null })
}

export interface EditOptions {
  /** Successive edits with the same key are one step of undo while nobody pauses. */
  readonly mergeKey?: string
  /** Pauses begin no new step: the key itself ends, as a visit to a field does. */
  readonly pauses?: boolean
}

/**
 * One step of the undo stack on the shown document. False where it was refused: nothing is open, the file is read-only,
 * or its text cannot be read; the person was told.
 */
export function edit(label: string, patches: readonly TextPatch[], options: EditOptions = {}): boolean {
  const document = activeDocument()
  if (!document) return false
  if (document.frozen) {
    notify({ tone: 'warning', title: FROZEN_REASON, where: document.path, next: 'Fix it in the YAML panel first.' })
    return false
  }
  if (document.asRun) {
    notify({
      tone: 'warning',
      title: 'This is the pipeline as it was when the run began, so it cannot be edited.',
      where: document.path,
      next: 'Edit the file itself, or save this under another name.',
    })
    return false
  }
  if (patches.length === 0) return true
  return change(document, label, patches, options)
}

/** The editor's text. Successive key strokes are one step of undo. */
export function replaceText(
  text: string,
  options: { readonly label?: string; readonly mergeKey?: string | null } = {},
): boolean {
  const document = activeDocument()
  const patch = document && differencePatch(document.text, text)
  if (!document || document.asRun || !patch) return false
  return change(
    document,
    options.label ?? 'Edit the text',
    [patch],
    options.mergeKey === null ? {} : { mergeKey: options.mergeKey ?? 'typing' },
  )
}

function change(
  document: OpenDocument,
  label: string,
  patches: readonly TextPatch[],
  { mergeKey, pauses = false }: EditOptions,
): boolean {
  const text = applyPatches(document.text, patches)
  if (text === document.text) return true
  const facts = { label, mergeKey: mergeKey ?? null, pauses, at: performance.now() }
  const history = recordEdit(document.history, document.text, patches, facts)
  takeText(document, text, history)
  return true
}

function takeText(document: OpenDocument, text: string, history: History): void {
  const next = { ...document, ...readText(document.path, text, document), history }
  changeDocument(document.path, () => next)
  dropFromSelection(next.pipeline)
}

export function undo(): void {
  const document = activeDocument()
  const step = document && undoEdit(document.history, document.text)
  if (step) takeText(document, step.text, step.history)
}

export function redo(): void {
  const document = activeDocument()
  const step = document && redoEdit(document.history, document.text)
  if (step) takeText(document, step.text, step.history)
}

/** A new text from disk, or what it was `merged` to: one step of undo. Only what the merge keeps of mine is an edit. */
export function takeDiskText(path: string, disk: DiskText, merged: string = disk.text): void {
  const document = documentOf(path)
  if (!document) return
  const patch = differencePatch(document.text, merged)
  const label = merged === disk.text ? 'Take the file from disk' : 'Merge the changes on disk'
  const history = patch
    ? recordEdit(document.history, document.text, [patch], { label, mergeKey: null, at: performance.now() })
    : document.history
  changeDocument(path, () => ({
    ...document,
    ...readText(path, merged, document),
    history,
    savedText: disk.text,
    version: disk.version,
    conflict: null,
    beforeDisk: document.text,
    gone: false,
  }))
  if (useDocuments.getState().active === path) dropFromSelection(documentOf(path)?.pipeline ?? null)
}

/** How many errors the document would have with another text. */
export function countErrors(document: OpenDocument, text: string): number {
  const { problems } = readText(document.path, text, document).document
  return problems.filter(({ severity }) => severity === 'error').length
}

function dropFromSelection(pipeline: Pipeline | null): void {
  const selection = useSelection.getState()
  const tasks = new Map(pipeline?.tasks.map((task) => [task.id, task]))
  const kept = keepExisting(selection, {
    tasks: (id) => tasks.has(id),
    edges: (id) => {
      const { from, to } = edgeEnds(id)
      return tasks.get(to)?.needs.some((need) => need.task === from) ?? false
    },
    notes: (id) => pipeline?.notes.some((note) => note.id === id) ?? false,
    groups: (id) => pipeline?.groups.some((group) => group.id === id) ?? false,
  })
  if (kept !== selection) useSelection.setState(kept)
}

export function useActiveDocument(): OpenDocument | null {
  return useDocuments((state) => state.open.find((document) => document.path === state.active) ?? null)
}

/** True while a file of the planner is shown, where a pipeline is else. */
export function useShowsPlan(): boolean {
  return useDocuments((state) => state.active !== null && isPlanPath(state.active))
}

export function useActivePath(): string | null {
  return useDocuments((state) => state.active)
}

/** The shown pipeline; the last readable one while the text has a syntax error. */
export function usePipeline(): Pipeline | null {
  return useDocuments((state) => state.open.find((document) => document.path === state.active)?.pipeline ?? null)
}

const NO_PROBLEMS: readonly Problem[] = []

export function useProblems(): readonly Problem[] {
  return useDocuments(
    (state) => state.open.find((document) => document.path === state.active)?.document.problems ?? NO_PROBLEMS,
  )
}
