import type { JournalEvent } from '../../journal/event.ts'
import { TRIGGER_RULES } from '../../model/pipeline.ts'
import { type Gadget, gadgetsOf, REAL_ENDINGS } from './gadgets.ts'
import { type Ending, type RuleTable, verdictOf } from './table.ts'

/**
 * Every difference between a real run's journal of the case of all rules over `REAL_ENDINGS` and the table, a line each.
 * Real upstreams may end in another order than planned, so each gadget is held to the order that its own ones took: its
 * verdict must stand in the journal after the end that decided it and before the next one.
 */
export function verdictDifferences(table: RuleTable, events: readonly JournalEvent[]): string[] {
  const settledAt = new Map<string, number>()
  const firstAt = new Map<string, number>()
  const states = new Map<string, string>()
  events.forEach((event, at) => {
    if (event.type !== 'queued' && event.type !== 'starting' && event.type !== 'settled') return
    if (!firstAt.has(event.task)) firstAt.set(event.task, at)
    if (event.type !== 'settled') return
    settledAt.set(event.task, at)
    states.set(event.task, event.state)
  })
  return gadgetsOf(TRIGGER_RULES, REAL_ENDINGS).flatMap((gadget) => {
    const ends = endsOf(gadget, settledAt)
    const endings = ends.map(({ ending }) => ending)
    const { verdict, after } = verdictOf(table, gadget.rule, endings)
    const wrong: string[] = []
    const state = states.get(gadget.id)
    if (state !== verdict) wrong.push(`${gadget.id}: ${state}, expected ${verdict}`)
    const first = firstAt.get(gadget.id) ?? -1
    const [from, to] = [ends[after - 1]?.at ?? 0, ends[after]?.at ?? events.length]
    if (first < from || first > to) wrong.push(`${gadget.id}: decided at event ${first}, not between ${from} and ${to}`)
    return wrong
  })
}

function endsOf(gadget: Gadget, settledAt: ReadonlyMap<string, number>) {
  return gadget.needs
    .map((need, place) => ({ ending: gadget.endings[place] as Ending, at: settledAt.get(need) ?? -1 }))
    .sort((a, b) => a.at - b.at)
}
