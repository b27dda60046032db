import { describe, expect, it } from 'vitest'
import { renamedFields } from './renamed-fields.ts'

const ids = new Map([
  ['load', 'load_2'],
  ['a-b', 'a-b_2'],
  ['__proto__', 'proto_2'],
])

describe('the fields of a copied task', () => {
  it('speak of the copies: needs, branch, each and expressions', () => {
    expect(
      renamedFields(
        {
          kind: 'shell',
          needs: ['load', { task: 'load', when: '${{ tasks.load.state == "success" }}' }, 'other'],
          run: 'echo load ${{ tasks.load.outputs.n + size(tasks["a-b"].outputs.list) }} ${{ tasks.other.state }}',
          env: { A: '${{ tasks.load.outputs.load }}' },
          forEach: { each: 'load' },
          docs: 'As ${{ tasks.load }} says.',
        },
        ids,
      ),
    ).toEqual({
      kind: 'shell',
      needs: ['load_2', { task: 'load_2', when: '${{ tasks.load_2.state == "success" }}' }, 'other'],
      run: 'echo load ${{ tasks.load_2.outputs.n + size(tasks["a-b_2"].outputs.list) }} ${{ tasks.other.state }}',
      env: { A: '${{ tasks.load_2.outputs.load }}' },
      forEach: { each: 'load_2' },
      docs: 'As ${{ tasks.load }} says.',
    })
  })

  it('a branch is an id or an expression of ids', () => {
    expect(renamedFields({ kind: 'noop', branch: 'load' }, ids).branch).toBe('load_2')
    expect(renamedFields({ kind: 'noop', branch: '${{ params.big ? "load" : "other" }}' }, ids).branch).toBe(
      '${{ params.big ? "load_2" : "other" }}',
    )
    // What it compares with is a value and no id, though it may read the same.
    const branch = (text: string) => renamedFields({ kind: 'noop', branch: `\${{ ${text} }}` }, ids).branch
    expect(branch('params.way == "load" ? ["load"] : {"load": "load"}[params.way]')).toBe(
      '${{ params.way == "load" ? ["load_2"] : {"load": "load_2"}[params.way] }}',
    )
    expect(branch('["load", "x"].filter(way, way != "load") + ["load"].map(way, "load")')).toBe(
      '${{ ["load_2", "x"].filter(way, way != "load") + ["load"].map(way, "load_2") }}',
    )
  })

  it('outputs of an http task are bare expressions, and ids may be hostile', () => {
    const fields = { kind: 'http', outputs: { n: 'tasks.load.outputs.n' }, needs: ['__proto__'] }
    expect(renamedFields(fields, ids)).toEqual({
      kind: 'http',
      outputs: { n: 'tasks.load_2.outputs.n' },
      needs: ['proto_2'],
    })
  })
})
