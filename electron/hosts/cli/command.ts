import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { nearest } from '#shared/model/suggestion.ts'
import type { Output } from './terminal.ts'

/** Done, the run did not succeed, or the input was wrong: the exit codes of every command. */
export type ExitCode = 0 | 1 | 2
export const DONE: ExitCode = 0
export const RUN_FAILED: ExitCode = 1
export const BAD_INPUT: ExitCode = 2

export interface Flag {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  readonly short?: string
  /** What a value is called in the help: `k=v`. */
  readonly value?: string
  readonly help: string
}

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Names of positional arguments; a name in brackets may be left out. */
  readonly positionals: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** Further lines of the command's help. */
  readonly details?: readonly string[]
  /** The names in the document that `--json` prints. They stay: programs read them. */
  readonly json: readonly string[]
  /** What exit code 1 says, where the command has one. */
  readonly fails?: string
  /** Whole command lines, as a person would type them. */
  readonly examples: readonly [string, ...string[]]
  run(args: Arguments, io: Terminal): Promise<ExitCode>
}

export interface Terminal {
  readonly out: Output
  readonly err: Output
  readonly folder: string
}

/** A wrong command line: exit code 2, with the way to the help. */
export class UsageError extends Error {
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

export class Arguments {
  readonly #positionals: readonly string[]
  readonly #values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

  constructor(positionals: readonly string[], values: typeof Arguments.prototype.values) {
    this.#positionals = positionals
    this.#values = values
  }

  get values(): Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>> {
    return this.#values
  }

  positional(index: number): string | undefined {
    return this.#positionals[index]
  }

  text(flag: string): string | undefined {
    const value = this.#values[flag]
    return typeof value === 'string' ? value : undefined
  }

  texts(flag: string): readonly string[] {
    const value = this.#values[flag]
    return Array.isArray(value) ? value.map(String) : []
  }

  has(flag: string): boolean {
    return this.#values[flag] === true
  }

  /** A whole number from `least` on; undefined where the flag was not given. */
  number(flag: string, least: number): number | undefined {
    const text = this.text(flag)
    if (text === undefined) return undefined
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new UsageError(`--${flag} takes a whole number from ${least} on, not "${text}".`, 'Correct it and try again.')
  }
}

/** Throws a UsageError for anything the command does not know. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const options: ParseArgsOptionsConfig = {}
  for (const [name, { type, multiple, short }] of Object.entries(command.flags)) {
    options[name] = { type, multiple: multiple ?? false, ...(short === undefined ? {} : { short }) }
  }
  const help = `See \`dagwright ${command.name} --help\`.`
  const parsed = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  const { tokens, positionals, values } = parsed
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined
    if (!flag) {
      const known = Object.keys(command.flags)
      throw new UsageError(
        `\`${command.name}\` has no option ${token.rawName}.`,
        didYouMeanFlag(token.name, known, help),
      )
    }
    // The next option is no value; a number below 0 is one, which whoever reads it refuses in words.
    const swallowed = token.inlineValue === false && /^-\D/.test(token.value)
    if (flag.type === 'string' && (token.value === undefined || swallowed)) {
      throw new UsageError(`${token.rawName} needs a value: ${flag.value ?? 'text'}.`, help)
    }
    if (flag.type === 'boolean' && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value.`, help)
    }
  }
  const required = command.positionals.filter((name) => !name.startsWith('[')).length
  if (positionals.length < required) {
    throw new UsageError(`\`${command.name}\` needs ${command.positionals[positionals.length]}.`, help)
  }
  if (positionals.length > command.positionals.length) {
    throw new UsageError(`\`${command.name}\` does not know what to do with "${positionals.at(-1)}".`, help)
  }
  return new Arguments(positionals, values)
}

function didYouMeanFlag(name: string, known: readonly string[], help: string): string {
  const meant = nearest(name, known)
  return meant === undefined ? help : `Did you mean \`--${meant}\`?`
}

export function helpOf(command: Command): string {
  const flags = Object.entries(command.flags)
  const usage = ['dagwright', command.name, ...command.positionals, ...(flags.length > 0 ? ['[options]'] : [])]
  const shown = flags.map(([name, flag]) => {
    const short = flag.short === undefined ? '    ' : `-${flag.short}, `
    return [`  ${short}--${name}${flag.type === 'string' ? ` ${flag.value ?? 'TEXT'}` : ''}`, flag.help] as const
  })
  const width = Math.max(0, ...shown.map(([left]) => left.length)) + 2
  return [
    command.summary,
    '',
    `Usage: ${usage.join(' ')}`,
    ...(shown.length > 0 ? ['', 'Options:', ...shown.map(([left, right]) => left.padEnd(width) + right)] : []),
    ...(command.details ? ['', ...command.details] : []),
    '',
    'JSON:',
    ...command.json.map((line) => `  ${line}`),
    '  Where it ends with 2: { error: { code, message, where?, next?, problems?, details? } }',
    '',
    `Exit codes: 0 done; ${command.fails === undefined ? '' : `1 ${command.fails}; `}2 bad input or usage.`,
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n')
}
