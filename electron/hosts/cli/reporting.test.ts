import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

const CYCLE = 'dagwright: 1\nid: cycle\ntasks:\n  a: { kind: noop, needs: [b] }\n  b: { kind: noop, needs: [a] }\n'
const LIST =
  'dagwright: 1\nid: list\nparams: { n: { type: integer, default: x } }\ntasks:\n  a: { kind: shell, run: true }\n'
const FLOOD = `dagwright: 1
id: flood
params: { lines: { type: integer, default: 400000 } }
tasks:
  print: { kind: shell, run: "seq -f 'a line of some length, number %.0f of many' \${{ params.lines }}" }
  guess: { kind: shell, run: "exit 1", required: false }
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put('cycle.dag.yaml', CYCLE)
  await bench.put('list.dag.yaml', LIST)
  await bench.put('flood.dag.yaml', FLOOD)
  await bench.put('binary.dag.yaml', '\u0000\u0001')
})
afterAll(() => bench.close())

it('points to the help where no flag is near', async () => {
  const { code, stderr } = await bench.run('run', 'flood.dag.yaml', '--zzzzzz')
  expect([code, stderr.split('\n')[1]]).toEqual([2, '  See `dagwright run --help`.'])
})

it('says a wrong parameter once, and what else is wrong with the file before it', async () => {
  const wrong = await bench.run('run', 'flood.dag.yaml', '-p', 'lines=many')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr.match(/whole number/g)).toHaveLength(1)
  const broken = await bench.run('run', 'list.dag.yaml', '--json')
  expect([broken.code, JSON.parse(broken.stdout).error.code]).toEqual([2, 'INVALID_PIPELINE'])
})

it('names a task that is not there without an empty place', async () => {
  const { stderr } = await bench.run('run', 'flood.dag.yaml', '--only', 'nothing')
  expect(stderr).not.toMatch(/^ error/m)
  expect(stderr.match(/Choose tasks/g)).toHaveLength(1)
})

it('validates the others where one file cannot be read', async () => {
  const { code, stdout } = await bench.run('validate')
  expect(code).toBe(2)
  expect(stdout).toMatch(/^binary\.dag\.yaml error FILE_NOT_TEXT /m)
  expect(stdout).toMatch(/^cycle\.dag\.yaml:4:\d+ error CYCLE /m)
  expect(stdout).toContain('flood.dag.yaml is valid')
})

it('refuses to export into what is no folder, without a stack trace', async () => {
  const { code, stderr } = await bench.run('export', 'flood.dag.yaml', '--to', 'json', '--out', 'flood.dag.yaml')
  expect(code).toBe(2)
  expect(stderr).toContain('--out')
  expect(stderr).not.toMatch(/INTERNAL|\n {4}at /)
})

it('tells what a log left out, marks guesses, and lists the runs of one file only', async () => {
  const plan = await bench.run('analyze', 'flood.dag.yaml')
  expect(plan.stdout).toMatch(/^guess +~1\.0 s/m)
  expect((await bench.run('run', 'flood.dag.yaml')).code).toBe(0)
  const log = await bench.run('logs', 'last', 'print')
  expect(log.stdout).toMatch(/^-- \d+\.\d MB left out here/m)
  expect((await bench.run('runs', 'flood.dag.yaml')).stdout.split('\n')).toHaveLength(2)
  expect((await bench.run('runs', 'binary.dag.yaml')).stdout).toBe('')
})
