import type { Json } from '../model/pipeline.ts'

/**
 * JSON as CEL sees it: whole numbers are ints (BigInt there), other numbers doubles, objects maps, in which no
 * key means anything but itself.
 */
export function toCel(value: Json, float = false): unknown {
  if (typeof value === 'number') return !float && Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((entry) => toCel(entry, float))
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, entry]) => [key, toCel(entry as Json, float)]))
}

/** The JSON of what CEL computed: ints beyond 2^53 and times become strings, bytes a list of numbers. */
export function fromCel(value: unknown): Json {
  if (value === undefined || value === null) return null
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(fromCel)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return [...value]
  const entries = value instanceof Map ? [...value] : isPlain(value) ? Object.entries(value) : null
  if (entries === null) return String(value)
  const object: Record<string, Json> = {}
  for (const [key, entry] of entries) define(object, String(key), fromCel(entry))
  return object
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** Assignment that also works for a key named `__proto__`. */
function define<T>(object: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}
