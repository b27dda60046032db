import { OUTPUT_LIMIT } from '#electron/spawner/limits.ts'
import { maskJson } from '#electron/spawner/mask.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { parseExactly } from './exact-json.ts'

export type Outputs = Readonly<Record<string, Json>>
export type ParsedOutputs =
  | { readonly ok: true; readonly outputs: Outputs }
  /** What is wrong, with its line, as the end of a sentence that begins with the task. */
  | { readonly ok: false; readonly message: string }

const KEY = /^([A-Za-z_][A-Za-z0-9_.-]*)(:?)(=|<<)/

/**
 * Reads the file named by DAGWRIGHT_OUTPUT: `key=text`, `key:=json`, `key<<EOF` … `EOF` for text and `key:<<EOF` for
 * JSON of several lines. The last value of a key counts. Blank lines are skipped; anything else is an error.
 */
export function parseOutputs(text: string): ParsedOutputs {
  const written = text.replace(/^\ufeff/, '').split('\n')
  const lines = written.map((line) => line.replace(/\r$/, ''))
  const values = new Map<string, Json>()
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!
    if (line.trim() === '') continue
    const match = KEY.exec(line)
    if (match === null) return wrong(at, `\`${shorten(line)}\` is neither \`key=text\` nor \`key:=json\``)
    const [head, key, colon, operator] = match as unknown as [string, string, string, string]
    let value = line.slice(head.length)
    const begin = at
    if (operator === '<<') {
      const marker = value.trim()
      if (marker === '') return wrong(at, `the word that ends \`${key}\` is missing after \`<<\``)
      const end = lines.indexOf(marker, at + 1)
      if (end < 0) return wrong(at, `\`${key}\` is never ended by a line \`${marker}\``)
      // A carriage return is part of the value, unless the program ends all its lines so.
      value = (written[at]!.endsWith('\r') ? lines : written).slice(at + 1, end).join('\n')
      at = end
    }
    const parsed = colon === ':' ? parseJson(value) : value
    if (parsed === undefined) return wrong(begin, `the value of \`${key}\` is not JSON`)
    values.set(key, parsed)
  }
  return { ok: true, outputs: Object.fromEntries(values) }
}

/** The failure of a file that was too large to be read at all. */
export function tooLarge(bytes: number): string {
  return `its outputs are ${bytes} bytes; at most ${OUTPUT_LIMIT} are kept. Write large results to a file and pass its path`
}

/** Outputs as the journal may hold them: secrets masked, at most 1 MiB of JSON. */
export function admitOutputs(outputs: Outputs, secrets: readonly string[]): ParsedOutputs {
  const masked = secrets.length === 0 ? outputs : (maskJson(outputs, secrets) as Outputs)
  const bytes = Buffer.byteLength(JSON.stringify(masked))
  return bytes > OUTPUT_LIMIT ? { ok: false, message: tooLarge(bytes) } : { ok: true, outputs: masked }
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function parseJson(text: string): Json | undefined {
  try {
    return parseExactly(text)
  } catch {
    return undefined
  }
}

function wrong(line: number, message: string): ParsedOutputs {
  return { ok: false, message: `line ${line + 1} of its output file is wrong: ${message}` }
}

function shorten(line: string): string {
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
