import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from './procedures.ts'

/** The contract from the caller's side, the same over every transport. */
export type ContractClient = ContractRouterClient<Contract>
