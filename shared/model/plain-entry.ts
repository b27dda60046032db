import type { Json } from './pipeline.ts'

/** An entry of a map: its key and what it says. */
export interface PlainEntry {
  readonly key: string
  readonly value: Json
}

/**
 * What the text of one entry says, `indent` columns to the right, blank lines and comments behind it; null where it is
 * not in the plain style that programs and most people write: maps and lists in blocks or on one line, literal blocks,
 * and on one line numbers, words and texts in quotes without escapes. Whatever else YAML allows, mistakes included, is
 * the YAML reader's, which takes ten times as long: what is read here, it reads alike.
 */
export function readPlainEntry(text: string, indent: number): PlainEntry | null {
  if (!PLAIN_TEXT.test(text)) return null
  const block = new Block(text.split('\n'))
  const entries = block.map(indent)
  if (entries === undefined || !block.over) return null
  const [key, ...more] = Object.keys(entries)
  return key === undefined || more.length > 0 ? null : { key, value: entries[key]! }
}

/** No tab, no carriage return or another control character, no other line break, nothing beyond the basic plane. */
const PLAIN_TEXT = /^[\n\x20-\x7e\xa1-\u2027\u2030-\ud7ff]*$/
const MOST_LEVELS = 12

const KEY = /^ *([A-Za-z_][\w.-]{0,199}):(?: +(?=[^ ])|$)/
const ITEM = /^ *- (?=[^ ])/
const EMPTY = /^ *(?:#.*)?$/
/** In a line of its own: a colon only inside a word. */
const WORDS = /^[A-Za-z_/](?:[^:#]|:(?=[^ ]))*(?<! )$/
/** Between brackets. */
const FLOW_WORDS = /[A-Za-z_/][\w./@%+=-]*(?: [\w./@%+=-]+)*/y
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/
const FLOW_NUMBER = /-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?=[ ,\]}])/y
const DURATION = /^(?:\d{1,9}(?:ms|[smhd]))+$/
const FLOW_DURATION = /(?:\d{1,9}(?:ms|[smhd]))+(?=[ ,\]}])/y
const QUOTED = /'([^'\n]*)'(?!')|"([^"\\\n]*)"/y
const FLOW_KEY = /([A-Za-z_][\w.-]{0,199}): +/y

type Entries = { [key: string]: Json }

/** Every method answers undefined for what is not plain. */
class Block {
  private readonly lines: readonly string[]
  private at = 0
  private level = 0

  constructor(lines: readonly string[]) {
    this.lines = lines
  }

  /** Whether nothing is left but blank lines and comments. */
  get over(): boolean {
    return this.indent() < 0
  }

  map(indent: number): Entries | undefined {
    const entries: Entries = Object.create(null)
    while (this.indent() === indent) {
      const line = this.lines[this.at]!
      const found = KEY.exec(line)
      if (!found || Object.hasOwn(entries, found[1]!) || isWord(found[1]!)) return undefined
      this.at++
      const value = this.value(line.slice(found[0].length), indent)
      if (value === undefined) return undefined
      entries[found[1]!] = value
    }
    return this.indent() < indent ? entries : undefined
  }

  /** `rest`: of its key's line. */
  private value(rest: string, indent: number): Json | undefined {
    if (rest === '|' || rest === '|-') return this.literal(indent, rest === '|' ? '\n' : '')
    return rest === '' ? this.nested(indent) : lineValue(rest)
  }

  private nested(indent: number): Json | undefined {
    const inner = this.indent()
    if (inner <= indent || ++this.level > MOST_LEVELS) return undefined
    const value = ITEM.test(this.lines[this.at]!) ? this.list(inner) : this.map(inner)
    this.level--
    return value
  }

  private list(indent: number): Json | undefined {
    const items: Json[] = []
    while (this.indent() === indent) {
      const line = this.lines[this.at++]!
      const found = ITEM.exec(line)
      const item = found ? lineValue(line.slice(found[0].length)) : undefined
      if (item === undefined) return undefined
      items.push(item)
    }
    return this.indent() < indent ? items : undefined
  }

  private literal(indent: number, end: string): string | undefined {
    const inner = columnOf(this.lines[this.at] ?? '')
    if (inner <= indent) return undefined
    const content: string[] = []
    let blank = 0
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!
      const column = columnOf(line)
      if (column < 0) {
        if (line.length > inner) return undefined
        blank++
      } else if (column < inner) {
        if (column > indent) return undefined
        break
      } else {
        while (blank > 0) {
          content.push('')
          blank--
        }
        content.push(line.slice(inner))
      }
    }
    // A last line that no line break ends.
    if (this.at === this.lines.length && this.lines.at(-1) !== '') return undefined
    return content.join('\n') + end
  }

  /** Columns before the next line with content; -1 where there is none. */
  private indent(): number {
    while (this.at < this.lines.length && EMPTY.test(this.lines[this.at]!)) this.at++
    return this.at < this.lines.length ? columnOf(this.lines[this.at]!) : -1
  }
}

/** Of the first character that is no space; -1 where there is none. */
function columnOf(line: string): number {
  return line.search(/[^ ]/)
}

/** true, false and null, however they are written. */
function isWord(text: string): boolean {
  return /^(?:true|false|null)$/i.test(text)
}

function wordValue(text: string): Json | undefined {
  if (!isWord(text)) return text
  if (text === 'true') return true
  if (text === 'false') return false
  return text === 'null' ? null : undefined
}

/** What stands alone to the end of its line. */
function lineValue(text: string): Json | undefined {
  if (NUMBER.test(text)) return Number(text)
  if (DURATION.test(text)) return text
  if (WORDS.test(text)) return wordValue(text)
  const flow = new Flow(text)
  const value = flow.value(0)
  return flow.over ? value : undefined
}

/** Values of one line. */
class Flow {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  get over(): boolean {
    return this.at === this.text.length
  }

  value(level: number): Json | undefined {
    if (level > MOST_LEVELS) return undefined
    if (this.take('{')) return this.map(level)
    if (this.take('[')) return this.list(level)
    const quoted = this.match(QUOTED)
    if (quoted) return quoted[1] ?? quoted[2]
    if (level === 0) return undefined
    const number = this.match(FLOW_NUMBER)
    if (number) return Number(number[0])
    const words = this.match(FLOW_DURATION) ?? this.match(FLOW_WORDS)
    return words ? wordValue(words[0]) : undefined
  }

  private map(level: number): Json | undefined {
    const entries: Entries = Object.create(null)
    if (this.take('}')) return entries
    do {
      const key = this.match(FLOW_KEY)?.[1]
      if (key === undefined || Object.hasOwn(entries, key) || isWord(key)) return undefined
      const value = this.value(level + 1)
      if (value === undefined) return undefined
      entries[key] = value
    } while (this.take(','))
    return this.take('}') ? entries : undefined
  }

  private list(level: number): Json | undefined {
    const items: Json[] = []
    if (this.take(']')) return items
    do {
      const item = this.value(level + 1)
      if (item === undefined) return undefined
      items.push(item)
    } while (this.take(','))
    return this.take(']') ? items : undefined
  }

  /** With the spaces before it, and behind what does not end a value. */
  private take(mark: string): boolean {
    let at = this.at
    while (this.text[at] === ' ') at++
    if (this.text[at] !== mark) return false
    at++
    if (mark !== '}' && mark !== ']') while (this.text[at] === ' ') at++
    this.at = at
    return true
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found) this.at = pattern.lastIndex
    return found
  }
}
