import { appErrorOf } from '#shared/contract/call-error.ts'
import type { AppErrorData } from '#shared/contract/error.ts'
import type { Loss } from '#shared/formats/format.ts'
import type { Problem } from '#shared/model/problem.ts'
import { type Terminal, UsageError } from './command.ts'
import { type Output, plainText } from './terminal.ts'

/** Tells a person what went wrong, on standard error; with `json` also as an object on standard output. */
export function reportFailure(error: unknown, io: Terminal, json: boolean): void {
  const data = failureOf(error)
  if (json) io.out.line(JSON.stringify({ error: data }, null, 2))
  const { err } = io
  err.line(`${err.paint('red', 'error')} ${err.paint('dim', data.code)} ${plainText(data.message)}`)
  if (data.where && !data.message.includes(data.where)) err.line(`  at ${plainText(data.where)}`)
  const hints = new Set<string>()
  for (const problem of data.problems ?? []) {
    if (problem.hint) hints.add(problem.hint)
    // A problem without a place adds nothing where the message has said it already.
    if (problem.message !== data.message || problem.range) printProblem(err, data.where ?? '', problem)
    else if (problem.hint) err.line(`  ${plainText(problem.hint)}`)
  }
  if (data.next && !hints.has(data.next)) err.line(`  ${plainText(data.next)}`)
}

function failureOf(error: unknown): AppErrorData {
  if (error instanceof UsageError) return { code: 'BAD_INPUT', message: error.message, next: error.next }
  const told = appErrorOf(error)
  if (told) return told
  return { code: 'INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

const SEVERITY_STYLE = { error: 'red', warning: 'yellow', info: 'blue' } as const

/** `file:line:column  severity  code  message`, as compilers write it, then the hint. */
export function printProblem(output: Output, file: string, problem: Problem): void {
  const start = problem.range?.start
  const place = start ? `${file}:${start.line}:${start.column}` : file
  const severity = output.paint(SEVERITY_STYLE[problem.severity], problem.severity)
  const code = output.paint('dim', problem.code)
  const parts = [output.paint('bold', plainText(place)), severity, code, plainText(problem.message)]
  output.line((file === '' ? parts.slice(1) : parts).join(' '))
  if (problem.hint) output.line(`  ${plainText(problem.hint)}`)
}

/** Tasks that a loss names one by one; of more, it says how many. */
const MOST_NAMED = 8

function named(tasks: readonly string[]): string {
  const shown = tasks.slice(0, MOST_NAMED).map(plainText).join(', ')
  return tasks.length > MOST_NAMED ? `${shown} and ${tasks.length - MOST_NAMED} more` : shown
}

/** What an export or import could not keep, on standard error. */
export function reportLosses(io: Terminal, losses: readonly Loss[]): void {
  const { err } = io
  for (const loss of losses) {
    const tasks = loss.where.tasks.length > 0 ? ` (${named(loss.where.tasks)})` : ''
    err.line(`${err.paint('yellow', 'lost')} ${loss.feature}${tasks}, ${loss.where.field}: ${plainText(loss.message)}`)
    err.line(`  instead: ${plainText(loss.instead)}`)
  }
}
