import type { Json } from '../model/pipeline.ts'

/** What an expression may look at. Everything is data of the run; nothing is looked up outside. */
export interface Scope {
  readonly params: Readonly<Record<string, Json>>
  /** Parameters of type `number`: their values are floating point even where they happen to be whole. */
  readonly floatParams?: ReadonlySet<string>
  readonly env: ReadonlyMap<string, string>
  readonly secrets: ReadonlyMap<string, string>
  readonly run: {
    readonly id: string
    readonly logicalDate: string
    readonly dataInterval: { readonly start: string; readonly end: string }
  }
  /** The ancestors that have ended. A mapped task's outputs are lists by index. */
  readonly tasks: ReadonlyMap<string, { readonly state: string; readonly outputs: Readonly<Record<string, Json>> }>
  /** Only in an instance of a mapped task. */
  readonly item?: Json
  readonly index?: number
  /** Only in the outputs of an http task. */
  readonly response?: Json
}

export type ScopeRoot = 'params' | 'env' | 'secrets' | 'run' | 'tasks' | 'item' | 'index' | 'response'
export const SCOPE_ROOTS: readonly ScopeRoot[] = [
  'params',
  'env',
  'secrets',
  'run',
  'tasks',
  'item',
  'index',
  'response',
]
