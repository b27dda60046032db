import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasErrors, parseDocument } from './document.ts'
import { renameParameter, renamePool } from './edit-rename.ts'
import { ID_PATTERN } from './id.ts'
import { applyPatches } from './patch.ts'

const FILE = `dagwright: 1
id: test
env:
  name: \${{ params.far }}    # an environment variable, not prose
params:
  # how far
  far: { type: integer, default: 200 }   # miles
  farther: { type: string, default: far }
defaults:
  env: { LIMIT: "\${{ params.far }}" }
tasks:
  a:
    kind: shell
    docs: params.far and \${{ params.far }}
    forEach: \${{ params.farther }}
    when: \${{ params.far > 3 && params["far"] < 9 }}
    run: |
      # params.far
      echo \${{ params.far }} \${{ string(params.far) + "params.far" }} \${{ params.farther }} $far
  b:
    kind: http
    url: http://localhost/far
    needs: [{ task: a, when: "\${{ params.far == 1 && 'far' != 'x' }}" }]
    outputs: { x: response.body + string(params.far) }
  far:
    kind: sql
    needs: [a]
    when: \${{ tasks.a.outputs.far == 1 }}
    sql: "select \${{ params.far }}\\tas far"
`

function renamed(text: string, from: string, to: string): string {
  const result = renameParameter(parseDocument(text), from, to)
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join())
  return applyPatches(text, result.value)
}

function refusal(text: string, from: string, to: string): string | undefined {
  const result = renameParameter(parseDocument(text), from, to)
  return result.ok ? undefined : result.problems[0]?.code
}

/** Lines that differ, as the later text has them. */
function changed(before: string, after: string): readonly string[] {
  const old = before.split('\n')
  return after.split('\n').filter((line, index) => line !== old[index])
}

describe('renameParameter', () => {
  it('follows the syntax of expressions, never plain text, and leaves every other character', () => {
    expect(changed(FILE, renamed(FILE, 'far', 'reach'))).toEqual([
      '  name: ${{ params.reach }}    # an environment variable, not prose',
      '  reach: { type: integer, default: 200 }   # miles',
      '  env: { LIMIT: "${{ params.reach }}" }',
      '    when: ${{ params.reach > 3 && params["reach"] < 9 }}',
      '      echo ${{ params.reach }} ${{ string(params.reach) + "params.far" }} ${{ params.farther }} $far',
      `    needs: [{ task: a, when: "\${{ params.reach == 1 && 'far' != 'x' }}" }]`,
      '    outputs: { x: response.body + string(params.reach) }',
      '    sql: "select ${{ params.reach }}\\tas far"',
    ])
  })

  it('uses brackets where the new name cannot stand behind a dot', () => {
    const after = renamed(FILE, 'far', 'how-far')
    expect(after).toContain('echo ${{ params["how-far"] }}')
    expect(after).toContain(`"\${{ params['how-far'] == 1`)
    expect(parseDocument(after).problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('under any name, the pipeline stays as sound and as used as it was', () => {
    expect(hasErrors(parseDocument(FILE))).toBe(false)
    fc.assert(
      fc.property(fc.stringMatching(ID_PATTERN), (name) => {
        fc.pre(name !== 'farther' && name.length <= 200)
        const after = parseDocument(renamed(FILE, 'far', name))
        expect(after.problems.map(({ code }) => code)).toEqual(parseDocument(FILE).problems.map(({ code }) => code))
        expect([...(after.pipeline?.params.keys() ?? [])]).toEqual([name, 'farther'])
      }),
      { numRuns: 60 },
    )
  })

  it('comes back to the text it began with', () => {
    expect(renamed(renamed(FILE, 'far', 'reach'), 'reach', 'far')).toBe(FILE)
  })

  it('refuses what cannot be, saying why', () => {
    expect(refusal(FILE, 'far', 'farther')).toBe('SAME_ID')
    expect(refusal(FILE, 'far', 'a b')).toBe('BAD_ID')
    expect(refusal(FILE, 'gone', 'x')).toBe('UNKNOWN_PARAMETER')
    expect(refusal(FILE.replace('params:\n', 'params: [\n'), 'far', 'x')).toBe('NOT_EDITABLE')
    expect(refusal(FILE, 'far', 'far')).toBeUndefined()
  })
})

describe('renamePool', () => {
  const POOLS = `dagwright: 1
id: test
pools: { warehouse: 2, spare: 1 } # shared by all
defaults: { pool: warehouse }
tasks:
  a: { kind: noop, pool: &own "warehouse" } # one
  b: { kind: noop, pool: { name: warehouse, slots: 2 } }
  c: { kind: noop, pool: *own }
  d: { kind: noop, pool: spare }
  warehouse: { kind: noop, layer: warehouse }
`
  const outcome = (from: string, to: string) => {
    const result = renamePool(parseDocument(POOLS), from, to)
    return result.ok ? applyPatches(POOLS, result.value) : result.problems[0]?.code
  }

  it('lets the tasks that use it and the defaults follow, and nothing else', () => {
    expect(changed(POOLS, outcome('warehouse', 'lake')!)).toEqual([
      'pools: { lake: 2, spare: 1 } # shared by all',
      'defaults: { pool: lake }',
      '  a: { kind: noop, pool: &own lake } # one',
      '  b: { kind: noop, pool: { name: lake, slots: 2 } }',
    ])
    expect([...parseDocument(outcome('warehouse', 'lake')!).pipeline!.tasks].map(({ pool }) => pool?.name)).toEqual([
      'lake',
      'lake',
      'lake',
      'spare',
      'lake',
    ])
  })

  it('refuses what cannot be, saying why', () => {
    expect(outcome('warehouse', 'spare')).toBe('SAME_ID')
    expect(outcome('warehouse', 'große Halle')).toBe('BAD_ID')
    expect(outcome('gone', 'lake')).toBe('UNKNOWN_POOL')
    expect(outcome('warehouse', 'warehouse')).toBe(POOLS)
  })
})
