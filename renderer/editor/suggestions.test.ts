import { describe, expect, it } from 'vitest'
import { expressionSuggestionsAt, suggestionsAt } from './suggestions.ts'

const TEXT = `dagwright: 1
id: p
params: { city: { type: string, default: x }, top: { type: integer, default: 1 } }
pools: { db: 2 }
tasks:
  one: { kind: sql, sql: select 1, outputs: { rows: select 1 } }
  two:
    kind: shell
    run: "true"
    needs: [one]
`

function labels(before: string, above: readonly string[] = []): readonly string[] {
  return suggestionsAt(TEXT, above, before).map((found) => found.label)
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of pipelines
describe('suggestionsAt', () => {
  it.each([
    ['    needs: [', ['one', 'two']],
    ['    needs: [one, ', ['one', 'two']],
    ['    needs: [{ task: ', ['one', 'two']],
    ['    pool: ', ['db']],
    ['    when: ${{ params.', ['city', 'top']],
    ['    when: ${{ size(params.ci', ['city', 'top']],
    ['    when: ${{ tasks.one.outputs.', ['rows']],
    ['    when: ${{ tasks.', ['one', 'two']],
    ['    when: ${{ run.dataInterval.', ['start', 'end']],
    ['    run: echo ${{ params.city }} ', []],
    ['    name: ', []],
    ['tasks: ', []],
  ])('after %j', (before, expected) => expect(labels(before)).toEqual(expected))

  it.each([
    ['echo ${{ ', 'params'],
    ['echo ${{ params.', 'city'],
    ['select ${{ params.city }}, ${{ tasks.', 'one'],
  ])('in code after %j', (before, first) => {
    expect(expressionSuggestionsAt(TEXT, before).map((found) => found.label)).toContain(first)
  })

  it.each(['needs: [', 'params.', 'echo ${{ params.city }} params.'])('in code after %j: nothing', (before) => {
    expect(expressionSuggestionsAt(TEXT, before)).toEqual([])
  })

  it('writes a name that no dot can carry in brackets', () => {
    const text = TEXT.replace('city:', 'home-town:')
    expect(expressionSuggestionsAt(text, '${{ params.').map((found) => found.bracket)).toEqual([
      '["home-town"]',
      undefined,
    ])
  })

  it('knows the list an item belongs to', () => {
    expect(labels('      - ', ['  two:', '    needs:', '      - one'])).toEqual(['one', 'two'])
    expect(labels('    - ', ['  two:', '    needs:', '    - one'])).toEqual(['one', 'two'])
    expect(labels('      - ', ['  two:', '    tags:'])).toEqual([])
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: expressions of pipelines
