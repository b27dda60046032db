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
    expect(expressionSuggestionsAt(TEXT, null, before).map((found) => found.label)).toContain(first)
  })

  it.each(['needs: [', 'params.', 'echo ${{ params.city }} params.'])('in code after %j: nothing', (before) => {
    expect(expressionSuggestionsAt(TEXT, null, before)).toEqual([])
  })

  describe('offers the outcome of tasks upstream alone', () => {
    const chain = `dagwright: 1
id: p
params: { city: { default: x } }
tasks:
  # What begins it all.
  first: { kind: sql, sql: select 1, outputs: { rows: select 1 } }
  "on-2":
    kind: noop
    needs: [first]
  third:
    kind: shell
    run: |
      echo one
    needs: [on-2]
  aside: { kind: noop, needs: [first] }
defaults:
  timeout: 10m
`
    const lines = chain.split('\n')
    /** As typed on a line of its own behind the line that begins with `line`. */
    const typed = (line: string, before: string) => {
      const at = lines.findIndex((other) => other.trimStart().startsWith(line)) + 1
      return suggestionsAt(chain, lines.slice(0, at), before).map((found) => found.label)
    }

    it.each([
      ['third:', '    when: ${{ tasks.', ['first', 'on-2']],
      ['echo one', '      echo ${{ tasks.', ['first', 'on-2']],
      ['needs: [on-2]', '    when: ${{ tasks.first.outputs.', ['rows']],
      ['kind: noop', '    when: ${{ tasks.', ['first']],
      ['third:', '    when: ${{ tasks.aside.', []],
      ['third:', '    when: ${{ tasks.aside.outputs.', []],
      ['third:', '    branch: ${{ tasks.', ['first', 'on-2', 'third']],
      ['echo one', '  last: { kind: noop, needs: [aside], when: ${{ tasks.', ['first', 'on-2', 'third', 'aside']],
      ['defaults:', '  when: ${{ tasks.', ['first', 'on-2', 'third', 'aside']],
      ['echo one', '  aside: { kind: noop, needs: [first], when: ${{ tasks.', ['first']],
    ])('after %s: %s', (line, before, expected) => expect(typed(line, before)).toEqual(expected))

    it('in code', () => {
      const labels = (task: string | null) =>
        expressionSuggestionsAt(chain, task, 'echo ${{ tasks.').map((found) => found.label)
      expect(labels('third')).toEqual(['first', 'on-2'])
      expect(labels('first')).toEqual([])
      expect(labels(null)).toEqual(['first', 'on-2', 'third', 'aside'])
    })
  })

  it('writes a name that no dot can carry in brackets', () => {
    const text = TEXT.replace('city:', 'home-town:')
    expect(expressionSuggestionsAt(text, null, '${{ params.').map((found) => found.bracket)).toEqual([
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
