import { secretsByName, type TaskCode, taskCode } from '#shared/expression/task-code.ts'
import type { JournalEvent, RunHeader } from '#shared/journal/event.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type Result, success } from '#shared/model/problem.ts'
import { takeAll } from '#shared/model/steps.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'
import { scopeOf } from './attempt-context.ts'
import { bindExpressions } from './expressions.ts'
import type { SatisfiedTasks } from './ports.ts'
import { replayInto } from './resume.ts'
import { RunQuestions } from './run-questions.ts'
import { RunScope } from './run-scope.ts'

export interface RecordedRun {
  readonly header: RunHeader
  /** Of the frozen spec. */
  readonly pipeline: Pipeline
  readonly events: readonly JournalEvent[]
  readonly satisfied: SatisfiedTasks
}

/**
 * What an instance ran, made again from what the run keeps: its spec, parameters and outputs. Secrets stand by their
 * names. Throws an ExpressionError where an expression of the task has no value (yet).
 */
export function codeAsRan(recorded: RecordedRun, task: string, index: number | null): Result<TaskCode | null> {
  const { header, pipeline, events, satisfied } = recorded
  const plan = compilePlan(pipeline, {
    slots: header.slots,
    pools: new Map(Object.entries(header.pools)),
    basis: () => 0,
    ...(header.selection === null ? {} : { selection: header.selection }),
  })
  if (!plan.ok) return plan
  const own = pipeline.tasks.find(({ id }) => id === task)
  if (own === undefined) return success(null)
  const scope = new RunScope(header, pipeline)
  for (const [number, { id }] of pipeline.tasks.entries()) {
    if (plan.value.selected[number] === 0) scope.admitUnselected(id, satisfied)
  }
  const secret = (name: string) => secretsByName([name]).get(name)
  const questions = new RunQuestions({ pipeline, secret }, plan.value, scope)
  takeAll(replayInto(plan.value, events, scope, (number) => questions.items(number)))
  const expressions = bindExpressions(scopeOf({ pipeline }, scope, own, index, secretsByName(own.secrets)))
  return success(taskCode(own, header.machine.platform === 'win32', expressions))
}
