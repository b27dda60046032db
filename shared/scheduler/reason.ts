import { durationText } from '../analysis/duration-text.ts'
import { type Cause, type InstanceRef, instanceLabel, type Reason } from '../journal/event.ts'
import { TRIGGER_RULES } from '../model/pipeline.ts'
import { Handler, type Plan } from './plan.ts'
import { Why } from './sink.ts'
import { CauseCode, indexOf, type SchedulerState, stateOf } from './state.ts'
import type { InstanceNumber } from './types.ts'

/** The one place that words why an instance ended as it did. Null for a plain success. */
export function reasonOf(
  plan: Plan,
  state: SchedulerState,
  node: InstanceNumber,
  why: Why,
  by: InstanceNumber,
): Reason | null {
  const task = state.task[node] as number
  const name = `\`${labelOf(plan, state, node)}\``
  const other = by < 0 ? '' : `\`${labelOf(plan, state, by)}\``
  const ref = by < 0 ? {} : { by: refOf(plan, state, by) }
  switch (why) {
    case Why.none:
      return null
    case Why.rule:
      return { code: 'rule', message: ruleMessage(plan, state, node, by), ...ref }
    case Why.edgeFalse: {
      const condition = bare(edgeCondition(plan, task, by < 0 ? -1 : (state.task[by] as number)))
      const message = by < 0 ? `\`${condition}\` is false` : `\`${condition}\` is false, so ${other} counts as skipped`
      return { code: 'when_false', message, ...ref }
    }
    case Why.whenFalse:
      return { code: 'when_false', message: `\`${bare(plan.when[task] ?? '')}\` is false` }
    case Why.notTaken:
      return { code: 'branch_not_taken', message: `${other} chose another branch`, ...ref }
    case Why.emptyMap:
      return { code: 'empty_map', message: `${name} has nothing to repeat over`, ...ref }
    case Why.expression:
      return { code: 'expression_error', message: `An expression of ${name} could not be evaluated`, ...ref }
    case Why.attempt:
      return { code: 'error', message: `${name} ended as ${stateOf(state, node)}` }
    case Why.cancelled:
      return { code: 'cancelled', message: 'The run was cancelled' }
    case Why.runTimeout:
      return timeoutReason(state)
    case Why.failFast:
      return { code: 'fail_fast', message: `${other} failed, and its task stops at the first failure`, ...ref }
    case Why.marked:
      return {
        code: 'marked',
        message: `A person marked ${name} ${stateOf(state, node) === 'failed' ? 'failed' : 'a success'}`,
      }
    case Why.cleared:
      return { code: 'marked', message: `A person cleared ${name}` }
    case Why.stopAtFailure:
      return { code: 'fail_fast', message: `${other} failed, and the run stops at the first failure`, ...ref }
    case Why.handler:
      return { code: 'rule', message: handlerMessage(plan, state, node) }
    case Why.instances:
      return { code: 'rule', message: `${other} ${pastOf(state, by)}`, ...ref }
  }
}

/** Of a run that its own timeout stopped. */
export function timeoutReason({ overrun }: SchedulerState): Reason {
  return { code: 'run_timeout', message: `The run took longer than its timeout of ${durationText(overrun)}` }
}

function ruleMessage(plan: Plan, state: SchedulerState, node: InstanceNumber, by: InstanceNumber): string {
  const rule = TRIGGER_RULES[plan.rule[state.task[node] as number] as number] ?? ''
  if (by < 0) return `its upstreams are not part of this run and count as success; its rule is ${rule}`
  const upstream = `upstream \`${labelOf(plan, state, by)}\` ${pastOf(state, by)}`
  return rule === 'all_success' ? upstream : `${upstream}; its rule is ${rule}`
}

function handlerMessage(plan: Plan, state: SchedulerState, node: InstanceNumber): string {
  if (state.cancelled && state.overrun < 0) return 'The run was cancelled'
  const failed = plan.handler[state.task[node] as number] === Handler.failure
  return failed
    ? 'It runs when the run fails, and this one did not'
    : 'It runs when the run succeeds, and this one did not'
}

/** As in "`load` could not run". */
export function pastOf(state: SchedulerState, node: InstanceNumber): string {
  switch (stateOf(state, node)) {
    case 'success':
      return 'succeeded'
    case 'failed':
      return 'failed'
    case 'skipped':
      return 'was skipped'
    case 'cancelled':
      return 'was cancelled'
    case 'upstream_failed':
      return 'could not run'
    default:
      return 'is not done'
  }
}

function edgeCondition(plan: Plan, task: number, upstream: number): string {
  for (let edge = plan.upStart[task] as number; edge < (plan.upStart[task + 1] as number); edge++) {
    const condition = plan.edgeWhen[edge] ?? null
    if (condition !== null && (upstream < 0 || plan.up[edge] === upstream)) return condition
  }
  return ''
}

/** The expression without its `${{ }}`. */
function bare(text: string): string {
  return text.trim().replace(/^\$\{\{\s*([\s\S]*?)\s*\}\}$/, '$1')
}

function labelOf(plan: Plan, state: SchedulerState, node: InstanceNumber): string {
  return instanceLabel(plan.ids[state.task[node] as number] as string, indexOf(state, node))
}

export function refOf(plan: Plan, state: SchedulerState, node: InstanceNumber): InstanceRef {
  return { task: plan.ids[state.task[node] as number] as string, index: indexOf(state, node) }
}

/** The binding cause of the instance's latest start. */
export function causeOf(plan: Plan, state: SchedulerState, node: InstanceNumber): Cause {
  const by = state.causeBy[node] as number
  const ref = by < 0 ? { task: null, index: null } : refOf(plan, state, by)
  switch (state.causeType[node]) {
    case CauseCode.dependency:
      return { type: 'dependency', ...refOf(plan, state, by) }
    case CauseCode.retry:
      return { type: 'retry' }
    case CauseCode.marked:
      return { type: 'marked' }
    case CauseCode.resume:
      return { type: 'resume' }
    case CauseCode.maxParallel:
      return { type: 'maxParallel', ...refOf(plan, state, by) }
    case CauseCode.pool:
      return { type: 'pool', pool: plan.poolNames[plan.pool[state.task[node] as number] as number] as string, ...ref }
    case CauseCode.slot:
      return { type: 'slot', ...ref }
    default:
      return { type: 'begin' }
  }
}
