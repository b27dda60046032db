import { type InputChange, isUnchanged, type RunChanges } from '#shared/analysis/run-changes.ts'
import { lineDifference } from '#shared/model/line-difference.ts'
import type { FieldChange } from '#shared/model/pipeline-difference.ts'
import { type Output, plainText, type Style } from './terminal.ts'

/** What changed since the last success, as lines for a person. */
export function changesReport(changes: RunChanges, paint: Output['paint']): string[] {
  if (isUnchanged(changes)) return ['Nothing changed: same code, parameters, inputs and programs.']
  const lines: string[] = []
  const under = (title: string, found: readonly string[]) => {
    if (found.length > 0) lines.push(paint('bold', plainText(title)), ...found.map((line) => `  ${line}`))
  }
  const fields = (found: readonly FieldChange[]) => found.flatMap((field) => fieldLines(field, paint))
  for (const { task, change, fields: own } of changes.tasks) {
    under(`task ${task}${change === 'changed' ? '' : ` (${change})`}`, fields(own))
    if (own.length === 0) lines.push(paint('bold', `task ${plainText(task)} (${change})`))
  }
  under('pipeline', fields(changes.pipeline))
  under('parameters', fields(changes.params))
  under('inputs', changes.inputs.map(inputLine))
  under('programs', fields(changes.programs))
  return lines
}

const SIGNS = {
  same: ['  ', 'dim'],
  removed: ['- ', 'red'],
  added: ['+ ', 'green'],
  skip: ['⋯ ', 'dim'],
} as const satisfies Record<string, readonly [string, Style]>

function fieldLines({ field, before, after }: FieldChange, paint: Output['paint']): string[] {
  if (!`${before}${after}`.includes('\n')) {
    return [`${field}: ${plainText(before ?? 'not set')} → ${plainText(after ?? 'not set')}`]
  }
  const shown = lineDifference(before ?? '', after ?? '').map(({ sign, text }) => {
    const [mark, style] = SIGNS[sign]
    return paint(style, `${mark}${sign === 'skip' ? `${text} equal lines` : plainText(text)}`)
  })
  return [`${field}:`, ...shown.map((line) => `  ${line}`)]
}

function inputLine({ label, path, before, after }: InputChange): string {
  const size = ({ size }: InputChange['before']) => (size === null ? 'not there' : `${size} bytes`)
  const same = before.size === after.size ? 'other content, ' : ''
  return plainText(`${path}, read by ${label}: ${same}${size(before)} → ${size(after)}`)
}
