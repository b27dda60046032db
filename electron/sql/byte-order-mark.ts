import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js'

/** The binding takes U+FEFF at the beginning of a value for the mark of a file, and drops it. A value has no mark. */
export function keepByteOrderMarks(): void {
  const whole = new TextDecoder('utf-8', { ignoreBOM: true })
  Object.defineProperty(textDecoder, 'decode', { value: whole.decode.bind(whole) })
}
