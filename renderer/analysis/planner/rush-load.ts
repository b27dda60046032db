import type { ReadRush, RushFile } from '#shared/analysis/planner-file.ts'
import type { Rush, RushTask } from '#shared/analysis/planner-input.ts'
import { typicalDuration } from '#shared/analysis/task-odds.ts'
import { appErrorOf } from '#shared/contract/call-error.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import { failure, type Problem, type Result, success } from '#shared/model/problem.ts'
import { createReport } from '#shared/model/report.ts'
import type { Source } from '#shared/model/source.ts'
import { api } from '../../state/client.ts'
import { workspaceRoot } from '../../state/workspace.ts'
import { loadPlan } from '../plan-load.ts'

/**
 * Fills in the pipelines that stand in files of their own, each task with what it typically takes; a mapped one counts as
 * one. Problems name the line of `file`. Rejects only when `signal` ends it.
 */
export async function loadRush(
  { files }: ReadRush,
  rush: Rush,
  source: Source,
  planPath: string,
  signal: AbortSignal,
): Promise<Result<Rush>> {
  const pipelines = [...rush.pipelines]
  for (const file of files) {
    const own = pipelines[file.pipeline]
    if (own === undefined) continue
    const tasks = await tasksIn(inFolderOf(planPath, file.path), signal)
    signal.throwIfAborted()
    if (!tasks.ok) return failure(...placed(tasks.problems, source, own.id, file))
    pipelines[file.pipeline] = { ...own, tasks: tasks.value }
  }
  return success({ ...rush, pipelines })
}

async function tasksIn(path: string, signal: AbortSignal): Promise<Result<readonly RushTask[]>> {
  try {
    const { text } = await api().documents.read({ workspace: workspaceRoot(), path }, { signal })
    const document = parseDocument(text)
    const [error] = document.problems.filter(({ severity }) => severity === 'error')
    if (document.pipeline === null || hasErrors(document)) {
      return failure({
        code: error?.code ?? 'NOT_A_PIPELINE',
        severity: 'error',
        message: `\`${path}\` can't be planned: ${error?.message ?? 'it is not a pipeline.'}`,
        hint: 'Open that file and correct it.',
      })
    }
    const { source } = await loadPlan(document.pipeline, signal, { failures: 'off' })
    return success(
      source.pipeline.tasks.map(({ id, needs }) => ({
        id,
        duration: typicalDuration(source.odds.get(id)!.duration),
        needs: needs.map((need) => need.task),
      })),
    )
  } catch (error) {
    const known = appErrorOf(error)
    return failure({
      code: known?.code ?? 'IO_ERROR',
      severity: 'error',
      message: known?.message ?? `\`${path}\` can't be read.`,
      hint: known?.next ?? 'Check the path: it counts from the folder of the plan.',
    })
  }
}

function placed(problems: readonly Problem[], source: Source, id: string, { path }: RushFile): readonly Problem[] {
  const report = createReport(source, [])
  for (const { code, severity, message, hint } of problems) {
    report.add({ code, severity, message, hint: hint ?? `Check \`${path}\`.`, path: ['pipelines', id, 'file'] })
  }
  return report.problems
}

/** Of the workspace: `path` counts from the folder of the plan. */
function inFolderOf(planPath: string, path: string): string {
  const parts = planPath.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
