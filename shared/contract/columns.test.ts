import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../journal/event.ts'
import { takeAll } from '../model/steps.ts'
import { packObjects, packSteps, unpackObjects } from './columns.ts'
import { contractSerializers } from './serializers.ts'

const field = fc.oneof(
  fc.integer(),
  fc.constantFrom(
    2 ** 53 - 1,
    -(2 ** 53),
    0.5,
    null,
    true,
    'a',
    'a b',
    '',
    { type: 'slot', task: 'a' },
    { type: 'begin' },
  ),
  fc.jsonValue(),
)
const anyEvent = fc
  .record({
    n: fc.nat(),
    t: fc.maxSafeInteger(),
    type: fc.constantFrom('queued', 'settled', '__proto__'),
    rest: fc.dictionary(fc.constantFrom('task', 'index', 'outputs', 'cause'), field),
  })
  .map(({ rest, ...event }) => ({ ...event, ...rest }) as unknown as JournalEvent)

/** What JSON keeps of it. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('events in columns', () => {
  test('come back as they were, in order, fields in order', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        expect(JSON.stringify(unpackObjects(packObjects(events)))).toBe(JSON.stringify(events))
      }),
    )
  })

  test('of several portions come back in order, packed ahead or not', () => {
    const events = Array.from({ length: 4321 }, (_, n) => ({
      n,
      t: 7 * n,
      type: 'queued',
      task: `t${n % 5}`,
      index: null,
    }))
    const list = events as JournalEvent[]
    const text = packObjects([...list])
    expect(takeAll(packSteps(list))).toBe(text)
    expect(packObjects(list)).toBe(text)
    expect(unpackObjects(text)).toEqual(events)
  })

  test('keep hostile fields', () => {
    const outputs = JSON.parse('{"__proto__":{"a":1},"constructor":null}')
    const event = { n: 1, t: 1, type: 'finished', task: '__proto__', outputs } as unknown as JournalEvent
    const [back] = unpackObjects(packObjects([event])) as unknown as { outputs: object }[]
    expect(JSON.stringify(back!.outputs)).toBe('{"__proto__":{"a":1},"constructor":null}')
    expect(Object.hasOwn(back!.outputs, '__proto__')).toBe(true)
  })

  test('are a fraction of their JSON where they are many', () => {
    const events = Array.from({ length: 500 }, (_, n): JournalEvent => {
      const one = { n, t: 1_000_000 + 137 * n, task: `t${n >> 1}`, index: null }
      return n % 2 === 0
        ? { ...one, type: 'queued' }
        : { ...one, type: 'settled', state: 'success', origin: 'executed', reason: null }
    })
    expect(packObjects(events).length).toBeLessThan(JSON.stringify(events).length / 4)
  })
})

describe('the contract’s serializers', () => {
  const known = (value: unknown) => contractSerializers.find(({ condition }) => condition(value))
  const events = Array.from({ length: 30 }, (_, n) => ({ n, t: 2 * n, type: 'queued', task: 'a', index: null }))

  test('take long lists of events, and only those', () => {
    const serializer = known(events)!
    expect(plain(serializer.deserialize(serializer.serialize(events)))).toEqual(events)
    for (const other of [
      [],
      events.slice(1, 4),
      [...events, null],
      events.map(({ n }) => n),
      events[0],
      'text',
      null,
    ]) {
      expect(known(other)).toBeUndefined()
    }
  })
})
