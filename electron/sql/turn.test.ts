import { expect, test } from 'vitest'
import { needsToBeAlone, Turns } from './turn.ts'

test.each([
  ['select 1; set threads = 1', true],
  ["/* a */ -- b\n attach 'x'", true],
  ["select '; set x'", false],
  [`select 'it''s; set x', "a""; use b"`, false],
  ['insert into settings select 1', false],
  [`select '${'x'.repeat(20_000_000)}'; use other`, true],
])('whether text %$ reaches beyond its connection', (sql, alone) => {
  expect(needsToBeAlone(sql)).toBe(alone)
})

test('a turn that is withdrawn lets those behind it go on, and is never given', async () => {
  const turns = new Turns()
  const [first, alone, second] = [false, true, false].map((each) => ({ cwd: '/', alone: each }))
  expect(await turns.acquire(first!)).toBe(true)
  const [waits, behind] = [turns.acquire(alone!), turns.acquire(second!)]
  turns.withdraw(alone!)
  expect([await waits, await behind]).toEqual([false, true])
  turns.withdraw(second!)
  turns.release(first!)
  turns.release(second!)
  expect(await turns.acquire(alone!)).toBe(true)
})
