import { describe, expect, it } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { exportTo, languageOf, lossCount, TEXT_TARGETS } from './targets.ts'

const { pipeline } = parseDocument('dagwright: 1\nid: p\ntasks:\n  a: { kind: shell, run: "true" }\n')

describe('targets', () => {
  it('writes files that the editor can colour, for every target', () => {
    for (const { id } of TEXT_TARGETS) {
      const { files, losses } = exportTo(id, pipeline!, 'p.dag.yaml')
      expect(files.length).toBeGreaterThan(0)
      expect(files.map(languageOf)).not.toContain(undefined)
      expect(lossCount(losses)).toBeGreaterThanOrEqual(losses.length)
    }
  })

  it('counts a loss once for each task', () => {
    const loss = { feature: 'x', message: 'x', instead: 'x' }
    expect(
      lossCount([
        { ...loss, where: { field: 'a', tasks: ['t', 'u'] } },
        { ...loss, where: { field: 'b', tasks: [] } },
      ]),
    ).toBe(3)
  })
})
