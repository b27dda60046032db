import type { StandardRPCCustomJsonSerializer } from '@orpc/client/standard'

/**
 * oRPC copies objects by assignment, which loses a key named `__proto__`, and a task may be called that. Such objects
 * travel as a list of pairs. Both sides of every transport must use these.
 */
export const contractSerializers: readonly StandardRPCCustomJsonSerializer[] = [
  {
    type: 20,
    condition: (data) => typeof data === 'object' && data !== null && Object.hasOwn(data, '__proto__'),
    serialize: (data: Record<string, unknown>) => Object.entries(data),
    deserialize: (pairs: [string, unknown][]) => Object.fromEntries(pairs),
  },
]
