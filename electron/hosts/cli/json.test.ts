import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERROR_CODES } from '#shared/contract/error.ts'
import { type CliBench, openCliBench } from './cli.testing.ts'

const FLOW = `dagwright: 1
id: flow
slo: { duration: { p95: 1h } }
tasks:
  first: { kind: shell, run: "echo one; test -e ready", estimate: 1s }
  second: { kind: noop, needs: [first] }
`
const RUSH = `dagwrightPlan: 1
window: { start: "06:00", length: 60m }
pipelines: { flow: { release: "06:05", duration: 5m } }
`

const RECORDED = JSON.stringify({
  name: 'one',
  schemaVersion: '1.5',
  workflow: {
    specification: { tasks: [{ name: 'a', id: 'a', parents: [], children: [] }] },
    execution: {
      makespanInSeconds: 1,
      executedAt: '2026-01-01T00:00:00Z',
      tasks: [{ id: 'a', runtimeInSeconds: 1 }],
    },
  },
})

/** What is asked of every command, and what it must refuse: the second is missing where nothing can be wrong. */
interface Asked {
  readonly json: readonly (readonly string[])[]
  readonly refused: readonly string[]
  /** Of the first call. */
  readonly code?: number
}

const ASKED: Readonly<Record<string, Asked>> = {
  run: { json: [['FLOW'], ['FLOW', '--dry-run']], refused: ['none.dag.yaml'], code: 1 },
  why: { json: [['last'], ['last', 'first']], refused: ['last', 'none'] },
  logs: { json: [['last'], ['last', 'second']], refused: ['none'] },
  mark: { json: [['last', 'first', 'success']], refused: ['last', 'none', 'success'] },
  clear: { json: [['last', 'second']], refused: ['last', 'first', '--attempt'] },
  pins: { json: [['FLOW', '--set', 'first', '--outputs', '{}']], refused: ['FLOW', '--set', 'none'] },
  resume: { json: [], refused: ['last'] },
  cancel: { json: [], refused: ['last'] },
  validate: { json: [['FLOW'], []], refused: ['none.dag.yaml'] },
  runs: { json: [[], ['--changes', 'last']], refused: ['--changes', 'none'] },
  analyze: { json: [['FLOW'], ['last']], refused: ['none'] },
  history: { json: [['flow'], ['flow', '--task', 'first']], refused: ['none'] },
  compare: { json: [['last', 'last']], refused: ['last', 'none'] },
  slo: { json: [['FLOW']], refused: ['none.dag.yaml'] },
  query: { json: [['select count(*) as runs from runs']], refused: ['select nothing from nowhere'] },
  simulate: {
    json: [['FLOW', '--draws', '20', '--what-if', 'first=0.5x']],
    refused: ['FLOW', '--what-if', 'none=0.5x'],
  },
  plan: { json: [['rush.plan.yaml']], refused: ['none.plan.yaml'] },
  export: { json: [['FLOW', '--to', 'airflow']], refused: ['FLOW', '--to', 'none'] },
  layout: { json: [['FLOW']], refused: ['FLOW', '--direction', 'none'] },
  import: { json: [['RECORDED', '--from', 'wfcommons']], refused: ['FLOW', '--from', 'wfcommons'] },
  sample: { json: [['rules', 'copied'], ['--list']], refused: ['none'] },
  doctor: { json: [[]], refused: ['none/none'] },
  schema: { json: [[]], refused: ['none'] },
  serve: { json: [], refused: ['none/none'] },
}

let bench: CliBench
let commands: string[]
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('flow.dag.yaml', FLOW)
  await bench.put('rush.plan.yaml', RUSH)
  await bench.put('recorded.json', RECORDED)
  const { stdout } = await bench.run('--help')
  commands = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}(\w+) +\S/gm)].map((match) => match[1]!)
})
afterAll(() => bench.close())

function typed(words: readonly string[]): string[] {
  return words.map((word) => (word === 'FLOW' ? 'flow.dag.yaml' : word === 'RECORDED' ? 'recorded.json' : word))
}

test('every command is asked here', () => {
  expect(commands.length).toBeGreaterThanOrEqual(23)
  expect([...commands].sort()).toEqual(Object.keys(ASKED).sort())
})

describe.each(Object.keys(ASKED))('%s', (command) => {
  const { json, refused, code = 0 } = ASKED[command]!

  test('tells how it is used, what it prints for programs, and how it ends', async () => {
    const { stdout, stderr, code: helped } = await bench.run(command, '--help')
    expect([helped, stderr]).toEqual([0, ''])
    for (const part of ['Usage: dagwright', '--json', 'JSON:', 'Exit codes: 0 done;', '2 bad input or usage.']) {
      expect(stdout).toContain(part)
    }
    expect(stdout).toMatch(new RegExp(`Examples:\\n  dagwright ${command}\\b`))
    const named = stdout.split('\nJSON:\n')[1]!.match(/\w+/g)!
    for (const [at, words] of json.entries()) {
      const outcome = await bench.run(command, ...typed(words), '--json')
      expect(outcome.code, outcome.stderr).toBe(at === 0 ? code : 0)
      for (const name of topNames(JSON.parse(outcome.stdout))) {
        expect(named, `${command} ${words.join(' ')}`).toContain(name)
      }
    }
  })

  test('refuses with one JSON document, too', async () => {
    const outcome = await bench.run(command, ...typed(refused), '--json')
    expect(outcome.code, outcome.stdout).toBe(2)
    const { error, ...rest } = JSON.parse(outcome.stdout) as { error?: { code: string; message: string } }
    expect([...ERROR_CODES]).toContain(error?.code)
    expect(error?.message).not.toBe('')
    expect(Object.keys(rest).filter((key) => !['workspace', 'config', 'files'].includes(key))).toEqual([])
    expect(outcome.stderr).toContain(error!.message)
  })
})

/** Of a list, those of its first element; query's are the query's own. */
function topNames(document: unknown): string[] {
  const one: unknown = Array.isArray(document) ? document[0] : document
  if (typeof one !== 'object' || one === null) throw new Error(`No object: ${JSON.stringify(document)}`)
  const names = Object.keys(one)
  return names.includes('runs') && names.length === 1 ? [] : names.filter((name) => !name.startsWith('$'))
}
