import { expect, test } from 'vitest'
import type { JournalBody, JournalEvent } from '#shared/journal/event.ts'
import { JournalQueue } from './journal-queue.ts'

const QUEUED: JournalBody = { type: 'queued', task: 'a', index: null }

/** A queue over a disk that answers when it is told to; `told`: what happened, in order. */
function queueOnSlowDisk() {
  const told: string[] = []
  const writes: PromiseWithResolvers<void>[] = []
  const storage = {
    directory: '/',
    append(events: readonly JournalEvent[]) {
      told.push(`write ${events.map(({ n }) => n)}`)
      const write = Promise.withResolvers<void>()
      writes.push(write)
      return write.promise
    },
    logPath: () => '',
    scratchPath: () => '',
    close: async () => undefined,
  }
  const queue = new JournalQueue(
    storage,
    0,
    (events) => told.push(`durable ${events.map(({ n }) => n)}`),
    () => told.push('failed'),
  )
  const wait = (name: string) =>
    queue.whenDurable(
      () => told.push(`run ${name}`),
      () => told.push(`ready ${name}`),
    )
  return { queue, told, writes, wait }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what waits is readied while the disk writes, and runs once it has: its own batch, not the one before', async () => {
  const { queue, told, writes, wait } = queueOnSlowDisk()
  queue.add(QUEUED, 1)
  wait('a')
  queue.add(QUEUED, 2)
  expect(told).toEqual([])
  await turn()
  expect(told).toEqual(['write 0,1', 'ready a'])
  queue.add(QUEUED, 3)
  wait('b')
  await turn()
  expect(told).toEqual(['write 0,1', 'ready a'])
  writes[0]!.resolve()
  await turn()
  expect(told.slice(2)).toEqual(['run a', 'durable 0,1', 'write 2', 'ready b'])
  writes[1]!.resolve()
  await turn()
  expect(told.slice(6)).toEqual(['run b', 'durable 2'])
})

test('what waits for a write that fails never runs', async () => {
  const { queue, told, writes, wait } = queueOnSlowDisk()
  queue.add(QUEUED, 1)
  wait('a')
  await turn()
  writes[0]!.reject(new Error('full'))
  wait('b')
  await turn()
  expect(told).toEqual(['write 0', 'ready a', 'failed'])
})
