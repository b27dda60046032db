import { isScalar } from 'yaml'
import { checkExpressions } from '../expression/check.ts'
import { rangeAt } from './line-index.ts'
import type { Pipeline } from './pipeline.ts'
import type { TextRange } from './problem.ts'
import type { Report } from './report.ts'
import { offsetInText } from './scalar-offset.ts'
import { type Path, placeAt, type Source } from './source.ts'
import { reachable, type TaskGraph } from './task-graph.ts'

/** Reports what is wrong with the expressions of all tasks, each at its place in the file. */
export function reportExpressions(source: Source, pipeline: Pipeline, graph: TaskGraph, report: Report): void {
  const found = new Map<string, ReadonlySet<string>>()
  const ancestors = (id: string) => {
    const known = found.get(id) ?? reachable(graph.upstreams, id)
    found.set(id, known)
    return known
  }
  const { findings, usedParameters } = checkExpressions(pipeline, ancestors)
  for (const finding of findings) {
    const range = rangeInText(source, finding.path, finding.text, finding.start, finding.end)
    report.add({
      code: finding.code,
      severity: 'error',
      message: finding.message,
      hint: finding.hint ?? 'Correct the expression.',
      path: finding.path,
      within: { start: finding.start, end: finding.end },
      ...(finding.task === null ? {} : { task: finding.task }),
      ...(range ? { range } : {}),
    })
  }
  for (const name of pipeline.params.keys()) {
    if (usedParameters === null || usedParameters.has(name)) continue
    report.add({
      code: 'UNUSED_PARAMETER',
      severity: 'info',
      message: `No expression uses the parameter ${name}.`,
      hint: `Use it as \`\${{ params.${name} }}\`, or remove it.`,
      path: ['params', name],
      atKey: true,
    })
  }
}

/** undefined where the text stands elsewhere (in `defaults`, behind an alias) or is written with escapes. */
function rangeInText(source: Source, path: Path, text: string, start: number, end: number): TextRange | undefined {
  const node = placeAt(source, path)?.value
  if (!isScalar(node) || node.value !== text) return undefined
  const from = offsetInText(source, node, start)
  const to = offsetInText(source, node, end)
  return from === undefined || to === undefined ? undefined : rangeAt(source.lines, from, to)
}
