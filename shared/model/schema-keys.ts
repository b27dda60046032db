import type { z } from 'zod'
import type { Path } from './source.ts'

type Definition = {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly valueType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
}

/** The keys a schema allows at a path; empty where it is no map with fixed keys. */
export function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const definition = schema._zod.def as Definition
  if (definition.innerType) return keysAt(definition.innerType, path)
  if (definition.options) return [...new Set(definition.options.flatMap((option) => keysAt(option, path)))]
  const [step, ...rest] = path
  if (definition.shape) {
    if (step === undefined) return Object.keys(definition.shape)
    const field = Object.hasOwn(definition.shape, step) ? definition.shape[step] : undefined
    return field ? keysAt(field, rest) : []
  }
  const inner = typeof step === 'number' ? definition.element : definition.valueType
  return step !== undefined && inner ? keysAt(inner, rest) : []
}
