import { implement } from '@orpc/server'
import { contract } from '#shared/contract/procedures.ts'
import type { Caller } from './caller.ts'
import { describeFailure, type FailureLog, toContractError } from './failure.ts'

/**
 * The contract, ready to be given handlers. Whatever a handler (or the stream it returned) throws reaches the caller as
 * the contract's typed error and nothing else.
 */
export function implementer(log: FailureLog) {
  return implement(contract)
    .$context<Caller>()
    .use(async ({ next, path }) => {
      try {
        const result = await next()
        const output: unknown = result.output
        return isStream(output) ? { ...result, output: told(output, path, log) as never } : result
      } catch (error) {
        throw toContractError(describeFailure(error, path, log))
      }
    })
}
export type Implementer = ReturnType<typeof implementer>

type Stream = AsyncIteratorObject<unknown>

function isStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value
}

function told(stream: Stream, path: readonly string[], log: FailureLog): Stream {
  const close = async () => (await stream.return?.()) ?? { done: true as const, value: undefined }
  return {
    next: () =>
      stream.next().catch((error: unknown) => {
        throw toContractError(describeFailure(error, path, log))
      }),
    return: close,
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await close()
    },
  }
}
