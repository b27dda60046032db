import type { Task } from '#shared/model/pipeline.ts'
import type { AttemptContext } from '../runner.ts'
import { findNode } from './javascript/runner.ts'
import { findPython } from './python/runner.ts'
import { chooseShell } from './shell/runner.ts'

/** What runs a task's code. */
export interface Program {
  readonly name: string
  /** Absolute. */
  readonly path: string
}

/** null: the task needs none, or there is none (which its attempt will say). */
export function programOf(task: Task, context: AttemptContext): Program | null {
  switch (task.kind) {
    case 'shell': {
      const found = chooseShell(task.shell, context)
      return 'missing' in found ? null : { name: found.name, path: found.path }
    }
    case 'python': {
      const found = findPython(task, context)
      return 'missing' in found ? null : { name: 'python', path: found.path }
    }
    case 'javascript': {
      const found = findNode(task, context)
      return 'missing' in found ? null : { name: 'node', path: found.path }
    }
    default:
      return null
  }
}
