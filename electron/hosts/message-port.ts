import type { SupportedMessagePort } from '@orpc/client/message-port'
import { RPCHandler } from '@orpc/server/message-port'
import type { Caller } from '#electron/api/caller.ts'
import { contractSerializers } from '#shared/contract/serializers.ts'
import type { AnyRouter } from './connection.ts'

/**
 * Serves the contract on message ports: Electron's MessagePortMain on the desktop, Node's MessagePort in tests. When
 * the other side closes its port, every call on it is aborted. The caller starts the port (`port.start()`) afterwards.
 */
export function messagePortHost(router: AnyRouter, caller: Caller): { serve(port: SupportedMessagePort): void } {
  const handler = new RPCHandler(router, { customJsonSerializers: contractSerializers })
  return { serve: (port) => handler.upgrade(port, { context: caller }) }
}
