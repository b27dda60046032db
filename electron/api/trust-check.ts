import { AppError } from '#shared/contract/error.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import type { Caller } from './caller.ts'
import type { HostPorts } from './ports.ts'
import type { WorkspaceSession } from './session.ts'

const SHOWN_LINES = 6
const SHOWN_CHARACTERS = 2000

/**
 * Throws NOT_TRUSTED, with what would run, unless the workspace is trusted or a person at a terminal named this very
 * pipeline.
 */
export async function requireTrust(
  session: WorkspaceSession,
  ports: HostPorts,
  caller: Caller,
  pipeline: Pipeline,
): Promise<void> {
  if (caller.typedByPerson || (await ports.trust.isTrusted(session.store.root))) return
  throw new AppError({
    code: 'NOT_TRUSTED',
    message: 'This workspace may not run anything yet: its pipelines are programs that run as you.',
    where: session.store.root,
    next: 'Look at what would run, then trust the workspace.',
    details: {
      tasks: pipeline.tasks.map((task) => ({
        task: task.id,
        name: task.name,
        kind: task.kind,
        code: beginningOf(codeOf(task)),
      })),
    },
  })
}

function codeOf(task: Task): string {
  if (task.kind === 'shell') return task.run
  if (task.kind === 'python' || task.kind === 'javascript') return task.code
  if (task.kind === 'sql' || task.kind === 'check') return task.sql
  if (task.kind === 'http') return `${task.method} ${task.url}`
  return ''
}

function beginningOf(code: string): string {
  const lines = code.trim().split('\n')
  const shown = lines.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS)
  const rest = lines.length - SHOWN_LINES
  return rest > 0 ? `${shown}\n… ${rest} more ${rest === 1 ? 'line' : 'lines'}` : shown
}
