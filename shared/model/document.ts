import { isMap, isScalar, type Node, type Pair, type Scalar } from 'yaml'
import { checkAdvice } from './check-advice.ts'
import { checkBranches } from './check-branch.ts'
import { reportExpressions } from './check-expressions.ts'
import { checkFields, type WorkspaceDeclarations } from './check-fields.ts'
import { checkGroups, checkIds, withKnownMembers } from './check-groups.ts'
import { checkHandlers } from './check-handlers.ts'
import { checkCycles, checkEach, checkNeeds, withKnownNeeds } from './check-needs.ts'
import { checkDefaults, checkFrame, checkTaskFields } from './check-shape.ts'
import { rangeAt } from './line-index.ts'
import { migrate } from './migrations.ts'
import type { Json, Pipeline, Task } from './pipeline.ts'
import { readPipeline } from './pipeline-reading.ts'
import type { Problem, TextRange } from './problem.ts'
import { recordOf } from './reading.ts'
import { rememberedCheck } from './remembered-check.ts'
import { createReport, type Report } from './report.ts'
import { FORMAT_VERSION } from './schema.ts'
import { dereference, isRecord, type Path, placeAt, rangeOf, readSource, type Source } from './source.ts'
import { readLargeSource, rereadSource } from './source-parts.ts'
import { taskGraph } from './task-graph.ts'
import { readTask } from './task-reading.ts'

/** A text, what it means, and what is wrong with it. The text is the document; the rest follows from it. */
export interface PipelineDocument {
  readonly text: string
  /** null only where nothing can be drawn: not YAML, not a map, or another version of the format. */
  readonly pipeline: Pipeline | null
  /** In the order of the text. */
  readonly problems: readonly Problem[]
  /** False after a syntax error: edits on the canvas are refused then. */
  readonly editable: boolean
  /** The syntax tree, for the edits of this folder. */
  readonly source: Source
  /** The place of a value (of the key, for maps and lists); undefined where nothing stands at that path. */
  locate(path: Path): TextRange | undefined
  /** The task in whose lines the offset lies. */
  taskAt(offset: number): string | undefined
}

export interface ParseOptions extends WorkspaceDeclarations {
  /** The document before a change: what stands in both is not read again. The answer is the same without it. */
  readonly previous?: PipelineDocument
}

/** UTF-16 units. */
const LARGE = 50_000

/** Reads and checks a pipeline file. Never throws: whatever the text is, the answer says what is wrong with it. */
export function parseDocument(text: string, options: ParseOptions = {}): PipelineDocument {
  const source = readingOf(text, options.previous)
  if (!source.sound) return documentOf(source, null, source.problems, false)
  const report = createReport(source, source.problems)
  const file = fileOf(source, report)
  if (!file) return documentOf(source, null, report.problems, false)
  const pipeline = readFile(source, file, options, report)
  return documentOf(source, pipeline, report.problems, true)
}

function readingOf(text: string, previous: PipelineDocument | undefined): Source {
  if (previous) return rereadSource(text, previous.source)
  return text.length > LARGE ? readLargeSource(text) : readSource(text)
}

/** True where a run would be refused. */
export function hasErrors(document: PipelineDocument): boolean {
  return document.pipeline === null || document.problems.some((problem) => problem.severity === 'error')
}

function documentOf(
  source: Source,
  pipeline: Pipeline | null,
  problems: readonly Problem[],
  editable: boolean,
): PipelineDocument {
  const offset = (problem: Problem) => problem.range?.start.offset ?? 0
  return {
    text: source.text,
    source,
    pipeline,
    problems: [...problems].sort((a, b) => offset(a) - offset(b)),
    editable,
    locate: (path) => rangeOf(source, path),
    taskAt: (at) => taskAt(source, at),
  }
}

function taskAt(source: Source, offset: number): string | undefined {
  const tasks = dereference(source, placeAt(source, ['tasks'])?.value)
  if (!isMap(tasks)) return undefined
  const pairs = tasks.items as Pair<Scalar, Node | null>[]
  const behind = pairs.findIndex(({ key }) => !isScalar(key) || key.range![0] > offset)
  const pair = pairs.at(behind < 0 ? -1 : behind - 1)
  if (pair === undefined || behind === 0) return undefined
  // Of this one alone: in a large text, values of others may not have been read yet.
  return offset <= (pair.value?.range?.[2] ?? pair.key.range![2]) ? String(pair.key.value) : undefined
}

type Fields = { readonly [key: string]: Json }

