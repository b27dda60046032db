import type { Json } from '../model/pipeline.ts'
import { type Finding, type FindingCode, found, type Outcome, shifted } from './finding.ts'
import { scanJavascript } from './language/javascript.ts'
import { javascriptLiteral, pythonLiteral, shellLiteral, sqlIdentifier, sqlLiteral } from './language/literal.ts'
import type { Place, Scanner } from './language/place.ts'
import { scanPowershell } from './language/powershell.ts'
import { scanPython } from './language/python.ts'
import { scanShell } from './language/shell.ts'
import { scanSql } from './language/sql.ts'
import type { Scope } from './scope.ts'
import { type Hole, parseTemplate, type Template, textOf } from './template.ts'

/** cmd has no scanner: `!NAME!` means the same wherever it stands. */
export type Language = 'shell' | 'powershell' | 'cmd' | 'python' | 'javascript' | 'sql'

/** What to execute. `env` goes into the process's environment; only shells use it. */
export interface RenderedCode {
  readonly code: string
  readonly env: Readonly<Record<string, string>>
}

/** Linux takes no more than 128 KiB in one environment variable, Windows 32,767 characters; a character has up to 3 bytes. */
const LONGEST_VARIABLE = 32_000
/** All variables of a process and its arguments share a room of about 2 MiB. */
const MOST_VARIABLES = 512_000

const SCANNERS: Readonly<Record<Language, Scanner>> = {
  shell: scanShell,
  powershell: scanPowershell,
  cmd: (_source, holes) => holes.map(() => 'code'),
  python: scanPython,
  javascript: scanJavascript,
  sql: scanSql,
}

/** Finds what is wrong with the expressions of a program without having their values. Findings are relative to `source`. */
export function checkCode(language: Language, source: string): Outcome<Template> {
  const parsed = parseTemplate(source)
  if (!parsed.ok) return parsed
  const template = parsed.value
  const findings = SCANNERS[language](source, template.holes).flatMap(
    (place, i) =>
      misplaced(language, place, template, template.holes[i]) ?? adjoining(language, template, template.holes[i]) ?? [],
  )
  return findings.length > 0 ? found(...findings) : parsed
}

/**
 * Puts the values of a program's expressions where they stand, as values of its language: never as pasted text.
 * Shells get references to variables; the others literals.
 */
export function renderCode(language: Language, source: string, scope: Scope): Outcome<RenderedCode> {
  const checked = checkCode(language, source)
  if (!checked.ok) return checked
  const { holes } = checked.value
  const places = SCANNERS[language](source, holes)
  const rendering = new Rendering(language)
  let code = ''
  let at = 0
  for (const [i, hole] of holes.entries()) {
    const value = hole.expression.evaluate(scope)
    if (!value.ok) return found(...shifted(value.findings, hole.start + 3))
    const written = rendering.write(value.value, places[i], hole, source[hole.end])
    if (!written.ok) return written
    code += source.slice(at, hole.start) + written.value
    at = hole.end
  }
  return { ok: true, value: { code: rendering.prelude + code + source.slice(at), env: rendering.env } }
}

class Rendering {
  readonly env: Record<string, string> = {}
  prelude = ''
  readonly #language: Language
  #count = 0
  #length = 0

  constructor(language: Language) {
    this.#language = language
  }

  /** `next`: the character behind the hole. */
  write(value: Json, place: Place, hole: Hole, next: string | undefined): Outcome<string> {
    const text = textOf(value)
    const written = this.#written(value, text, place, hole, next)
    if (!written.ok || this.#language === 'python' || this.#language === 'javascript') return written
    const unfit = unfitText(this.#language === 'sql' ? written.value : text)
    if (unfit === null) return written
    return found({
      code: unfit.code,
      message: `The value of \`${hole.expression.source.trim()}\` has ${unfit.what}, which ${this.#language} cannot hold.`,
      start: hole.start,
      end: hole.end,
    })
  }

  #written(value: Json, text: string, place: Place, hole: Hole, next: string | undefined): Outcome<string> {
    switch (this.#language) {
      case 'python':
        return { ok: true, value: parenthesized(value, pythonLiteral(value), next) }
      case 'javascript':
        return { ok: true, value: parenthesized(value, javascriptLiteral(value), next) }
      case 'sql':
        if (!hole.expression.identifier) return { ok: true, value: parenthesized(value, sqlLiteral(value), next) }
        return {
          ok: true,
          value: (Array.isArray(value) ? value : [value]).map((part) => sqlIdentifier(textOf(part))).join('.'),
        }
      case 'cmd':
        return { ok: true, value: `!${this.#variable(text)}!` }
      case 'powershell':
        // In braces, so that what follows is no part of its name.
        return { ok: true, value: `\${env:${this.#variable(text)}}` }
      case 'shell':
        return this.#shell(value, text, place, hole)
    }
  }

  #shell(value: Json, text: string, place: Place, hole: Hole): Outcome<string> {
    if (place === 'arithmetic') {
      // Shells evaluate what a variable holds inside $(( )), so only a number may get there.
      if (typeof value === 'number' && Number.isInteger(value)) return { ok: true, value: String(value) }
      return found({
        code: 'EXPRESSION_NOT_A_NUMBER',
        message: `Inside \`$(( ))\` only whole numbers may stand, and \`${hole.expression.source.trim()}\` is ${JSON.stringify(value)?.slice(0, 60)}.`,
        start: hole.start,
        end: hole.end,
      })
    }
    const name = this.#variable(text)
    return { ok: true, value: place === 'expanded' ? `\${${name}}` : `"$${name}"` }
  }

