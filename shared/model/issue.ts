import { safeParse, type z } from 'zod'
import type { Json } from './pipeline.ts'
import { keysAt } from './schema-keys.ts'
import { isRecord, type Path } from './source.ts'
import { didYouMean } from './suggestion.ts'

type Issue = z.core.$ZodIssue

/** One thing a schema refused, in words that continue "`field` …". */
export interface Finding {
  readonly code: string
  readonly path: Path
  /** True where the key is at fault, not its value. */
  readonly atKey: boolean
  readonly message: string
  readonly hint: string
}

/** What a schema says against a value; of a union, what the branch says that was most likely meant. */
export function findingsIn(schema: z.core.$ZodType, value: Json): readonly Finding[] {
  const result = safeParse(schema, value)
  return result.success ? [] : findingsOf(schema, result.error.issues, value, [])
}

function findingsOf(schema: z.core.$ZodType, issues: readonly Issue[], root: Json, prefix: Path): readonly Finding[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, path)
      return issue.keys.map((key) => unknownKey(path, key, known))
    }
    const matrix = issue.code === 'invalid_union' ? bareMatrix(path, valueAt(root, path)) : null
    if (matrix !== null) return [matrix]
    const branch = issue.code === 'invalid_union' ? likelyBranch(issue.errors) : undefined
    return branch ? findingsOf(schema, branch, root, path) : [findingOf(issue, path, valueAt(root, path))]
  })
}

/** `forEach: { x: [1, 2] }` was meant as a matrix; null: it is something else. */
function bareMatrix(path: Path, value: Json | undefined): Finding | null {
  if (path.at(-1) !== 'forEach' || !isRecord(value)) return null
  const keys = Object.keys(value)
  if (keys.length === 0 || keys.some((key) => key === 'each' || key === 'matrix')) return null
  const [first = ''] = keys
  return {
    code: 'WRONG_VALUE',
    path,
    atKey: false,
    message: `\`forEach\` as a map must be { matrix: … } or { each: task }, and has ${keys.map((key) => `\`${key}\``).join(', ')}`,
    hint: `Write \`forEach: { matrix: { ${first}: … } }\` to get one instance for every combination.`,
  }
}

function findingOf(issue: Issue, path: Path, value: Json | undefined): Finding {
  if (issue.code === 'invalid_key') {
    return { ...wrong('BAD_KEY', path, undefined, issue.issues[0]?.message ?? issue.message), atKey: true }
  }
  if (value === undefined) return missing(path)
  const finding = wrong(
    issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 'WRONG_TYPE' : 'WRONG_VALUE',
    path,
    value,
    issue.message,
  )
  return issue.code === 'invalid_value' ? { ...finding, hint: valueHint(issue.values, value) } : finding
}

function unknownKey(path: Path, key: string, candidates: readonly string[]): Finding {
  return {
    code: 'UNKNOWN_KEY',
    path: [...path, key],
    atKey: true,
    message: `\`${key}\` is not known here`,
    hint: didYouMean(key, candidates, 'Remove it, or look its spelling up in the file format.'),
  }
}

function missing(path: Path): Finding {
  const key = String(path.at(-1))
  return {
    code: 'MISSING_KEY',
    path,
    atKey: false,
    message: `\`${key}\` is missing`,
    hint: `Add \`${key}\`.`,
  }
}

function wrong(code: string, path: Path, value: Json | undefined, rule: string): Finding {
  const key = keyName(path)
  const plain = rule.startsWith('must') ? rule : `must be different (${rule.replace(/^Invalid input: /, '')})`
  return {
    code,
    path,
    atKey: false,
    message: `${key} ${plain}${value === undefined ? '' : `, not ${describeValue(value)}`}`,
    hint: 'Correct the value; until then the default counts.',
  }
}

function valueHint(values: readonly unknown[], value: Json): string {
  const names = values.filter((candidate) => typeof candidate === 'string')
  return didYouMean(
    typeof value === 'string' ? value : '',
    names,
    `Write ${values.length === 1 ? '' : 'one of '}${values.map(String).join(', ')}.`,
  )
}

/** "`needs`[2]" for ['tasks', 'a', 'needs', 2]: the last key and the indexes after it. */
function keyName(path: Path): string {
  let text = ''
  for (let at = path.length - 1; at >= 0; at--) {
    const step = path[at]!
    if (typeof step === 'string') return `\`${step}${text}\``
    text = `[${step}]${text}`
  }
  return 'This file'
}

function describeValue(value: Json): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'a map'
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}

/** The branch whose outer type fits, with the fewest issues; undefined where none fits. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((branch) =>
    branch.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  )
  return [...fitting].sort((a, b) => a.length - b.length)[0]
}

function valueAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)]
    else if (isRecord(value)) value = Object.hasOwn(value, step) ? value[step] : undefined
    else return undefined
  }
  return value
}

type MutableJson = null | boolean | number | string | MutableJson[] | { [key: string]: MutableJson }

/**
 * A copy without what the findings are about: the smallest part that can go. `value` itself stays as it is.
 * Paths of the findings begin at `value`.
 */
export function without(value: Json, findings: readonly Finding[]): Json {
  const copy = mutableCopy(value)
  const targets = new Map<string, Path>()
  for (const { path } of findings) {
    const target = removable(value, path)
    if (target.length > 0) targets.set(JSON.stringify(target), target)
  }
  for (const target of [...targets.values()].sort(innerAndLaterFirst)) removeAt(copy, target)
  return copy as Json
}

/** The part that must go: what the path names, or what should hold it where it is missing. */
function removable(value: Json, path: Path): Path {
  if (path.length <= 1 || valueAt(value, path) !== undefined) return path
  return removable(value, path.slice(0, -1))
}

function mutableCopy(value: Json): MutableJson {
  if (Array.isArray(value)) return value.map(mutableCopy)
  if (!isRecord(value)) return value as MutableJson
  const copy: { [key: string]: MutableJson } = Object.create(null)
  for (const key of Object.keys(value)) copy[key] = mutableCopy(value[key]!)
  return copy
}

/** So that taking one part out does not move or take away those still to go. */
function innerAndLaterFirst(a: Path, b: Path): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const left = a[at]!
    const right = b[at]!
    if (left === right) continue
    if (typeof left === 'number' && typeof right === 'number') return right - left
    return String(left) < String(right) ? -1 : 1
  }
  return b.length - a.length
}

function removeAt(root: MutableJson, path: Path): void {
  let container: MutableJson | undefined = root
  for (const step of path.slice(0, -1)) container = childOf(container, step)
  const last = path.at(-1)!
  if (Array.isArray(container)) container.splice(Number(last), 1)
  else if (isMutableRecord(container)) delete container[last]
}

function childOf(container: MutableJson | undefined, step: string | number): MutableJson | undefined {
  if (Array.isArray(container)) return container[Number(step)]
  return isMutableRecord(container) && Object.hasOwn(container, step) ? container[step] : undefined
}

function isMutableRecord(value: MutableJson | undefined): value is { [key: string]: MutableJson } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
