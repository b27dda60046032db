import { type ClientContext, type ClientLink, createORPCClient } from '@orpc/client'
import { createRouterClient } from '@orpc/server'
import type { Caller } from '#electron/api/caller.ts'
import type { ApiRouter } from '#electron/api/router.ts'
import { isConnectionError } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { watchingLink } from '#shared/contract/watching.ts'
import { pauseForCall } from './pause.ts'

/** The contract without a transport: what the CLI uses when it is the engine's own process. */
export function connectInProcess(router: ApiRouter, caller: Caller): ContractClient {
  const direct = createRouterClient(router, { context: caller })
  const link: ClientLink<ClientContext> = {
    async call(path, input, { signal }) {
      let procedure: unknown = direct
      for (const name of path) procedure = (procedure as Record<string, unknown>)[name]
      return (procedure as (input: unknown, options: { signal?: AbortSignal }) => unknown)(input, { signal })
    },
  }
  return createORPCClient(watchingLink(link, pauseForCall, isConnectionError))
}