  #variable(text: string): string {
    this.#count++
    const name = `DW_${this.#count}`
    this.#length += text.length
    const large = text.length > LONGEST_VARIABLE || this.#length > MOST_VARIABLES
    if (this.#language === 'shell' && large) this.prelude += `${name}=${shellLiteral(text)}\n`
    else this.env[name] = text
    return name
  }
}

/** What JSON can say and neither a process nor a file of UTF-8 can take; languages with escapes can. */
function unfitText(text: string): { readonly code: FindingCode; readonly what: string } | null {
  if (text.includes('\0')) return { code: 'EXPRESSION_NUL', what: 'a NUL character' }
  return text.isWellFormed() ? null : { code: 'EXPRESSION_SURROGATE', what: 'half of a surrogate pair' }
}

/** `a -${{ x }}` must not become `a --5`, which is a comment in SQL, nor `${{ x }}.real` the number `5.real`. */
function parenthesized(value: Json, literal: string, next: string | undefined): string {
  return typeof value === 'number' && (value < 0 || Object.is(value, -0) || next === '.') ? `(${literal})` : literal
}

/**
 * A literal that touches a word or a quote would become part of it: `r${{ x }}` a raw string, `'a'${{ x }}` one string
 * with a quote in it.
 */
function adjoining(language: Language, { text }: Template, hole: Hole): Finding | null {
  if (language !== 'python' && language !== 'javascript' && language !== 'sql') return null
  if (!/[\w$'"`]/.test(`${text[hole.start - 1] ?? ''}${text[hole.end] ?? ''}`)) return null
  const expression = text.slice(hole.start, hole.end)
  return {
    code: 'EXPRESSION_IN_WORD',
    message: `${expression} touches the word or quote beside it, where it can't become a value of its own.`,
    hint: `Put a space or an operator between them, such as \`${language === 'sql' ? `|| ${expression}` : `+ ${expression}`}\`.`,
    start: hole.start,
    end: hole.end,
  }
}

function misplaced(language: Language, place: Place, template: Template, hole: Hole): Finding | null {
  if (place === 'code' || place === 'expanded' || place === 'arithmetic') return null
  const expression = template.text.slice(hole.start, hole.end)
  const at = { start: hole.start, end: hole.end }
  if (place === 'comment') {
    return {
      code: 'EXPRESSION_IN_COMMENT',
      message: `${expression} stands in a comment.`,
      hint: 'Take it out of the comment, or delete it.',
      ...at,
    }
  }
  if (place === 'backticks') {
    return {
      code: 'EXPRESSION_IN_BACKTICKS',
      message: `${expression} stands between backticks, where quotes don't hold.`,
      hint: 'Write the command as $(…) instead.',
      ...at,
    }
  }
  return {
    code: 'EXPRESSION_IN_STRING',
    message: `${expression} stands inside a text of the program, where it can't become a value.`,
    hint: `${correction(language, template, hole)}`,
    ...at,
  }
}

/** What to write instead, with the person's own line where a simple rule mends it. */
function correction(language: Language, template: Template, hole: Hole): string {
  const { text } = template
  const expression = text.slice(hole.start, hole.end)
  const lineStart = text.lastIndexOf('\n', hole.start - 1) + 1
  const lineEnd = text.indexOf('\n', hole.end)
  const before = text.slice(lineStart, hole.start)
  const after = text.slice(hole.end, lineEnd < 0 ? undefined : lineEnd)
  const quote = /['"`]/.exec(after)?.[0]
  const open = quote === undefined ? -1 : before.lastIndexOf(quote)
  const alone = quote !== undefined && open === before.length - 1 && after.startsWith(quote)
  if (alone) return `Write it without the quotes: \`${(before.slice(0, -1) + expression + after.slice(1)).trim()}\`.`
  if (quote !== undefined && open >= 0) {
    const joined = joinedBy(language, before, expression, after, quote)
    if (joined !== null) return `Write \`${joined.trim()}\`.`
  }
  return language === 'shell'
    ? 'Use double quotes, or a heredoc whose word is not quoted, and the value is put in.'
    : `Assign it before: \`value = ${expression}\`, and use \`value\` in the text.`
}

function joinedBy(language: Language, before: string, expression: string, after: string, quote: string): string | null {
  const open = before.lastIndexOf(quote)
  switch (language) {
    case 'shell':
    case 'powershell': {
      const close = after.indexOf(quote)
      return `${before.slice(0, open)}"${before.slice(open + 1)}${expression}${after.slice(0, close)}"${after.slice(close + 1)}`
    }
    case 'sql':
      return quote === "'" ? `${before}' || ${expression} || '${after}` : null
    case 'javascript':
      return quote === '`'
        ? `${before}\${${expression}}${after}`
        : `${before}${quote} + ${expression} + ${quote}${after}`
    case 'python':
      return /\b[rR]?[fFtT][rR]?['"]/.test(before) ? null : `${before}${quote} + str(${expression}) + ${quote}${after}`
    case 'cmd':
      return null
  }
}
