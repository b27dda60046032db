import { describe, expect, it } from 'vitest'
import { parseWorkspaceConfig } from './workspace-config.ts'

describe('parseWorkspaceConfig', () => {
  it('reads every setting', () => {
    const config = parseWorkspaceConfig(
      `pools: { warehouse: 2 }
slots: 4
interpreters: { python: .venv/bin/python }
connections: { lake: { type: postgres, url: "postgres://db/lake", secret: LAKE_PASSWORD } }
retention: { runs: 10, size: 500MB }
slotPrice: { perHour: 0.5, currency: USD }
`,
    )
    expect(config).toEqual({
      problems: [],
      config: {
        pools: new Map([['warehouse', 2]]),
        slots: 4,
        interpreters: { python: '.venv/bin/python', node: null },
        connections: new Map([['lake', { type: 'postgres', url: 'postgres://db/lake', secret: 'LAKE_PASSWORD' }]]),
        retention: { runs: 10, bytes: 500e6 },
        slotPrice: { perHour: 0.5, currency: 'USD' },
      },
    })
  })
  it.each(['', '# nothing yet\n', '{}'])('has defaults for %j', (text) => {
    expect(parseWorkspaceConfig(text)).toMatchObject({
      problems: [],
      config: { slots: null, retention: { runs: 50, bytes: 5e9 } },
    })
  })
  it.each([
    ['pool: { a: 1 }', 'UNKNOWN_KEY'],
    ['slots: 0', 'WRONG_VALUE'],
    ['pools: { a: 3000000000 }', 'WRONG_VALUE'],
    ['retention: { size: big }', 'WRONG_VALUE'],
    ['- a', 'NOT_A_WORKSPACE'],
    ['a: [', 'YAML_SYNTAX'],
  ])('refuses %j with its place', (text, code) => {
    expect(parseWorkspaceConfig(text).problems[0]).toMatchObject({ code, range: { start: { line: 1 } } })
  })
})
