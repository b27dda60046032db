import { isScalar } from 'yaml'
import type { z } from 'zod'
import { RESERVED_KEYS } from './field-schema.ts'
import { type Finding, findingsIn, without } from './issue.ts'
import { type Json, TASK_KINDS } from './pipeline.ts'
import { entriesOf } from './reading.ts'
import type { Report } from './report.ts'
import { frameSchema } from './schema.ts'
import { isRecord, type Path, placeAt, type Source } from './source.ts'
import { didYouMean } from './suggestion.ts'
import { kindOf } from './task-reading.ts'
import { anyTaskSchema, defaultsSchema, kindsWithField, taskSchemas } from './task-schema.ts'

type Fields = { readonly [key: string]: Json }
const NO_FIELDS: Fields = Object.create(null)

/** Checks the top level. Gives back what of it can be used. */
export function checkFrame(source: Source, file: Fields, report: Report): Fields {
  reportReserved(file, [], report)
  return withWrittenEnv(source, [], usable(frameSchema, file, [], report))
}

/** Checks `defaults`. Gives back what of them can be used. */
export function checkDefaults(source: Source, defaults: Json | undefined, report: Report): Fields {
  if (!isRecord(defaults)) return NO_FIELDS
  return withWrittenEnv(source, ['defaults'], usable(defaultsSchema, defaults, ['defaults'], report))
}

/** Checks the fields of one task by its kind. Gives back what of them can be used; a null stays: it unsets a default. */
export function checkTaskFields(source: Source, id: string, task: Json, report: Report): Fields {
  const path = ['tasks', id]
  if (!isRecord(task)) {
    report.add({
      code: task === null ? 'EMPTY_TASK' : 'WRONG_TYPE',
      severity: 'error',
      message: task === null ? `The task ${id} is empty.` : `The task ${id} must be a map of fields.`,
      hint: `Give it a kind, such as { kind: shell, run: "…" }.`,
      path,
      atKey: true,
    })
    return NO_FIELDS
  }
  reportReserved(task, path, report)
  const kind = TASK_KINDS.find((name) => name === task.kind)
  if (kind) return withWrittenEnv(source, path, usable(taskSchemas[kind], task, path, report))
  const stated = task.kind
  report.add({
    code: stated === undefined || stated === null ? 'MISSING_KEY' : 'WRONG_VALUE',
    severity: 'error',
    message:
      stated === undefined || stated === null
        ? `The task ${id} has no \`kind\`.`
        : `\`kind\` must be one of ${TASK_KINDS.join(', ')}, not ${JSON.stringify(stated).slice(0, 60)}.`,
    hint:
      typeof stated === 'string' ? didYouMean(stated, TASK_KINDS, 'Choose a kind.') : `Add \`kind: ${kindOf(task)}\`.`,
    path: stated === undefined || stated === null ? path : [...path, 'kind'],
    atKey: stated === undefined || stated === null,
  })
  const { kind: _, ...others } = task
  return withWrittenEnv(source, path, usable(anyTaskSchema, others, path, report))
}

function reportReserved(fields: Fields, path: Path, report: Report): void {
  for (const key of RESERVED_KEYS) {
    if (!Object.hasOwn(fields, key)) continue
    report.add({
      code: 'RESERVED_KEY',
      severity: 'info',
      message: `\`${key}\` is reserved for a later version; for now it is kept and has no effect.`,
      hint: 'Nothing needs to be done.',
      path: [...path, key],
      atKey: true,
    })
  }
}

const MOST_ROUNDS = 10

/** A field of the task itself that is missing leaves nothing to take out. */
function canGo(finding: Finding): boolean {
  return finding.code !== 'MISSING_KEY' || finding.path.length > 1
}

/** Reports what the schema finds, and leaves it out. A field that is null counts as not there. */
export function usable(schema: z.core.$ZodType, fields: Fields, path: Path, report: Report): Fields {
  const nulls = Object.keys(fields).filter((key) => fields[key] === null)
  let present: Json = nulls.length === 0 ? fields : withoutKeys(fields, nulls)
  const findings = findingsIn(schema, present)
  for (const finding of findings) report.add(problemOf(finding, path, fields))
  // Leaving one thing out can leave what held it incomplete, which then goes too: as often as the format is deep.
  let left = findings
  for (let round = 0; round < MOST_ROUNDS && left.some(canGo); round++) {
    present = without(present, left)
    left = findingsIn(schema, present)
  }
  const kept = isRecord(present) ? present : NO_FIELDS
  if (nulls.length === 0) return kept
  const whole: { [key: string]: Json } = Object.assign(Object.create(null), kept)
  for (const key of nulls) whole[key] = null
  return whole
}

function withoutKeys(fields: Fields, keys: readonly string[]): Fields {
  const rest: { [key: string]: Json } = Object.assign(Object.create(null), fields)
  for (const key of keys) delete rest[key]
  return rest
}

function problemOf(finding: Finding, base: Path, fields: Fields) {
  const path = [...base, ...finding.path]
  const key = String(finding.path[0])
  const others =
    finding.code === 'UNKNOWN_KEY' && finding.path.length === 1 && base[0] === 'tasks' ? kindsWithField(key) : []
  if (finding.code === 'UNKNOWN_KEY' && /\s/.test(String(finding.path.at(-1)))) {
    const hint = 'A text that contains a comma needs quotes inside { }; a key has no spaces.'
    return { ...finding, path, severity: 'error' as const, message: `${finding.message}.`, hint }
  }
  if (others.length === 0) {
    return { ...finding, path, severity: 'error' as const, message: `${finding.message}.` }
  }
  return {
    ...finding,
    path,
    severity: 'error' as const,
    message: `\`${key}\` belongs to tasks of kind ${others.join(' and ')}; this one is of kind ${String(fields.kind)}.`,
    hint: `Change the kind to ${others[0]}, or remove \`${key}\`.`,
  }
}

/** `env: { PY: 3.10 }` means the text "3.10", as it is written, not the number 3.1. */
function withWrittenEnv(source: Source, path: Path, fields: Fields): Fields {
  let result = fields
  for (const field of ['env', 'headers']) {
    const entries = entriesOf(fields[field])
    if (entries.every(([, value]) => typeof value === 'string')) continue
    const written: { [key: string]: Json } = Object.create(null)
    for (const [key, value] of entries) {
      const node = placeAt(source, [...path, field, key])?.value
      written[key] = typeof value === 'number' && isScalar(node) && node.source ? node.source : value
    }
    result = { ...result, [field]: written }
  }
  return result
}