/** The file's map in the present version of the format, or undefined where it is none. */
function fileOf(source: Source, report: Report): Fields | undefined {
  if (!isRecord(source.value)) {
    const empty = source.value === null
    report.add({
      code: empty ? 'EMPTY_FILE' : 'NOT_A_PIPELINE',
      severity: 'error',
      message: empty ? 'The file is empty.' : 'The file is not a pipeline: it must be a map of keys and values.',
      hint: `Begin with \`dagwright: ${FORMAT_VERSION}\`, \`id: …\` and \`tasks: …\`.`,
      path: [],
      range: rangeAt(source.lines, 0, source.lines.starts[1] ?? source.text.length),
    })
    return undefined
  }
  const version = source.value.dagwright
  if (typeof version !== 'number' || !Number.isInteger(version)) return source.value
  const result = migrate(source.value, version)
  if (result.type === 'current') return result.file
  report.add({
    code: result.type === 'newer' ? 'NEWER_FORMAT' : 'UNKNOWN_FORMAT',
    severity: 'error',
    message:
      result.type === 'newer'
        ? `This file has format version ${version}; this Dagwright reads up to version ${FORMAT_VERSION}.`
        : `There is no format version ${version}.`,
    hint:
      result.type === 'newer'
        ? 'Update Dagwright to open it.'
        : `Write \`dagwright: ${FORMAT_VERSION}\`, the present version.`,
    path: ['dagwright'],
  })
  return undefined
}

function readFile(source: Source, file: Fields, options: ParseOptions, report: Report): Pipeline {
  const frame = readFrame(source, file, report, options.previous?.source)
  const written = recordOf(frame.tasks)
  checkIds(Object.keys(written), ['tasks'], 'task', report)
  const defaults = readDefaults(source, frame.defaults, report)
  const fileTasks: { [id: string]: Json } = Object.create(null)
  const tasks: Task[] = []
  for (const id of Object.keys(written)) {
    const { fields, task } = readFileTask(source, id, written[id]!, defaults, report)
    fileTasks[id] = fields
    tasks.push(task)
  }
  checkNeeds(fileTasks, report)
  checkGroups(frame, report)
  const known = withKnownNeeds(tasks)
  const groups = withKnownMembers(recordOf(frame.groups), new Set(Object.keys(fileTasks)))
  const pipeline = readPipeline({ ...frame, groups }, known)
  const graph = taskGraph(known)
  checkCycles(graph, fileTasks, report)
  checkEach(graph, report)
  checkBranches(graph, report)
  checkHandlers(pipeline, graph, report)
  checkFields(pipeline, fileTasks, options, report)
  reportExpressions(source, pipeline, graph, report)
  checkAdvice(pipeline, graph, report)
  const canvas = new Map([...pipeline.canvas].filter(([id]) => graph.tasks.has(id)))
  return { ...pipeline, canvas }
}

const frameCheck = rememberedCheck<Fields>()
/** Of each source that was read: the object its frame's check is remembered by, the same while no entry is another. */
const frames = new WeakMap<Source, Fields>()
const SOME_TASKS: Fields = Object.create(null)

/** The usable entries of the top level; `tasks` as they are written, since they are checked one by one. */
function readFrame(source: Source, file: Fields, report: Report, previous: Source | undefined): Fields {
  const { tasks } = file
  const own: Fields = isRecord(tasks) ? { ...file, tasks: SOME_TASKS } : file
  const before = previous && frames.get(previous)
  const kept = before && sameEntries(before, own) ? before : own
  frames.set(source, kept)
  const frame = frameCheck(kept, [], report, (found) => checkFrame(source, kept, found))
  return isRecord(tasks) ? { ...frame, tasks } : frame
}

function sameEntries(left: Fields, right: Fields): boolean {
  const keys = Object.keys(left)
  const others = Object.keys(right)
  return keys.length === others.length && keys.every((key, at) => key === others[at] && left[key] === right[key])
}

const defaultsCheck = rememberedCheck<Fields>()

function readDefaults(source: Source, defaults: Json | undefined, report: Report): Fields {
  if (!isRecord(defaults)) return checkDefaults(source, defaults, report)
  return defaultsCheck(defaults, [], report, (found) => checkDefaults(source, defaults, found))
}

interface FileTask {
  /** What of the written fields can be used. */
  readonly fields: Fields
  readonly task: Task
}

const taskCheck = rememberedCheck<FileTask>()

function readFileTask(source: Source, id: string, written: Json, defaults: Fields, report: Report): FileTask {
  const read = (found: Report): FileTask => {
    const fields = checkTaskFields(source, id, written, found)
    return { fields, task: readTask(id, fields, defaults) }
  }
  // The id, because aliases can make one value of several tasks.
  return isRecord(written) ? taskCheck(written, [id, defaults], report, read) : read(report)
}
