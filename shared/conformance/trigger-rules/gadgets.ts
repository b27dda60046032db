import { stringify } from 'yaml'
import { TRIGGER_RULES, type TriggerRule } from '../../model/pipeline.ts'
import { type ConformanceCase, loadCase } from '../case.ts'
import { type Ending, type RuleTable, verdictOf } from './table.ts'

const MOST_UPSTREAMS = 3
/** In seconds: upstreams of one place end within a round, so places never meet. */
const ROUND = 10
const WHEN_IN_ROUND: Readonly<Record<Ending, number>> = { s: 1, f: 2, c: 3, k: 4, u: 5 }
const STATE: Readonly<Record<Ending, string>> = {
  s: 'success',
  f: 'failed',
  c: 'cancelled',
  k: 'skipped',
  u: 'upstream_failed',
}

/** Every ending a real task can be made to have; `c` needs somebody who cancels. */
export const REAL_ENDINGS: readonly Ending[] = ['s', 'f', 'k', 'u']
export const ALL_ENDINGS: readonly Ending[] = ['s', 'f', 'c', 'k', 'u']

/** A rule over upstreams of which the first ends in round 0, the second in round 1, the third in round 2. */
export interface Gadget {
  readonly id: string
  readonly rule: TriggerRule
  readonly endings: readonly Ending[]
  readonly needs: readonly string[]
}

/** These rules over every combination, in every order of ending, of up to three upstreams. */
export function gadgetsOf(rules: readonly TriggerRule[], endings: readonly Ending[]): readonly Gadget[] {
  return rules.flatMap((rule) =>
    combinations(endings).map((combination) => ({
      id: `${rule}-${combination.join('')}`,
      rule,
      endings: combination,
      needs: combination.map((ending, round) => `${ending}${round}`),
    })),
  )
}

/**
 * One pipeline with all these gadgets as its leaves, and what the table says must come of it: every state, every start
 * in order with its time, and its cause. Throws where it is no valid case.
 */
export function ruleCase(table: RuleTable, rules: readonly TriggerRule[], endings: readonly Ending[]): ConformanceCase {
  const gadgets = gadgetsOf(rules, endings)
  const upstreams = upstreamsOf(endings)
  const expected = gadgets.map((gadget) => {
    const { verdict, after } = verdictOf(table, gadget.rule, gadget.endings)
    const by = after === 0 ? null : `${gadget.endings[after - 1]}${after - 1}`
    const at = after === 0 ? 0 : endOf(gadget.endings[after - 1] as Ending, after - 1)
    return { id: gadget.id, verdict, at, line: `${gadget.id} @${at} ${by === null ? 'begin' : `dependency ${by}`}` }
  })
  const starts = expected.filter(({ verdict }) => verdict === 'success').sort((a, b) => a.at - b.at)
  const text = stringify({
    name: `${rules.length === TRIGGER_RULES.length ? 'every rule' : rules.join(', ')} over every combination`,
    about: 'DESIGN 4.2: states and instants as the table says',
    pipeline: stringify({
      dagwright: 1,
      id: 'p',
      concurrency: 100_000,
      params: { no: { type: 'boolean', default: false } },
      tasks: Object.fromEntries([
        ...upstreams.map(({ id, fields }) => [id, { kind: 'noop', ...fields }]),
        ...gadgets.map(({ id, rule, needs }) => [id, { kind: 'noop', needs, triggerRule: rule }]),
      ]),
    }),
    attempts: Object.fromEntries([
      ...upstreams.flatMap(({ id, attempt }) => (attempt === null ? [] : [[id, attempt]])),
      ...gadgets.map(({ id }) => [id, 0]),
    ]),
    answers: { when: Object.fromEntries(upstreams.flatMap(({ id }) => (id.startsWith('k') ? [[id, false]] : []))) },
    ...(endings.includes('c') ? { notReal: 'a task cannot cancel itself' } : {}),
    expect: {
      state: expected.some(({ verdict }) => verdict === 'upstream_failed') ? 'failed' : 'success',
      makespan: Math.max(...endings.map((ending) => endOf(ending, MOST_UPSTREAMS - 1))),
      states: Object.fromEntries([
        ...upstreams.map(({ id, state }) => [id, state]),
        ...expected.map(({ id, verdict }) => [id, verdict]),
      ]),
      starts: [
        ...upstreams.flatMap(({ id, attempt }) => (attempt === null ? [] : [`${id} @0 begin`])),
        ...starts.map(({ line }) => line),
      ],
    },
  })
  const loaded = loadCase(text)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.value
}

function combinations(endings: readonly Ending[]): readonly (readonly Ending[])[] {
  let longest: readonly (readonly Ending[])[] = [[]]
  return Array.from({ length: MOST_UPSTREAMS }, () => {
    longest = longest.flatMap((before) => endings.map((ending) => [...before, ending]))
    return longest
  }).flat()
}

/** In seconds. */
function endOf(ending: Ending, round: number): number {
  return round * ROUND + WHEN_IN_ROUND[ending]
}

interface Upstream {
  readonly id: string
  readonly fields: object
  /** null: it never starts. */
  readonly attempt: object | null
  readonly state: string
}

/** What ends as wanted in every round. They start in file order; skipped and upstream_failed follow one that takes the time. */
function upstreamsOf(endings: readonly Ending[]): readonly Upstream[] {
  let priority = 1000
  return Array.from({ length: MOST_UPSTREAMS }, (_, round) => round).flatMap((round) =>
    endings.flatMap((ending): Upstream[] => {
      const id = `${ending}${round}`
      const runs = (name: string, ends: string, state: string): Upstream => ({
        id: name,
        fields: { priority: priority-- },
        attempt: { takes: endOf(ending, round), ends },
        state,
      })
      const settles = (fields: object): Upstream => ({ id, fields, attempt: null, state: STATE[ending] })
      if (ending === 'k') {
        const fields = { needs: [`before-${id}`], when: '${{ params.no }}' }
        return [runs(`before-${id}`, 'success', 'success'), settles(fields)]
      }
      if (ending === 'u') {
        return [runs(`before-${id}`, 'failed', 'failed'), settles({ needs: [`before-${id}`] })]
      }
      return [runs(id, STATE[ending], STATE[ending])]
    }),
  )
}
