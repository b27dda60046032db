import type { ShellTask } from '#shared/model/pipeline.ts'
import { findExecutable } from '../../executable.ts'
import { runProcess } from '../../process-attempt.ts'
import { type AttemptContext, endedAtOnce, failed, type Runner } from '../../runner.ts'

type ShellName = NonNullable<ShellTask['shell']>

/** Linux passes no single argument over 128 KiB to a program; stay below. */
const LONGEST_ARGUMENT = 100_000

interface Invocation {
  readonly args: (script: string) => readonly string[]
  readonly extension: string
}

/** How each shell stops at the first failure. cmd cannot; powershell's own errors end it, and the last exit code counts. */
const INVOCATIONS: Readonly<Record<ShellName, Invocation>> = {
  bash: { args: (script) => ['--noprofile', '--norc', '-eo', 'pipefail', script], extension: 'sh' },
  sh: { args: (script) => ['-e', script], extension: 'sh' },
  powershell: {
    args: (script) => ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', script],
    extension: 'ps1',
  },
  cmd: { args: (script) => ['/d', '/v:on', '/c', script], extension: 'cmd' },
}

/** Runs `run` with bash -eo pipefail, or the shell the task names. Values come as environment variables. */
export const runShell: Runner<ShellTask> = (task, context) => {
  const shell = chooseShell(task.shell, context)
  if ('missing' in shell) return endedAtOnce(failed({ code: 'error', message: shell.missing }, false))
  const rendered = context.expressions.code(isPosix(shell.name) ? 'shell' : shell.name, task.run)
  const body = wrap(shell.name, rendered.code)
  const inline = isPosix(shell.name) && Buffer.byteLength(body) < LONGEST_ARGUMENT
  const script = `run.${INVOCATIONS[shell.name].extension}`
  const args = INVOCATIONS[shell.name].args(`${context.scratch}/${script}`)
  return runProcess(
    {
      command: shell.path,
      args: inline ? [...args.slice(0, -1), '-c', body] : args,
      environment: rendered.env,
      files: inline ? [] : [{ name: script, text: body }],
      retryOn: task.retries.retryOn,
      explain: () => null,
    },
    context,
  )
}

/** The shell a task runs in, where it lies. */
export function chooseShell(
  wanted: ShellTask['shell'],
  context: AttemptContext,
): { readonly name: ShellName; readonly path: string } | { readonly missing: string } {
  const usual: readonly ShellName[] = process.platform === 'win32' ? ['powershell'] : ['bash', 'sh']
  for (const name of wanted === null ? usual : [wanted]) {
    for (const program of name === 'powershell' ? ['powershell', 'pwsh'] : [name]) {
      const path = findExecutable(program, context.environment, context.cwd)
      if (path !== null) return { name, path }
    }
  }
  const what = wanted ?? usual[0]!
  const hint = what === 'powershell' || what === 'cmd' ? 'choose `shell: bash` or `shell: sh`' : `install ${what}`
  return { missing: `\`${context.label}\` needs ${what}, which is not on the PATH; ${hint}` }
}

function isPosix(name: ShellName): name is 'bash' | 'sh' {
  return name === 'bash' || name === 'sh'
}

function wrap(name: ShellName, code: string): string {
  if (name === 'powershell') {
    return `$ErrorActionPreference = 'Stop'\n${code}\nif ($null -ne $LASTEXITCODE) { exit $LASTEXITCODE }\n`
  }
  if (name === 'cmd') return `@echo off\r\n${code.replaceAll(/\r?\n/g, '\r\n')}\r\n`
  return code
}
