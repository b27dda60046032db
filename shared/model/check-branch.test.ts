import { describe, expect, it } from 'vitest'
import { parseDocument } from './document.ts'

function told(branch: string): readonly string[] {
  const text = `dagwright: 1
id: test
params: { p: { type: boolean, default: true } }
tasks:
  pick: { kind: noop, branch: ${JSON.stringify(branch)} }
  left: { kind: noop, needs: [pick] }
  right: { kind: noop, needs: [pick], when: "\${{ params.p }}" }
  far: { kind: noop, needs: [left] }
`
  return parseDocument(text)
    .problems.filter(({ code }) => code === 'BRANCH_TO_NOTHING')
    .map(({ severity, message, hint }) => `${severity}: ${message} ${hint}`)
}

describe('a branch', () => {
  it('may choose what needs its task', () => {
    for (const way of ['left', '${{ "left" }}', '${{ params.p ? "left" : ["right", "left"] }}', '${{ [] }}'])
      expect(told(way)).toEqual([])
  })

  it('to no task, or to one further down, is an error', () => {
    expect(told('nowhere')).toEqual([
      'error: pick branches to `nowhere`, but there is no task with this id. Add a task `nowhere` that needs pick, or choose left or right.',
    ])
    expect(told('far')).toEqual([
      'error: pick cannot branch to `far`, which does not need it directly. Let far need pick, or choose left or right.',
    ])
    expect(told('lift')[0]).toContain('Did you mean `left`?')
  })

  it('that may choose such a task is warned of; what it only looks at is no choice', () => {
    expect(told('${{ params.p ? "left" : "nowhere" }}').map((line) => line.split(':')[0])).toEqual(['warning'])
    expect(told('${{ [params.p ? ["far"] : "right", "gone"] }}')).toHaveLength(2)
    expect(told('${{ string(params.p) == "gone" ? "left" : {"gone": "right"}["a"] }}')).toEqual([])
    expect(told('${{ ["left"].filter(way, way != "gone") + ["lef" + "t"] }}')).toEqual([])
    expect(told('${{ {"a": ["gone"]}["a"] + ["far"] }}')).toHaveLength(2)
    expect(told('${{ params.p ? "gone"')).toEqual([])
  })
})
