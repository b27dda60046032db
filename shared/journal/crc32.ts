/**
 * CRC-32 as in ISO 3309, zip and PNG (reflected polynomial 0xEDB88320), after the table method of Sarwate (1988) as printed
 * in RFC 1952, section 8.
 */
const TABLE = makeTable()

function makeTable(): Uint32Array {
  const table = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    table[byte] = value
  }
  return table
}

/**
 * Checksum of the ASCII characters of `text` from `start` up to `end`, then of `closing`. Returns an unsigned 32-bit
 * number, or -1 where a character is not ASCII (a journal line is ASCII only, see codec.ts).
 */
export function crc32(text: string, start: number, end: number, closing: string): number {
  let crc = -1
  let seen = 0
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    seen |= code
    crc = TABLE[(crc ^ code) & 0xff]! ^ (crc >>> 8)
  }
  for (let at = 0; at < closing.length; at++) {
    const code = closing.charCodeAt(at)
    seen |= code
    crc = TABLE[(crc ^ code) & 0xff]! ^ (crc >>> 8)
  }
  return seen > 0x7f ? -1 : (crc ^ -1) >>> 0
}
