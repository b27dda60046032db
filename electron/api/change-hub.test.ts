import { expect, it } from 'vitest'
import { ChangeHub } from './change-hub.ts'

it('knows whether anybody watches, also one who left before it began', async () => {
  const told: boolean[] = []
  const hub = new ChangeHub((watched) => told.push(watched))
  hub.watch(AbortSignal.abort())
  expect(hub.watched).toBe(false)

  const controller = new AbortController()
  const changes = hub.watch(controller.signal)
  expect(hub.watched).toBe(true)
  hub.publish({ type: 'runDeleted', run: 'a' })
  expect(await changes.next()).toMatchObject({ value: { type: 'runDeleted', run: 'a' } })
  controller.abort()
  expect((await changes.next()).done).toBe(true)
  expect(hub.watched).toBe(false)
  expect(told).toEqual([true, false, true, false])
})
