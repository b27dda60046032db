import { z } from 'zod'
import { findCycle } from '../../graph/cycle.ts'
import { buildGraph, type Edge } from '../../graph/graph.ts'
import { indexLines, rangeAt } from '../../model/line-index.ts'
import { failure, type Problem, type Result, success } from '../../model/problem.ts'
import { type Micros, microsOf } from '../../model/time.ts'

/** A WfFormat 1.5 file (wfcommons.org/format), its two halves joined and its graph checked. */
export interface Workflow {
  readonly name: string
  readonly description: string
  readonly executedAt: string | null
  readonly makespan: Micros | null
  /** In the file's order. */
  readonly tasks: readonly WorkflowTask[]
  /** Edges that only one of their two ends names. They count. */
  readonly oneSidedEdges: number
  /** Ids of execution records that belong to no task. */
  readonly strayRecords: readonly string[]
}

export interface WorkflowTask {
  readonly id: string
  readonly name: string
  readonly parents: readonly string[]
  readonly inputFiles: readonly string[]
  readonly outputFiles: readonly string[]
  /** null where the file records none. */
  readonly runtime: Micros | null
  /** As recorded, on one line or many; empty where there is none. */
  readonly command: string
  /** Keys of the execution record that a pipeline has no place for. */
  readonly otherFacts: readonly string[]
}

const text = z.string({ error: 'must be a text' })
const texts = z.array(text, { error: 'must be a list of texts' })
const seconds = z
  .number({ error: 'must be a number of seconds' })
  .min(0, { error: 'must be a number of seconds, not below 0' })
  .max(1e9, { error: 'must be a number of seconds below a thousand million' })
const specificationTask = z.object(
  {
    id: text.min(1, { error: 'must not be empty' }),
    name: text.optional(),
    parents: texts.optional(),
    children: texts.optional(),
    inputFiles: texts.optional(),
    outputFiles: texts.optional(),
  },
  { error: 'must be a task: { "id": …, "parents": […], "children": […] }' },
)
const executionTask = z.looseObject(
  {
    id: text,
    runtimeInSeconds: seconds.nullish(),
    command: z.object({ program: text.optional(), arguments: texts.optional() }).optional(),
  },
  { error: 'must be a record: { "id": …, "runtimeInSeconds": … }' },
)
const shape = z.object(
  {
    name: text.optional(),
    description: text.optional(),
    workflow: z.object(
      {
        specification: z.object(
          { tasks: z.array(specificationTask, { error: 'must be a list of tasks' }) },
          { error: 'must be a map with `tasks`' },
        ),
        execution: z
          .object({
            makespanInSeconds: seconds.nullish(),
            executedAt: text.nullish(),
            tasks: z.array(executionTask, { error: 'must be a list of records' }).optional(),
          })
          .optional(),
      },
      { error: 'must be a map with `specification`' },
    ),
  },
  { error: 'must be a JSON object' },
)
type File = z.infer<typeof shape>

/** More problems than these help nobody. */
const MOST_PROBLEMS = 20
const READ_FORMAT = 'See wfcommons.org/format for what WfFormat 1.5 asks for.'

/** Takes the text of a WfFormat file. Every problem has a place and a next step. */
export function readWorkflow(source: string): Result<Workflow> {
  const parsed = parseJson(source)
  if (!parsed.ok) return parsed
  const version = versionProblem(parsed.value)
  if (version) return failure(version)
  const checked = shape.safeParse(parsed.value)
  if (!checked.success) return failure(...checked.error.issues.slice(0, MOST_PROBLEMS).map(shapeProblem))
  return joined(checked.data)
}

function parseJson(source: string): Result<unknown> {
  try {
    return success(JSON.parse(source.replace(/^\ufeff/, '')))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const offset = offsetIn(source, message)
    return failure({
      code: 'NOT_JSON',
      severity: 'error',
      message: `This is not JSON: ${message}.`,
      hint: 'Choose a WfFormat file; where it was cut off, fetch it again.',
      range: rangeAt(indexLines(source), offset, offset),
    })
  }
}

/** V8 names the position, or quotes up to 10 characters on both sides of it (all of a short text), or the text just stops. */
function offsetIn(source: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  const quote = /^Unexpected token '(.+)', (\.\.\.)?"(.*)"(\.\.\.)? is not valid JSON$/su.exec(message)
  if (quote === null) return source.length
  const [, token = '', before, quoted = '', after] = quote
  const inside = before !== undefined ? 10 : after !== undefined ? quoted.length - 10 : quoted.indexOf(token)
  return source.indexOf(quoted) + inside
}

function versionProblem(value: unknown): Problem | null {
  const found =
    value !== null && typeof value === 'object' && 'schemaVersion' in value ? value.schemaVersion : undefined
  if (typeof found === 'string' && /^1\.5(\.|$)/.test(found)) return null
  const known = typeof found === 'string' || typeof found === 'number'
  return {
    code: 'UNKNOWN_VERSION',
    severity: 'error',
    message: known
      ? `This is WfFormat ${found}; only 1.5 can be read.`
      : 'This is no WfFormat file: it has no `schemaVersion`.',
    hint: known
      ? 'Take the 1.5 edition of this file, or convert it with the WfCommons tools.'
      : 'Choose a file of the WfCommons collection, or one that its tools wrote.',
    path: ['schemaVersion'],
  }
}

