import { expect, it } from 'vitest'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { TERMINAL } from './caller.ts'
import { Owner, SHUTTING_DOWN } from './owner.ts'
import type { Ownership } from './ports.ts'

/** A workspace that nobody holds. */
const FREE: Ownership = {
  holder: async () => null,
  acquire: async () => ({ claim: { release: async () => undefined } }),
  connect: () => Promise.reject(new Error('There is nobody to connect to.')),
}
const there = () => Promise.reject(new Error('There is nobody else.'))

it('counts what it is about to start, and closes only once that is started', async () => {
  const owner = new Owner({} as WorkspaceStore, FREE)
  const starting = Promise.withResolvers<string>()
  const began = Promise.withResolvers<void>()
  const result = owner.through(TERMINAL, there, () => {
    began.resolve()
    return starting.promise
  })
  await began.promise
  expect(owner.working).toBe(1)

  let closed = false
  const closing = owner.close().then(() => {
    closed = true
  })
  await Promise.resolve()
  expect(closed).toBe(false)
  starting.resolve('started')
  await closing
  expect([await result, owner.working]).toEqual(['started', 0])
})

it('starts nothing once it is closed, not even what was claimed before', async () => {
  const owner = new Owner({} as WorkspaceStore, FREE)
  let started = false
  const result = owner
    .through(TERMINAL, there, async () => {
      started = true
    })
    .catch((error: unknown) => appErrorOf(error)?.code)
  await owner.close()
  expect(await result).toBe('ENGINE_FAILED')
  expect(started).toBe(false)
})

const HOLDER = {
  pid: 1,
  startTime: null,
  bootId: '',
  host: 'here',
  label: 'dagwright run',
  since: '',
  socket: 'gone',
}

it('reads the disk where the owner is just going', async () => {
  const owner = new Owner({} as WorkspaceStore, {
    ...FREE,
    holder: async () => HOLDER,
    connect: async () => ({
      client: {} as ContractClient,
      closed: new Promise(() => undefined),
      close: () => undefined,
    }),
  })
  const leaving = () => Promise.reject(new AppError(SHUTTING_DOWN))
  const failing = () => Promise.reject(new AppError({ code: 'RUN_NOT_FOUND', message: 'There is no such run.' }))
  expect(await owner.read(TERMINAL, leaving, async () => 'disk')).toBe('disk')
  await expect(owner.read(TERMINAL, failing, async () => 'disk')).rejects.toThrow('There is no such run.')
})

it('takes over from an owner that goes while it is being connected to', async () => {
  let asked = 0
  const owner = new Owner({} as WorkspaceStore, {
    ...FREE,
    acquire: async () => (asked++ === 0 ? { holder: HOLDER } : { claim: { release: async () => undefined } }),
  })
  expect(await owner.through(TERMINAL, there, async () => 'here')).toBe('here')
})
