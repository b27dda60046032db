import { createContext, useContext } from 'react'
import type { PipelineDocument } from '#shared/model/document.ts'
import { setGroupField } from '#shared/model/edit-group.ts'
import { setPipelineField, setTaskField } from '#shared/model/edit-task.ts'
import type { TextPatch } from '#shared/model/patch.ts'
import type { Json } from '#shared/model/pipeline.ts'
import type { Problem, Result } from '#shared/model/problem.ts'
import { isRecord, type Path } from '#shared/model/source.ts'
import { MERGED_FIELDS } from '#shared/model/task-reading.ts'
import { perform } from '../canvas/editing.ts'
import type { EditOptions } from '../state/documents.ts'

/**
 * What a form edits: a task, the pipeline itself, its defaults for tasks, or a group. Fields name themselves by their
 * path below it and know nothing else.
 */
export interface FieldScope {
  /** Tells forms apart, so that typing in one never merges with typing in another. */
  readonly name: string
  /** Where it stands in the document. */
  readonly base: Path
  readonly document: PipelineDocument
  readonly readOnly: boolean
  /** What the file's `defaults` say for this field; undefined where they say nothing, or do not apply. */
  inherited(path: Path): Json | undefined
  /** What else is wrong because of this field, though it is told elsewhere in the document. */
  caused?(path: Path): Problem | undefined
  write(document: PipelineDocument, path: Path, value: Json | undefined): Result<readonly TextPatch[]>
}

const ScopeContext = createContext<FieldScope | null>(null)
export const ScopeProvider = ScopeContext.Provider

export function useScope(): FieldScope {
  const scope = useContext(ScopeContext)
  if (scope === null) throw new Error('A field stands outside of a form.')
  return scope
}

const nothing = (): undefined => undefined

export function taskScope(document: PipelineDocument, id: string, readOnly: boolean): FieldScope {
  return {
    name: `task ${id}`,
    base: ['tasks', id],
    document,
    readOnly,
    inherited: (path) => {
      const [field = ''] = path
      const replaced =
        path.length > 1 &&
        !MERGED_FIELDS.has(field) &&
        valueAt(document.source.value, ['tasks', id, field]) !== undefined
      return replaced ? undefined : valueAt(document.source.value, ['defaults', ...path])
    },
    write: (current, path, value) => setTaskField(current, id, path, value),
  }
}

export function pipelineScope(document: PipelineDocument, readOnly: boolean): FieldScope {
  return { name: 'pipeline', base: [], document, readOnly, inherited: nothing, write: setPipelineField }
}

/** A map of the pipeline as a form of its own: `defaults`, one of `params`. */
export function nestedScope(document: PipelineDocument, base: Path, readOnly: boolean): FieldScope {
  return {
    name: base.join('/'),
    base,
    document,
    readOnly,
    inherited: nothing,
    write: (current, path, value) => setPipelineField(current, [...base, ...path], value),
  }
}

/** What is wrong with a default is told at the tasks it counts for. */
export function defaultsScope(document: PipelineDocument, readOnly: boolean): FieldScope {
  const { source, problems } = document
  return {
    ...nestedScope(document, ['defaults'], readOnly),
    caused: ([field = '', ...rest]) =>
      valueAt(source.value, ['defaults', field, ...rest]) === undefined
        ? undefined
        : problems.find(
            ({ path = [] }) =>
              path[0] === 'tasks' &&
              [field, ...rest].every((step, at) => path[at + 2] === step) &&
              valueAt(source.value, [...path.slice(0, 2), field]) === undefined,
          ),
  }
}

export function groupScope(document: PipelineDocument, id: string, readOnly: boolean): FieldScope {
  return {
    name: `group ${id}`,
    base: ['groups', id],
    document,
    readOnly,
    inherited: nothing,
    write: (current, path, value) => setGroupField(current, id, path, value),
  }
}

/** The condition on one dependency of a task: its need becomes a map while there is one, and a plain id again without. */
export function needScope(
  document: PipelineDocument,
  task: string,
  index: number,
  upstream: string,
  readOnly: boolean,
): FieldScope {
  return {
    name: `need ${upstream} of ${task}`,
    base: ['tasks', task, 'needs', index],
    document,
    readOnly,
    inherited: nothing,
    write: (current, _path, when) =>
      setTaskField(current, task, ['needs', index], when === undefined ? upstream : { task: upstream, when }),
  }
}

/** The value at a path as the file has it, aliases and merges applied; undefined where nothing is set. */
export function valueAt(value: Json, path: Path): Json | undefined {
  let current: Json | undefined = value
  for (const step of path) {
    if (Array.isArray(current) && typeof step === 'number') current = current[step]
    else if (isRecord(current) && Object.hasOwn(current, String(step))) current = current[String(step)]
    else return undefined
  }
  return current
}

export interface FieldState {
  readonly id: string
  /** As set in the file; undefined where it is not. */
  readonly raw: Json | undefined
  readonly inherited: Json | undefined
  readonly problem: Problem | undefined
  readonly readOnly: boolean
  /** One step of undo; `typing` merges it with the steps before. undefined takes the field out. */
  set(value: Json | undefined, typing?: Typing): void
}

/** text: what is typed without a pause is one step of undo. A number: all that is written in this visit to a field. */
export type Typing = 'text' | number

/** Of a field, named so that no other has its key. */
export function mergingOf(name: string, typing: Typing | undefined): EditOptions {
  if (typing === undefined) return {}
  return typing === 'text' ? { mergeKey: name } : { mergeKey: `${name} ${typing}`, pauses: true }
}

/** One field of the surrounding form. */
export function useField(path: Path, label: string): FieldState {
  const scope = useScope()
  const full = [...scope.base, ...path]
  return {
    id: `field ${scope.name} ${path.join('/')}`.replace(/\s+/g, '-'),
    raw: valueAt(scope.document.source.value, full),
    inherited: scope.inherited(path),
    problem: problemAt(scope.document, full) ?? scope.caused?.(path),
    readOnly: scope.readOnly,
    set: (value, typing) => {
      perform(
        `Change ${label.toLowerCase()}`,
        [(document) => scope.write(document, path, value)],
        mergingOf(`${scope.name} ${path.join('/')}`, typing),
      )
    },
  }
}

/** The worst problem of a field or of anything inside it. */
export function problemAt(document: PipelineDocument, path: Path): Problem | undefined {
  const own = document.problems.filter(
    (problem) =>
      problem.path !== undefined &&
      problem.path.length >= path.length &&
      path.every((step, index) => String(problem.path?.[index]) === String(step)),
  )
  return own.find((problem) => problem.severity === 'error') ?? own[0]
}
