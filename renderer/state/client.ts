import type { ContractClient } from '#shared/contract/client.ts'

let current: ContractClient | null = null

/** Called once, before anything is drawn. */
export function setClient(client: ContractClient): void {
  current = client
}

/** The typed API of the host. Throws (a bug) before `setClient`. */
export function api(): ContractClient {
  if (!current) throw new Error('The client was used before main.tsx connected it.')
  return current
}
