import { createRouterClient } from '@orpc/server'
import type { Caller } from '#electron/api/caller.ts'
import type { ApiRouter } from '#electron/api/router.ts'
import type { ContractClient } from '#shared/contract/client.ts'

/** The contract without a transport: what the CLI uses when it is the engine's own process. */
export function connectInProcess(router: ApiRouter, caller: Caller): ContractClient {
  return createRouterClient(router, { context: caller })
}
