import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { JavascriptTask } from '#shared/model/pipeline.ts'
import { findExecutable, findInterpreter } from '../../executable.ts'
import { runProcess } from '../../process-attempt.ts'
import { type AttemptContext, endedAtOnce, failed, type Runner } from '../../runner.ts'
import { LOADER } from './loader.ts'

const CODE = 'task.mjs'
const LOADER_FILE = 'loader.mjs'

/**
 * Runs `code` as an ES module with the task's or the workspace's Node, else the one on PATH, else Dagwright's own.
 * Outputs are what the default export is, or returns.
 */
export const runJavascript: Runner<JavascriptTask> = (task, context) => {
  const node = findNode(task, context)
  if ('missing' in node) return endedAtOnce(failed({ code: 'error', message: node.missing }, false))
  const { code } = context.expressions.code('javascript', task.code)
  const address = pathToFileURL(join(context.cwd, `${task.id}.mjs`))
  // Tells it from a file of that name which may really be there.
  address.search = '?dagwright'
  return runProcess(
    {
      command: node.path,
      args: [
        '--enable-source-maps',
        join(context.scratch, LOADER_FILE),
        join(context.scratch, CODE),
        address.href,
        join(context.scratch, context.output),
      ],
      environment: node.environment,
      files: [
        { name: CODE, text: code },
        { name: LOADER_FILE, text: LOADER },
      ],
      retryOn: task.retries.retryOn,
      explain,
    },
    context,
  )
}

/** The task's Node, where it lies. */
export function findNode(
  task: JavascriptTask,
  context: AttemptContext,
): { readonly path: string; readonly environment: Readonly<Record<string, string>> } | { readonly missing: string } {
  const named = task.interpreter ?? context.config.interpreters.node
  if (named === null) {
    const path = findExecutable('node', context.environment, context.cwd)
    return path === null ? context.ownNode : { path, environment: {} }
  }
  const bases = task.interpreter === null ? [context.workspaceRoot] : [context.folder, context.workspaceRoot]
  const path = findInterpreter(named, context.environment, bases, ['bin/node', 'node.exe'])
  if (path !== null) return { path, environment: {} }
  return {
    missing: `\`${context.label}\` needs the Node ${named}, which does not exist; install it, or correct the path`,
  }
}

/** The error's own line, and for a missing package the command that installs it. */
function explain(errorTail: string): string | null {
  const line = errorTail.split('\n').find((candidate) => /^(?:\w*Error)\b/.test(candidate))
  const missing = /Cannot find package '([^']+)'/.exec(line ?? '')
  if (missing !== null)
    return `the package ${missing[1]} is not installed; install it with \`npm install ${missing[1]}\``
  return line === undefined ? null : line.slice(0, 300)
}
