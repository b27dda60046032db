import { describe, expect, test } from 'vitest'
import { TestHost } from './host.testing.ts'
import { verifyReplay } from './replay.ts'
import { forSeeds } from './seeds.testing.ts'
import { FIRST_FINAL, type SchedulerState, Status } from './state.ts'
import { ALL_TRAITS, hashed, type World, worldOf } from './world.testing.ts'

const SEEDS = 200

/** A random pipeline of which some instances have an earlier result, found after a while. */
function cachedWorld(seed: number): World {
  return {
    ...worldOf(seed, { ...ALL_TRAITS, given: false }),
    found: (task, index) => (hashed(seed, task, index) < 0.4 ? 1 + Math.floor(hashed(seed, index, task) * 20) : -1),
  }
}

function ends(state: SchedulerState): readonly number[] {
  return Array.from(state.status.subarray(0, state.nodes))
}

describe.each([{ unruly: false }, { unruly: true }])(
  'results found in the cache, unruly host: $unruly',
  ({ unruly }) => {
    test('the journal replays to the same decisions', () => {
      let found = 0
      forSeeds(
        SEEDS,
        (seed, world, plan) => {
          const host = new TestHost(plan, world, seed, { unruly })
          host.run()
          found += host.journal.filter((event) => event.type === 'settled' && event.origin === 'cached').length
          expect(verifyReplay(plan, host.journal)).toBeNull()
          expect(ends(host.state).every((status) => status >= FIRST_FINAL || status === Status.unselected)).toBe(true)
        },
        cachedWorld,
      )
      expect(found).toBeGreaterThan(SEEDS)
    })
  },
)

test('a journal torn anywhere resumes to an end, and where a batch was whole it replays exactly', () => {
  forSeeds(
    SEEDS / 4,
    (seed, world, plan) => {
      const whole = new TestHost(plan, world, seed, { unruly: false })
      whole.run()
      for (let cut = 1; cut < whole.journal.length; cut += 3) {
        const resumed = new TestHost(plan, world, seed, { unruly: false })
        resumed.resume(whole.journal.slice(0, cut))
        expect(resumed.state.ended).toBe(true)
        if (whole.turns.some(({ written }) => written === cut)) {
          expect(verifyReplay(plan, resumed.journal)).toBeNull()
        }
      }
    },
    cachedWorld,
  )
})
