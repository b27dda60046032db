import { edit } from '#shared/model/edit-session.ts'
import type { Json } from '#shared/model/pipeline.ts'
import type { Path } from '#shared/model/source.ts'
import { perform } from '../../canvas/editing.ts'

/** Writes a field of the shown plan as one step of undo; '' takes it out. What is wrong with it, its problems say. */
export function writeField(label: string, path: Path, text: string): void {
  const trimmed = text.trim()
  perform(`Change ${label.toLowerCase()}`, [
    (document) =>
      edit(document, (session) => {
        if (trimmed === '') session.remove(path)
        else session.set(path, scalarOf(trimmed))
        return undefined
      }),
  ])
}

export interface WrittenStep {
  readonly at: string
  readonly workers: string
}

/** All steps of `workers`; none: they are not said. */
export function writeSteps(label: string, steps: readonly WrittenStep[]): void {
  perform(label, [
    (document) =>
      edit(document, (session) => {
        const written = steps.map(({ at, workers }) => ({ at: at.trim(), workers: scalarOf(workers.trim()) }))
        if (written.length === 0) session.remove(['workers'])
        else session.set(['workers'], written)
        return undefined
      }),
  ])
}

function scalarOf(text: string): Json {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
