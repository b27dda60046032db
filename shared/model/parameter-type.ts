import type { Json, Parameter } from './pipeline.ts'

/** What is wrong with a value of a parameter, continuing "The value …"; null where it fits. */
export function typeMismatch(parameter: Parameter, value: Json): string | null {
  if (!hasType(parameter.type, value))
    return `must be ${ARTICLES[parameter.type]}, not ${JSON.stringify(value)?.slice(0, 60)}`
  if (parameter.enum && !parameter.enum.some((allowed) => equal(allowed, value))) {
    return `must be one of ${parameter.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`
  }
  if (typeof value !== 'number') return null
  if (parameter.minimum !== null && value < parameter.minimum) return `must be at least ${parameter.minimum}`
  if (parameter.maximum !== null && value > parameter.maximum) return `must be at most ${parameter.maximum}`
  return null
}

const ARTICLES: Readonly<Record<Parameter['type'], string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
}

function hasType(type: Parameter['type'], value: Json): boolean {
  switch (type) {
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return typeof value === type
  }
}

/** Deep equality; the order of keys does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
    )
  }
  const left = a as { readonly [key: string]: Json }
  const right = b as { readonly [key: string]: Json }
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  )
}
