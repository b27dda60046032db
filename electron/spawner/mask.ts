import type { Json } from '#shared/model/pipeline.ts'

const MASK = Buffer.from('***')

/**
 * Replaces secrets in a stream of bytes, wherever the stream happens to be cut into chunks. Overlapping occurrences
 * become one mask. Holds back at most (longest secret − 1) bytes: a tail that may be the beginning of a secret.
 */
export interface Masker {
  push(chunk: Buffer): Buffer
  /** What was held back; no secret can be complete in it. */
  end(): Buffer
}

export function createMasker(secrets: readonly string[]): Masker {
  const needles = [...new Set(secrets)].filter((secret) => secret !== '').map((secret) => Buffer.from(secret))
  if (needles.length === 0) return { push: (chunk) => chunk, end: () => Buffer.alloc(0) }

  let held: Buffer = Buffer.alloc(0)
  /** How many bytes at the front of `held` belong to a mask that was already written. */
  let covered = 0

  function emit(text: Buffer, cut: number): Buffer {
    const out: Buffer[] = []
    let at = 0
    let coveredAfter = cut === 0 ? covered : 0
    for (const mask of occurrences(text, needles, covered)) {
      if (mask.start >= cut) break
      if (mask.start > at) out.push(text.subarray(at, mask.start))
      if (!mask.written) out.push(MASK)
      at = Math.min(mask.end, cut)
      coveredAfter = Math.max(0, mask.end - cut)
    }
    if (at < cut) out.push(text.subarray(at, cut))
    // A copy: the chunk it is a view of may be large.
    held = Buffer.from(text.subarray(cut))
    covered = coveredAfter
    return out.length === 1 ? out[0]! : Buffer.concat(out)
  }

  return {
    push(chunk) {
      const text = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      return emit(text, holdFrom(text, needles))
    },
    end: () => emit(held, held.length),
  }
}

/** Masks a whole text at once. */
export function maskText(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return text
  const masker = createMasker(secrets)
  return Buffer.concat([masker.push(Buffer.from(text)), masker.end()]).toString()
}

/** Masks every text and key of a value, and a number that is a secret. */
export function maskJson(value: Json, secrets: readonly string[]): Json {
  if (secrets.length === 0 || value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return maskText(value, secrets)
  if (typeof value === 'number') {
    const masked = maskText(String(value), secrets)
    return masked === String(value) ? value : masked
  }
  if (Array.isArray(value)) return value.map((item: Json) => maskJson(item, secrets))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [maskText(key, secrets), maskJson(item as Json, secrets)]),
  )
}

interface Mask {
  readonly start: number
  end: number
  readonly written: boolean
}

/** All occurrences, in order, overlapping ones joined. The first `covered` bytes count as a mask already written. */
function occurrences(text: Buffer, needles: readonly Buffer[], covered: number): Mask[] {
  const found: Mask[] = covered > 0 ? [{ start: 0, end: covered, written: true }] : []
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      found.push({ start: at, end: at + needle.length, written: false })
    }
  }
  found.sort((a, b) => a.start - b.start || Number(b.written) - Number(a.written))
  const joined: Mask[] = []
  for (const mask of found) {
    const last = joined.at(-1)
    if (last !== undefined && mask.start < last.end) last.end = Math.max(last.end, mask.end)
    else joined.push({ ...mask })
  }
  return joined
}

/** Where the longest tail begins that is the (incomplete) beginning of a needle. */
function holdFrom(text: Buffer, needles: readonly Buffer[]): number {
  let from = text.length
  for (const needle of needles) {
    let at = text.indexOf(needle[0]!, Math.max(0, text.length - needle.length + 1))
    while (at >= 0 && at < from) {
      if (text.compare(needle, 0, text.length - at, at) === 0) from = at
      else at = text.indexOf(needle[0]!, at + 1)
    }
  }
  return from
}
