import { delimiter } from 'node:path'
import type { PythonTask } from '#shared/model/pipeline.ts'
import { findInterpreter } from '../../executable.ts'
import { runProcess } from '../../process-attempt.ts'
import { type AttemptContext, endedAtOnce, failed, type Runner } from '../../runner.ts'
import { packageOf } from './package-names.ts'

const SCRIPT = '__dagwright_task__.py'

/** Runs `code` with the task's or the workspace's interpreter or environment, else `python3` from PATH. */
export const runPython: Runner<PythonTask> = (task, context) => {
  const found = findPython(task, context)
  if ('missing' in found) return endedAtOnce(failed({ code: 'error', message: found.missing }, false))
  const { code } = context.expressions.code('python', task.code)
  const path = [context.cwd, context.environment.PYTHONPATH].filter((part) => part !== undefined && part !== '')
  return runProcess(
    {
      command: found.path,
      args: ['-u', `${context.scratch}/${SCRIPT}`],
      environment: {
        // The script lies in a private folder; imports start at the working directory all the same.
        PYTHONPATH: path.join(delimiter),
        PYTHONIOENCODING: context.environment.PYTHONIOENCODING ?? 'utf-8',
      },
      files: [{ name: SCRIPT, text: code }],
      retryOn: task.retries.retryOn,
      explain: (errorTail) => explain(errorTail, found.path),
    },
    context,
  )
}

/** The task's interpreter, where it lies; where it names none, the workspace's. */
export function findPython(
  task: Pick<PythonTask, 'interpreter'>,
  context: AttemptContext,
): { readonly path: string } | { readonly missing: string } {
  const windows = process.platform === 'win32'
  const named = task.interpreter ?? context.config.interpreters.python
  const inEnvironment = windows ? ['Scripts\\python.exe', 'python.exe'] : ['bin/python3', 'bin/python']
  const bases = task.interpreter === null ? [context.workspaceRoot] : [context.folder, context.workspaceRoot]
  for (const name of named === null ? (windows ? ['python3', 'python', 'py'] : ['python3', 'python']) : [named]) {
    const path = findInterpreter(name, context.environment, bases, named === null ? [] : inEnvironment)
    if (path !== null) return { path }
  }
  const missing =
    named === null
      ? `\`${context.label}\` needs Python 3, which is not on the PATH; install it, or set \`interpreters.python\` in dagwright.yaml`
      : `\`${context.label}\` needs the Python interpreter ${named}, which is no interpreter and no environment with one; create the environment, or correct the path`
  return { missing }
}

/** The exception's own line, and for a missing module the command that installs it. */
function explain(errorTail: string, interpreter: string): string | null {
  const last = errorTail.trimEnd().split('\n').at(-1)?.trim() ?? ''
  const [, missing] = /^ModuleNotFoundError: No module named '([^']+)'$/.exec(last) ?? []
  if (missing !== undefined) {
    // With a dot the package before it is there: it has no such part, or this is a namespace that others fill.
    const name = packageOf(missing)
    if (name === null) return `the installed ${missing.split('.')[0]} has no module ${missing}`
    const program = /\s/.test(interpreter) ? `"${interpreter}"` : interpreter
    return `the module ${missing} is not installed; install it with \`${program} -m pip install ${name}\``
  }
  return /^[\w.]+(?:Error|Exception|Interrupt|Warning|Exit)\b/.test(last) ? last.slice(0, 300) : null
}
