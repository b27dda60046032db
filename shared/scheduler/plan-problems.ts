import type { Task } from '../model/pipeline.ts'
import type { Problem } from '../model/problem.ts'

/** Why a pipeline cannot be planned: what its file's own checks say in the editor, once more for who comes without them. */

export interface PlannedNeed {
  readonly task: string
  readonly when: string | null
}

interface Room {
  readonly slots: number
  readonly pools: ReadonlyMap<string, number>
}

/** What is wrong with what tasks wait for. `needs`: of each task, what it names and what it follows. */
export function problemsOfNeeds(
  tasks: readonly Task[],
  needs: readonly (readonly PlannedNeed[])[],
  numberOf: ReadonlyMap<string, number>,
): Problem[] {
  const problems: Problem[] = []
  tasks.forEach((task, number) => {
    const seen = new Set<string>()
    for (const need of needs[number] as readonly PlannedNeed[]) {
      if (!numberOf.has(need.task)) {
        problems.push(problemOf(task, 'UNKNOWN_TASK', `\`${task.id}\` needs \`${need.task}\`, which does not exist`))
      }
      if (seen.has(need.task)) {
        problems.push(problemOf(task, 'NEEDED_TWICE', `\`${task.id}\` needs \`${need.task}\` more than once`))
      }
      seen.add(need.task)
    }
    if (task.forEach?.type === 'each') {
      const followed = tasks[numberOf.get(task.forEach.task) ?? -1]
      if (followed !== undefined && followed.forEach === null) {
        const message = `\`${task.id}\` follows each instance of \`${followed.id}\`, which is not mapped`
        problems.push(problemOf(task, 'EACH_OF_UNMAPPED', message))
      }
    }
  })
  return problems
}

/** What is wrong with the room that a run and its tasks ask for. `pools`: slots by name. */
export function problemsOfPools(tasks: readonly Task[], { slots, pools }: Room): Problem[] {
  const problems: Problem[] = []
  if (!(Number.isInteger(slots) && slots >= 1)) {
    problems.push({ code: 'NO_SLOTS', severity: 'error', message: `A run needs at least 1 slot, not ${slots}` })
  }
  for (const task of tasks) {
    if (task.pool === null) continue
    const size = pools.get(task.pool.name)
    if (size === undefined) {
      problems.push(
        problemOf(task, 'UNKNOWN_POOL', `\`${task.id}\` uses the pool \`${task.pool.name}\`, which does not exist`),
      )
    } else if (task.pool.slots > size) {
      const message = `\`${task.id}\` needs ${task.pool.slots} slots of the pool \`${task.pool.name}\`, which has ${size}`
      problems.push(problemOf(task, 'POOL_TOO_SMALL', message))
    }
  }
  return problems
}

function problemOf(task: Task, code: string, message: string): Problem {
  return { code, severity: 'error', message, task: task.id, path: ['tasks', task.id] }
}

/** `cycle`: its tasks in the direction of the edges, each once. */
export function cycleProblem(cycle: readonly string[]): Problem {
  const shown = cycle.length > 6 ? [...cycle.slice(0, 5), '…', cycle.at(-1)] : cycle
  return {
    code: 'CYCLE',
    severity: 'error',
    message: `Some tasks need each other in a circle: ${[...shown, cycle[0]].join(' → ')}`,
    hint: 'Remove one of the dependencies that close the circle.',
  }
}
