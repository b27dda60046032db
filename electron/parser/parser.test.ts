import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { documentParser } from './parser.ts'

const ENTRY = join(import.meta.dirname, 'main.ts')
const ROOT = join(import.meta.dirname, '../..')
const POOLS = new Map([['warehouse', 2]])

function pipelineFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.dag.yaml') && !path.includes('.dagwright'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
}

const HOSTILE = `dagwright: 1
id: hostile
params: { __proto__: { default: 1 }, constructor: { default: { __proto__: 2, toString: [~] } } }
tasks:
  constructor: { kind: noop, pool: nowhere, forEach: [{ __proto__: a }] }
  __proto__: { kind: shell, run: 'echo \${{ params["constructor"] }}', needs: [constructor, missing] }
`

/** As many tasks as do not fit into one portion, or just do. */
const large = (count: number) =>
  `dagwright: 1\nid: large\ntasks:\n${Array.from({ length: count }, (_, task) => `  t${task}: { kind: noop }\n`).join('')}`

test('a thread reads what is read here', async () => {
  const inThread = documentParser(ENTRY, 0)
  const broken = ['', 'a: [', 'dagwright: 99']
  for (const text of [...pipelineFiles(join(ROOT, 'shared/samples')), HOSTILE, ...broken, large(1000), large(1001)]) {
    const { pipeline, problems } = parseDocument(text, { sharedPools: POOLS })
    expect(await inThread(text, POOLS)).toEqual({ pipeline, problems })
  }
  // A thread a text, each with its own start.
}, 180_000)

test('where no thread can be had it is read here', async () => {
  const { pipeline } = await documentParser(join(ROOT, 'no-such-entry.ts'), 0)(HOSTILE, POOLS)
  expect(pipeline?.id).toBe('hostile')
})
