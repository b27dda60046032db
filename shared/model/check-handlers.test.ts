import { describe, expect, it } from 'vitest'
import { type PipelineDocument, parseDocument } from './document.ts'
import { removeTasks } from './edit-dependency.ts'
import { renameTask } from './edit-rename.ts'
import { applyPatches, type TextPatch } from './patch.ts'
import type { Result } from './problem.ts'

function documentOf(head: string, tasks = ''): PipelineDocument {
  return parseDocument(`dagwright: 1
id: test
${head}
tasks:
  work: { kind: noop }
  alarm: { kind: noop }
${tasks}`)
}

const found = (document: PipelineDocument) =>
  document.problems.map(({ code, severity, range }) => `${severity} ${code} line ${range?.start.line}`)

describe('tasks that run by how the run ended', () => {
  it('are fine where they stand by themselves, for one end or both', () => {
    expect(found(documentOf('onFailure: [alarm]'))).toEqual([])
    expect(found(documentOf('onFailure: [alarm]\nonSuccess: [alarm]'))).toEqual([])
  })

  it('must exist, once', () => {
    const unknown = documentOf('onFailure: [alram]')
    expect(found(unknown)).toEqual(['error UNKNOWN_TASK line 3'])
    expect(unknown.problems[0]?.hint).toContain('`alarm`')
    expect(found(documentOf('onFailure: [alarm, alarm]'))).toEqual(['warning HANDLER_TWICE line 3'])
    for (const id of ['__proto__', 'constructor'])
      expect(found(documentOf(`onFailure: [${id}]`))).toEqual(['error UNKNOWN_TASK line 3'])
  })

  it('need nothing and are needed by nothing', () => {
    expect(found(documentOf('onSuccess: [last]', '  last: { kind: noop, needs: [work] }'))).toEqual([
      'error HANDLER_NEEDS line 3',
    ])
    expect(found(documentOf('onSuccess: [alarm]', '  last: { kind: noop, needs: [alarm] }'))).toEqual([
      'error HANDLER_NEEDED line 3',
    ])
  })

  it('are not all there is', () => {
    expect(found(documentOf('onFailure: [alarm, work]'))).toEqual(['error ONLY_HANDLERS line 3'])
  })

  it('follow a renamed task, and go with a deleted one', () => {
    const document = documentOf('onFailure: [alarm]\nonSuccess: [alarm]')
    const edited = (result: Result<readonly TextPatch[]>) =>
      parseDocument(applyPatches(document.text, result.ok ? result.value : []))
    const renamed = edited(renameTask(document, 'alarm', 'siren'))
    expect([renamed.pipeline?.onFailure, renamed.pipeline?.onSuccess]).toEqual([['siren'], ['siren']])
    expect(renamed.problems).toEqual([])
    const removed = edited(removeTasks(document, ['alarm'], { heal: false }))
    expect([removed.pipeline?.onFailure, removed.pipeline?.onSuccess]).toEqual([[], []])
    expect(removed.problems).toEqual([])
  })
})
