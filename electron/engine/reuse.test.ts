import { afterAll, beforeAll, expect, test } from 'vitest'
import { instanceLabel, type JournalEvent } from '#shared/journal/event.ts'
import { foldRun } from '#shared/journal/fold.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'
import { verifyReplay } from '#shared/scheduler/replay.ts'
import { codeAsRan } from './code-as-ran.ts'
import { type Bench, bench, type FinishedRun, pipelineIn, type RunOptions } from './engine.testing.ts'
import type { RunRequest } from './ports.ts'

let host: Bench
beforeAll(() => {
  host = bench()
})
afterAll(() => host.dispose())

/** Results in memory; `files`: what a path holds. */
function memory(files: ReadonlyMap<string, string> = new Map()) {
  const kept = new Map<string, Readonly<Record<string, Json>>>()
  const cache: NonNullable<RunRequest['cache']> = {
    find: async (key) => {
      const outputs = kept.get(key)
      return outputs === undefined ? null : { outputs, run: 'earlier' }
    },
    keep: async (key, { outputs }) => void kept.set(key, outputs),
  }
  const contentOf: RunRequest['contentOf'] = async (path) => {
    const text = files.get(path.slice(path.lastIndexOf('/') + 1))
    return text === undefined ? null : { size: text.length, hash: `hash of ${text}` }
  }
  return { kept, options: { cache, contentOf } satisfies Partial<RunOptions> }
}

/** By label, of what ended as a success. */
function origins(run: FinishedRun): Record<string, string> {
  const found = run.events.flatMap((event) =>
    event.type === 'settled' && event.state === 'success'
      ? [[instanceLabel(event.task, event.index), event.origin] as const]
      : [],
  )
  return Object.fromEntries(found)
}

function replays(yaml: string, events: readonly JournalEvent[]): unknown {
  const pipeline = pipelineIn(yaml)
  const plan = compilePlan(pipeline, { slots: 1, pools: pipeline.pools, basis: () => 0 })
  return plan.ok ? verifyReplay(plan.value, events) : plan.problems
}

const CACHED = `
params: { n: { type: integer, default: 1 } }
tasks:
  make: { kind: shell, cache: true, env: { A: "\${{ params.n + 1 }}" }, run: 'echo "v:=$A" >> "$DAGWRIGHT_OUTPUT"' }
  each: { kind: python, cache: true, needs: [make], forEach: [1, 2], code: "print(\${{ item * tasks.make.outputs.v }})" }
  plain: { kind: shell, needs: [each], run: "true" }
`

test('the same work runs once; other values, code or items run again', async () => {
  const { options } = memory()
  const first = await host.run(CACHED, { slots: 1, ...options })
  expect(origins(first)).toMatchObject({ make: 'executed', 'each[0]': 'executed', 'each[1]': 'executed' })
  const second = await host.run(CACHED, { slots: 1, ...options })
  expect(origins(second)).toMatchObject({ make: 'cached', 'each[0]': 'cached', 'each[1]': 'cached', plain: 'executed' })
  expect(second.outputs.make).toEqual({ v: 2 })
  expect(replays(CACHED, second.events)).toBeNull()
  expect(foldRun(second.events)!.tasks.get('make')!.instances[0]).toMatchObject({ attempts: [], startedAt: null })

  const other = await host.run(CACHED, { slots: 1, params: { n: 5 }, ...options })
  expect(origins(other)).toMatchObject({ make: 'executed', 'each[0]': 'executed' })
  const changed = await host.run(CACHED.replace('[1, 2]', '[1, 3]'), { slots: 1, ...options })
  expect(origins(changed)).toMatchObject({ make: 'cached', 'each[0]': 'cached', 'each[1]': 'executed' })
  expect(origins(await host.run(CACHED, { slots: 1, ...options, cache: null }))).toMatchObject({ make: 'executed' })
})

test('inputs decide by their content; what cannot be read runs; a failure is not kept', async () => {
  const yaml = `
tasks:
  a: { kind: shell, cache: true, reads: [in.txt], run: "true" }
  b: { kind: shell, cache: true, reads: ["s3://bucket/key"], run: "true" }
  c: { kind: shell, cache: true, run: exit 1 }
`
  const files = new Map([['in.txt', 'one']])
  const { kept, options } = memory(files)
  await host.run(yaml, options)
  expect(kept.size).toBe(1)
  expect(origins(await host.run(yaml, options))).toEqual({ a: 'cached', b: 'executed' })
  files.set('in.txt', 'two')
  expect(origins(await host.run(yaml, options))).toEqual({ a: 'executed', b: 'executed' })
  files.set('in.txt', 'one')
  expect(origins(await host.run(yaml, options))).toEqual({ a: 'cached', b: 'executed' })
  files.delete('in.txt')
  expect(origins(await host.run(yaml, options))).toEqual({ a: 'executed', b: 'executed' })
})

