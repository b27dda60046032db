import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pipelineOf, taskOf } from '../formats/pipeline.testing.ts'
import type { Task } from '../model/pipeline.ts'
import { expectedDurations } from './basis.ts'
import { criticalLinks, pipelineAnalysis } from './summary.ts'

/** Of tasks t0, t1, … that need earlier ones. */
function tasksOf(durations: readonly number[], needs: ReadonlySet<string>): readonly Task[] {
  return pipelineOf(
    durations.map((time, number) =>
      taskOf('noop', `t${number}`, {
        estimate: { min: time, likely: time, max: time },
        needs: durations.flatMap((_, before) =>
          before < number && needs.has(`${before} ${number}`) ? [{ task: `t${before}`, when: null }] : [],
        ),
      }),
    ),
  ).tasks
}

/** Every path from a task without needs to one that nobody needs, by trying them all. */
function pathsOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const from = (task: Task): Task[][] => {
    const after = tasks.filter(({ needs }) => needs.some((need) => need.task === task.id))
    return after.length === 0 ? [[task]] : after.flatMap((next) => from(next).map((path) => [task, ...path]))
  }
  return tasks.filter(({ needs }) => needs.length === 0).flatMap(from)
}

it('critical links are those of all longest paths', () => {
  const pair = fc.tuple(fc.nat(6), fc.nat(6)).map(([before, after]) => `${before} ${after}`)
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 7 }),
      fc.array(pair),
      (times, needs) => {
        const tasks = tasksOf(times, new Set(needs))
        const plan = pipelineAnalysis(tasks, expectedDurations(tasks, new Map()))
        const length = (path: readonly Task[]) => path.reduce((sum, { estimate }) => sum + estimate!.likely, 0)
        const paths = pathsOf(tasks)
        const longest = paths.filter((path) => length(path) === Math.max(...paths.map(length)))
        const links = longest.flatMap((path) => path.slice(1).map((task, at) => `${path[at]!.id} ${task.id}`))
        expect(
          criticalLinks(tasks, plan)
            .map((link) => link.join(' '))
            .sort(),
        ).toEqual([...new Set(links)].sort())
      },
    ),
  )
})
