import { OUTPUT_LIMIT } from '#electron/spawner/limits.ts'
import { maskText } from '#electron/spawner/mask.ts'
import type { ProcessEnded } from '#electron/spawner/protocol.ts'
import { admitOutputs, type ParsedOutputs, parseOutputs, tooLarge } from './outputs.ts'
import {
  type AttemptContext,
  type AttemptResult,
  failed,
  lost,
  type RunningAttempt,
  succeeded,
  unstartable,
} from './runner.ts'
import type { ProcessFate } from './spawner-client.ts'

export interface ProcessPlan {
  readonly command: string
  readonly args: readonly string[]
  /** On top of the attempt's own. */
  readonly environment: Readonly<Record<string, string>>
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** Exit codes worth a retry; null: all. */
  readonly retryOn: readonly number[] | null
  /** Says more about a failure, from the end of standard error; null where there is nothing to add. */
  readonly explain: (errorTail: string) => string | null
}

/** Readies a command in the spawner as one attempt, which runs once it is released; outputs come from the file named by DAGWRIGHT_OUTPUT. */
export function runProcess(plan: ProcessPlan, context: AttemptContext): RunningAttempt {
  const prepared = context.spawner.prepare(
    {
      run: context.run,
      command: plan.command,
      args: plan.args,
      cwd: context.cwd,
      env: { ...context.environment, ...plan.environment },
      log: context.log,
      epoch: context.epoch,
      secrets: context.secrets,
      graceMilliseconds: context.graceMilliseconds,
      scratch: context.scratch,
      files: plan.files,
      output: context.output,
      outputLimit: OUTPUT_LIMIT,
    },
    context.onStarted,
  )
  context.whenReleased(prepared.begin)
  return { stop: prepared.stop, done: prepared.fate.then((fate) => resultOf(fate, plan, context)) }
}

function resultOf(fate: ProcessFate, plan: ProcessPlan, context: AttemptContext): AttemptResult {
  if (fate.type === 'lost') return lost(context.label, fate.complaint)
  if (fate.type === 'unstartable') return unstartable(context.label, fate.complaint)
  if (fate.type === 'refused') return refused(fate.code, fate.message, plan, context)
  const usage = {
    exitCode: fate.exitCode,
    signal: fate.signal,
    peakMemory: fate.peakMemory,
    cpu: fate.cpu,
    ...(fate.logged ? { logged: true as const } : {}),
  }
  return withLogProblem({ ...verdict(fate, plan, context), ...usage }, fate.logProblem, context.label)
}

/** What the log lacks is said where people look for the reason: on a full disk the log itself cannot say it. */
function withLogProblem(result: AttemptResult, problem: string | null, label: string): AttemptResult {
  if (problem === null) return result
  const lacking = `its log is incomplete: ${problem.startsWith('ENOSPC') ? 'the disk is full' : problem}`
  const reason = result.reason ?? { code: 'error' as const, message: `\`${label}\` ran` }
  return { ...result, reason: { ...reason, message: `${reason.message}; ${lacking}` } }
}

function refused(code: string, message: string, plan: ProcessPlan, context: AttemptContext): AttemptResult {
  if (code === 'STOPPED') return { ...failed({ code: 'cancelled', message }, false), outcome: 'cancelled' }
  const what = `\`${context.label}\` could not start`
  const hopeless = ['ENOENT', 'EACCES', 'CWD', 'E2BIG', 'ENOEXEC'].includes(code)
  const why = code === 'E2BIG' ? `its command and environment are too large for ${plan.command}` : message
  return failed({ code: 'error', message: `${what}: ${maskText(why, context.secrets)}` }, !hopeless)
}

function verdict(fate: ProcessEnded, plan: ProcessPlan, context: AttemptContext): AttemptResult {
  if (fate.exitCode === 0) return successOf(fate, context)
  const more = plan.explain(fate.errorTail)
  const tail = more === null ? '' : `: ${more}`
  if (fate.signal !== null) {
    return failed({ code: 'signal', message: `\`${context.label}\` was ended by ${fate.signal}${tail}` }, true)
  }
  const retryable = plan.retryOn === null || (fate.exitCode !== null && plan.retryOn.includes(fate.exitCode))
  const message = `\`${context.label}\` ended with exit code ${fate.exitCode}${tail}`
  return failed({ code: 'exit_code', message }, retryable)
}

function successOf(fate: ProcessEnded, context: AttemptContext): AttemptResult {
  const parsed = outputsOf(fate.output)
  const admitted = parsed.ok ? admitOutputs(parsed.outputs, context.secrets) : parsed
  if (admitted.ok) return succeeded(admitted.outputs)
  const message = `\`${context.label}\` ran, but ${maskText(admitted.message, context.secrets)}`
  return failed({ code: 'error', message }, true)
}

function outputsOf(output: ProcessEnded['output']): ParsedOutputs {
  if (output === null) return { ok: true, outputs: {} }
  if ('text' in output) return parseOutputs(output.text)
  const message =
    'tooLarge' in output ? tooLarge(output.tooLarge) : `its output file cannot be read: ${output.unreadable}`
  return { ok: false, message }
}