function shapeProblem(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  return problem('BAD_SHAPE', path, issue.message, READ_FORMAT)
}

/** `message` continues the name of the place. */
function problem(code: string, path: readonly (string | number)[], message: string, hint: string): Problem {
  const place = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`
    return before === '' ? part : `${before}.${part}`
  }, '')
  return { code, severity: 'error', message: `\`${place || 'The file'}\` ${message}`, hint, path }
}

const TASKS = ['workflow', 'specification', 'tasks'] as const
const RECORDS = ['workflow', 'execution', 'tasks'] as const
const REPEATED = 'Remove or rename one of the two.'

function joined(file: File): Result<Workflow> {
  const { specification, execution } = file.workflow
  const records = execution?.tasks ?? []
  const { numberOf, problems } = numbered(specification.tasks, TASKS)
  const recorded = numbered(records, RECORDS)
  problems.push(...recorded.problems)
  if (specification.tasks.length === 0) {
    problems.push(problem('BAD_SHAPE', TASKS, 'has no task.', 'Choose a workflow that has some.'))
  }
  const { parents, oneSided } = edgesOf(specification.tasks, numberOf, problems)
  if (problems.length > 0) return failure(...problems.slice(0, MOST_PROBLEMS))
  const cycle = cycleProblem(specification.tasks, parents, numberOf)
  if (cycle) return failure(cycle)
  return success({
    name: file.name ?? '',
    description: file.description ?? '',
    executedAt: execution?.executedAt ?? null,
    makespan: microsOrNull(execution?.makespanInSeconds),
    oneSidedEdges: oneSided,
    strayRecords: records.map(({ id }) => id).filter((id) => !numberOf.has(id)),
    tasks: specification.tasks.map((task, number) => {
      const at = recorded.numberOf.get(task.id)
      const { id: _id, runtimeInSeconds, command, ...facts } = at === undefined ? { id: task.id } : records[at]!
      return {
        id: task.id,
        name: task.name ?? task.id,
        parents: [...parents[number]!],
        inputFiles: task.inputFiles ?? [],
        outputFiles: task.outputFiles ?? [],
        runtime: microsOrNull(runtimeInSeconds),
        command: [command?.program ?? '', ...(command?.arguments ?? [])].join(' ').trim(),
        otherFacts: Object.keys(facts),
      }
    }),
  })
}

function microsOrNull(value: number | null | undefined): Micros | null {
  return value === null || value === undefined ? null : microsOf(value)
}

function numbered(entries: readonly { readonly id: string }[], path: readonly string[]) {
  const numberOf = new Map<string, number>()
  const problems: Problem[] = []
  entries.forEach(({ id }, number) => {
    const before = numberOf.get(id)
    if (before === undefined) numberOf.set(id, number)
    else
      problems.push(problem('DUPLICATE_ID', [...path, number, 'id'], `is "${id}", as that of [${before}].`, REPEATED))
  })
  return { numberOf, problems }
}

type SpecificationTask = z.infer<typeof specificationTask>

/** Both ends should name an edge; one that only one end names is an edge all the same. */
function edgesOf(
  tasks: readonly SpecificationTask[],
  numberOf: ReadonlyMap<string, number>,
  problems: Problem[],
): { readonly parents: readonly ReadonlySet<string>[]; readonly oneSided: number } {
  const known = (id: string, number: number, end: 'parents' | 'children', position: number) => {
    if (numberOf.has(id)) return true
    const path = [...TASKS, number, end, position]
    problems.push(problem('UNKNOWN_TASK', path, `names "${id}", which is no task of the file.`, 'Correct the id.'))
    return false
  }
  const parents = tasks.map((task, number) => {
    const named = (task.parents ?? []).filter((id, position) => known(id, number, 'parents', position))
    return new Set(named)
  })
  let edges = 0
  for (const named of parents) edges += named.size
  let confirmed = 0
  let added = 0
  tasks.forEach((task, number) => {
    const children = (task.children ?? []).filter((id, position) => known(id, number, 'children', position))
    for (const child of new Set(children)) {
      const named = parents[numberOf.get(child)!]!
      if (named.has(task.id)) confirmed++
      else added++
      named.add(task.id)
    }
  })
  return { parents, oneSided: added + edges - confirmed }
}

function cycleProblem(
  tasks: readonly SpecificationTask[],
  parents: readonly ReadonlySet<string>[],
  numberOf: ReadonlyMap<string, number>,
): Problem | null {
  const edges = parents.flatMap((named, number) => Array.from(named, (id): Edge => [numberOf.get(id)!, number]))
  const cycle = findCycle(buildGraph(tasks.length, edges))
  if (cycle === null) return null
  const ids = [...cycle, cycle[0]!].map((number) => tasks[number]!.id)
  const path = [...TASKS, cycle[0]!]
  const hint = 'Remove one of these dependencies: a pipeline has no cycles.'
  return problem('CYCLE', path, `is part of a cycle: ${ids.join(' → ')}.`, hint)
}
