import { expect, it } from 'vitest'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { HostPorts } from './ports.ts'
import { Sessions } from './sessions.ts'

const codeOf = (error: unknown) => appErrorOf(error)?.code

it('opens nothing any more once it is going, and keeps what is open until it is gone', async () => {
  const released = Promise.withResolvers<void>()
  const ports = {
    openStore: async (root: string) => ({ root, file: null }) as WorkspaceStore,
    ownership: {
      holder: async () => null,
      acquire: async () => ({ claim: { release: () => released.promise } }),
      connect: () => Promise.reject(new Error('There is nobody to connect to.')),
    },
  } as unknown as HostPorts
  const sessions = new Sessions(ports)
  const { session } = await sessions.open('/open')
  await session.owner.claim({ typedByPerson: true })

  const disposed = sessions.dispose()
  expect(await sessions.get('/open')).toBe(session)
  expect(await sessions.get('/other').catch(codeOf)).toBe('ENGINE_FAILED')
  released.resolve()
  await disposed
  expect(await sessions.get('/open').catch(codeOf)).toBe('ENGINE_FAILED')
})