test("the value of a secret is not part of what is known by its key, and other secrets' names are", async () => {
  const yaml = (name: string) => `
tasks:
  a: { kind: python, cache: true, secrets: [${name}], code: "x = \${{ secrets.${name} }}" }
`
  const { kept, options } = memory()
  await host.run(yaml('ONE'), { ...options, secrets: { ONE: 'abc' } })
  const again = await host.run(yaml('ONE'), { ...options, secrets: { ONE: 'other' } })
  expect(origins(again)).toEqual({ a: 'cached' })
  await host.run(yaml('TWO'), { ...options, secrets: { TWO: 'abc' } })
  expect(kept.size).toBe(2)
})

test('a cached branch chooses again, and goes on where its run was torn before it had', async () => {
  const yaml = `
tasks:
  pick: { kind: shell, cache: true, run: 'echo way=left >> "$DAGWRIGHT_OUTPUT"', branch: "\${{ tasks.pick.outputs.way }}" }
  left: { kind: noop, needs: [pick] }
  right: { kind: noop, needs: [pick] }
`
  const { options } = memory()
  await host.run(yaml, { slots: 1, ...options })
  const second = await host.run(yaml, { slots: 1, ...options })
  expect(second.states).toEqual({ pick: 'success', left: 'success', right: 'skipped' })
  expect(origins(second)).toMatchObject({ pick: 'cached' })
  expect(replays(yaml, second.events)).toBeNull()
  const at = second.events.findIndex((event) => event.type === 'satisfied')
  expect(at).toBeGreaterThan(0)
  const resumed = await host.run(yaml, { slots: 1, ...options, past: second.events.slice(0, at + 1) })
  expect(resumed.states).toEqual(second.states)
  expect(origins(resumed)).toMatchObject({ pick: 'cached' })
  expect(resumed.outputs.pick).toEqual({ way: 'left' })
})

test('a pin under a mapped task covers its instances', async () => {
  const run = await host.run('tasks:\n  m: { kind: shell, forEach: [1, 2], run: exit 1 }\n', {
    satisfied: new Map([['m', { origin: 'pinned', outputs: { k: 1 } }]]),
  })
  expect(origins(run)).toMatchObject({ 'm[0]': 'pinned', 'm[1]': 'pinned' })
})

test('a cancel does not wait for inputs that are being read', async () => {
  const never = new Promise<null>(() => undefined)
  const started = host.start('tasks:\n  a: { kind: shell, cache: true, reads: [large], run: "true" }\n', {
    cache: memory().options.cache,
    contentOf: () => never,
  })
  await started.until((event) => event.type === 'starting')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await started.cancel(false)
  expect((await started.finished()).states).toEqual({ a: 'cancelled' })
})

test('a run notes its programs once and what each task read', async () => {
  const { options } = memory(new Map([['in.txt', 'one']]))
  const run = await host.run(
    `
tasks:
  a: { kind: shell, reads: [in.txt, none.txt, "s3://b/k"], run: "true" }
  b: { kind: shell, run: "true" }
  c: { kind: python, code: "pass" }
`,
    options,
  )
  const view = foldRun(run.events)!
  expect(view.interpreters.map(({ program }) => program).sort()).toEqual(['bash', 'python'])
  for (const { version } of view.interpreters) expect(version).toMatch(/\d+\.\d+/)
  expect(view.tasks.get('a')!.instances[0]!.inputs).toEqual([
    { path: 'in.txt', size: 3, hash: 'hash of one' },
    { path: 'none.txt', size: null, hash: null },
    { path: 's3://b/k', size: null, hash: null },
  ])
  expect(view.tasks.get('b')!.instances[0]!.inputs).toBeNull()
})

test('the code as it ran comes back from what the run keeps, with secrets by name', async () => {
  const yaml = `
params: { who: { type: string, default: "it's" } }
tasks:
  a: { kind: shell, run: 'echo n:=[1,2] >> "$DAGWRIGHT_OUTPUT"' }
  b:
    kind: python
    needs: [a]
    forEach: \${{ tasks.a.outputs.n }}
    secrets: [KEY]
    code: |
      x = [\${{ item }}, \${{ params.who }}, \${{ secrets.KEY }}]
`
  const run = await host.run(yaml, { secrets: { KEY: 'hidden value' } })
  expect(run.state).toBe('success')
  const header = run.events[0]!
  if (header.type !== 'run') throw new Error('no header')
  const recorded = { header, pipeline: pipelineIn(yaml), events: run.events, satisfied: new Map() }
  const code = codeAsRan(recorded, 'b', 1)
  expect(code.ok && code.value?.code).toBe(`x = [2, "it's", "\${{ secrets.KEY }}"]\n`)
  expect(JSON.stringify(run.events)).not.toContain('hidden value')
})
