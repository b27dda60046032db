import type { InputFile } from '../journal/event.ts'
import { instanceLabel } from '../journal/event.ts'
import type { RunView } from '../journal/run-view.ts'
import type { Pipeline } from '../model/pipeline.ts'
import { type FieldChange, fieldChanges, type TaskChange, taskChangeSteps } from '../model/pipeline-difference.ts'
import type { Steps } from '../model/steps.ts'

/** What differs between two runs of one pipeline, beside their times: what to look at when the second one fails. */
export interface RunChanges {
  /** In file order of the later run, then those that are gone. */
  readonly tasks: readonly TaskChange[]
  /** Fields of the pipeline that tasks see or run by. */
  readonly pipeline: readonly FieldChange[]
  readonly params: readonly FieldChange[]
  readonly inputs: readonly InputChange[]
  /** Versions of what ran the code, Dagwright's own among them. */
  readonly programs: readonly FieldChange[]
}

/** A file that both runs read and that was another one; `null`: nothing was there, or it was not noted. */
export interface InputChange {
  /** The instance that read it. */
  readonly label: string
  readonly path: string
  readonly before: Pick<InputFile, 'size' | 'hash'>
  readonly after: Pick<InputFile, 'size' | 'hash'>
}

export interface ComparedRun {
  /** Read from the frozen spec; null where that cannot be read any more. */
  readonly pipeline: Pipeline | null
  readonly view: RunView
}

/** `before` ran first. Tasks are matched by id, renamed ones by their earlier ids. */
export function* runChanges(before: ComparedRun, after: ComparedRun): Steps<RunChanges> {
  const both = before.pipeline !== null && after.pipeline !== null
  const tasks = both ? yield* taskChangeSteps(before.pipeline, after.pipeline, WITHOUT_EFFECT) : []
  yield
  return {
    tasks,
    pipeline:
      before.pipeline && after.pipeline ? fieldChanges(sharedOf(before.pipeline), sharedOf(after.pipeline)) : [],
    params: fieldChanges(entriesOf(before.view.header.params), entriesOf(after.view.header.params)),
    inputs: inputChanges(before.view, after.view),
    programs: fieldChanges(programsOf(before.view), programsOf(after.view), true),
  }
}

export function isUnchanged(changes: RunChanges): boolean {
  return Object.values(changes).every((list: readonly unknown[]) => list.length === 0)
}

/** What describes a task to people, or says when it runs, changes nothing in what it does. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'name',
  'docs',
  'owner',
  'tags',
  'layer',
  'estimate',
  'slo',
  'cache',
])

function sharedOf(pipeline: Pipeline): ReadonlyMap<string, unknown> {
  const { env, concurrency, timeout, pools } = pipeline
  return new Map(Object.entries({ env, concurrency, timeout, pools }))
}

function entriesOf(record: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(record))
}

function programsOf(view: RunView): ReadonlyMap<string, unknown> {
  const versions = new Map<string, unknown>([['dagwright', view.header.dagwright]])
  for (const { program, path, version } of view.interpreters) {
    const known = versions.get(program)
    const own = `${version ?? 'version unknown'} (${path})`
    versions.set(program, known === undefined ? own : `${String(known)}, ${own}`)
  }
  return versions
}

function inputChanges(before: RunView, after: RunView): InputChange[] {
  const changes: InputChange[] = []
  for (const task of after.tasks.values()) {
    const old = new Map(before.tasks.get(task.id)?.instances.map((instance) => [instance.index, instance.inputs]))
    for (const { index, inputs } of task.instances) {
      const earlier = new Map(old.get(index)?.map((file) => [file.path, file]))
      for (const file of inputs ?? []) {
        const was = earlier.get(file.path)
        if (was === undefined || (was.hash === file.hash && was.size === file.size)) continue
        const [from, to] = [was, file].map(({ size, hash }) => ({ size, hash }))
        changes.push({ label: instanceLabel(task.id, index), path: file.path, before: from!, after: to! })
      }
    }
  }
  return changes
}
