import { expect, test } from 'vitest'
import { foldRun } from '../journal/fold.ts'
import { TestHost } from '../scheduler/host.testing.ts'
import { compilePlan } from '../scheduler/plan.ts'
import { ALL_TRAITS, hashed, type Traits, worldOf } from '../scheduler/world.testing.ts'
import { realizedPath } from './realized-path.ts'
import { SimulationCore } from './simulation-core.ts'
import { modelFromRun } from './simulation-model.ts'
import { SimulationTrace } from './simulation-trace.ts'

/** The nodes of the path by the trace of a simulation of a journal, and by the journal itself. */
function pathsOf(seed: number, traits: Traits): { traced: string[]; realized: string[] } | null {
  const world = worldOf(seed, traits)
  // The test host's journal counts instances of its own for a task that follows another.
  if (world.pipeline.tasks.some(({ forEach }) => forEach?.type === 'each')) return null
  const plan = compilePlan(world.pipeline, { slots: world.slots, pools: world.pipeline.pools, basis: world.basis })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  const spread = (...place: readonly number[]) => Math.floor(hashed(seed, ...place, 6) * 1e6)
  const apart = { ...world, duration: (...at: [number, number, number]) => world.duration(...at) * 1e6 + spread(...at) }
  const host = new TestHost(plan.value, apart, seed, { unruly: false })
  host.run()
  const view = foldRun(host.journal)
  const realized = view === null ? null : realizedPath(view, host.journal)
  // What ended at one instant may stand in any order, and a verdict without an attempt has no single cause.
  const last = view?.order
    .flatMap((id) => view.tasks.get(id)!.instances)
    .filter((one) => one.endedAt === realized?.makespan)
  if (realized === null || last?.length !== 1 || realized.links.some((link) => link.attempt === 0)) return null
  const trace = new SimulationTrace()
  const core = new SimulationCore(plan.value, {}, trace)
  const nodes: string[] = []
  for (let again = 0; again < 2; again++) {
    nodes.length = 0
    trace.clear(core)
    core.run(modelFromRun(plan.value, host.journal))
    trace.walk((node) => nodes.push(`${plan.value.ids[core.state.task[node]!]} ${core.state.index[node]}`))
  }
  const linked = realized.links.map(({ task, index }) => `${task} ${index ?? -1}`)
  return { traced: nodes.reverse(), realized: linked }
}

test('the path of a simulated journal is the path of the journal', () => {
  let long = 0
  for (let seed = 1; seed <= 800; seed++) {
    const paths = pathsOf(seed, { ...ALL_TRAITS, conditions: false, given: false })
    if (paths === null) continue
    expect(paths.traced, `seed ${seed}`).toEqual(paths.realized)
    if (paths.realized.length > 3) long++
  }
  expect(long).toBeGreaterThan(100)
})
