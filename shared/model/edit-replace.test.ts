import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from './document.ts'
import { replaceTask } from './edit-replace.ts'
import { applyPatches } from './patch.ts'
import type { Pipeline } from './pipeline.ts'
import { findCycles, taskGraph } from './task-graph.ts'
import { randomDocument } from './testing/random-document.testing.ts'

const HEAD = 'dagwright: 1\nid: p\n'

function replaced(text: string, id: string, by: string): string {
  const result = replaceTask(parseDocument(text), id, by)
  if (!result.ok) throw new Error(result.problems[0]!.message)
  return applyPatches(text, result.value)
}

describe('a task in place of another', () => {
  it('takes its links, group, place and handlers, and what expressions say of it', () => {
    const text = `${HEAD}onSuccess: [old, new]
tasks:
  a: { kind: noop }
  old: { kind: noop, needs: [a] }
  # by hand
  new: { kind: shell, run: echo new }
  c: { kind: shell, needs: [{ task: old, when: "\${{ true }}" }], run: "echo \${{ tasks.old.state }}" }
groups:
  g: { tasks: [a, old] }
canvas:
  old: [10, 20]
`
    expect(replaced(text, 'old', 'new')).toBe(`${HEAD}onSuccess: [new]
tasks:
  a: { kind: noop }
  # by hand
  new: { kind: shell, run: echo new, needs: [a] }
  c: { kind: shell, needs: [{ task: new, when: "\${{ true }}" }], run: "echo \${{ tasks.new.state }}" }
groups:
  g: { tasks: [a, new] }
canvas:
  new: [10, 20]
`)
  })

  it('of its own neighbour closes the gap', () => {
    const chain = `${HEAD}tasks:\n  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n  c: { kind: noop, needs: [b] }\n`
    expect(replaced(chain, 'b', 'c')).toBe(`${HEAD}tasks:\n  a: { kind: noop }\n  c: { kind: noop, needs: [a] }\n`)
    expect(replaced(chain, 'b', 'a')).toBe(`${HEAD}tasks:\n  a: { kind: noop }\n  c: { kind: noop, needs: [a] }\n`)
  })

  it('is refused where it would close a cycle', () => {
    const text = `${HEAD}tasks:\n  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n  c: { kind: noop, needs: [b] }\n`
    const result = replaceTask(parseDocument(text), 'a', 'c')
    expect(result.ok ? null : result.problems[0]!.code).toBe('CYCLE')
  })

  it('leaves the links that a look at the graph foretells', () => {
    fc.assert(
      fc.property(randomDocument, fc.nat(), fc.nat(), ({ text, ids }, one, other) => {
        const [id, by] = [ids[one % ids.length]!, ids[other % ids.length]!]
        const before = parseDocument(text)
        const wanted = new Set(
          linksOf(before.pipeline!)
            .map(([from, to]) => [from === id ? by : from, to === id ? by : to])
            .filter(([from, to]) => from !== to)
            .map((link) => link.join(' ')),
        )
        const result = replaceTask(before, id, by)
        if (!result.ok) {
          expect(result.problems[0]!.code).toBe('CYCLE')
          return
        }
        const after = parseDocument(applyPatches(text, result.value)).pipeline!
        expect(new Set(linksOf(after).map((link) => link.join(' ')))).toEqual(wanted)
        expect(findCycles(taskGraph(after.tasks))).toEqual([])
        expect(after.tasks.map((task) => task.id)).toEqual(ids.filter((task) => task !== id || id === by))
      }),
      { numRuns: 80 },
    )
  })
})

function linksOf({ tasks }: Pipeline): readonly (readonly [string, string])[] {
  return tasks.flatMap((task) => task.needs.map((need) => [need.task, task.id] as const))
}
