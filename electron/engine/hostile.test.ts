import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTILE } from '#shared/expression/hostile.testing.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { type Bench, bench, type FinishedRun } from './engine.testing.ts'

/** Where a value can come from; each kind must hand on all three as they are. */
const SOURCES = { item: 'item', param: 'params.all[index]', output: 'tasks.source.outputs.out[index]' } as const
type Source = keyof typeof SOURCES
const sources = Object.keys(SOURCES) as Source[]
const values = (from: Source) => `\${{ ${SOURCES[from]} }}`
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** One mapped task a kind, an instance a value, and what arrived written to files `KIND-SOURCE-INDEX`. */
const PIPELINE = `
params: { all: { type: array }, md5: { type: array }, base: { type: string } }
tasks:
  source:
    kind: javascript
    forEach: \${{ params.all }}
    code: "export default { out: \${{ item }} }"
  bash: { kind: shell, shell: bash, needs: [source], forEach: { each: source }, run: ${shellCode('bash')} }
  sh: { kind: shell, shell: sh, needs: [source], forEach: { each: source }, run: ${shellCode('sh')} }
  python:
    kind: python
    needs: [source]
    forEach: { each: source }
    code: |
      import json, os
      def keep(source, value):
          with open(f"python-{source}-{os.environ['DAGWRIGHT_INDEX']}", 'w', newline='', encoding='utf-8') as file:
              file.write(value)
${sources.map((from) => `      keep('${from}', ${values(from)})`).join('\n')}
      with open(os.environ['DAGWRIGHT_OUTPUT'], 'a') as file:
          file.write('out:=' + json.dumps(${values('item')}) + '\\n')
  javascript:
    kind: javascript
    needs: [source]
    forEach: { each: source }
    code: |
      import { writeFileSync } from 'node:fs'
      const keep = (source, value) => writeFileSync(\`javascript-\${source}-\${process.env.DAGWRIGHT_INDEX}\`, value)
${sources.map((from) => `      keep('${from}', ${values(from)})`).join('\n')}
      export default { out: ${values('item')} }
  sql:
    kind: sql
    needs: [source]
    forEach: { each: source }
    sql: create or replace table \${{ ident("t" + string(index)) }} as select 1 as \${{ ident("_" + item) }}
    outputs:
      item: select ${values('item')}
      param: select md5(${values('param')})
      output: select md5(${values('output')})
      name: select md5(column_name) from duckdb_columns() where table_name = 't' || \${{ index }}
  check:
    kind: check
    needs: [source]
    forEach: { each: source }
    sql: select 1 where md5(\${{ item }}) <> \${{ params.md5[index] }}
  http:
    kind: http
    method: POST
    needs: [source]
    forEach: { each: source }
    url: '\${{ params.base }}/echo?before=1&value=\${{ size(item) < 5000 ? item : "" }}&after=2'
    body: \${{ tasks.source.outputs.out[index] }}
    outputs: { body: response.body, query: 'response.headers["x-query"]' }
  back:
    kind: javascript
    needs: [python, sql, http]
    code: |
      const all = ${'${{ params.all }}'}
      const python = ${'${{ tasks.python.outputs.out }}'}
      const sql = ${'${{ tasks.sql.outputs.item }}'}
      export default { same: [all.every((one, at) => one === python[at]), all.every((one, at) => one === sql[at])] }
`

function shellCode(name: string): string {
  const code = [
    `printf %s ${values('item')} > "${name}-item-$DAGWRIGHT_INDEX"`,
    `printf %s "${values('param')}" > "${name}-param-$DAGWRIGHT_INDEX"`,
    `x=$(cat <<EOF\n${values('output')}.\nEOF\n)`,
    `printf %s "\${x%.}" > "${name}-output-$DAGWRIGHT_INDEX"`,
  ]
  return JSON.stringify(`${code.join('\n')}\n`)
}

let host: Bench
let server: Server
let run: FinishedRun

beforeAll(async () => {
  host = bench()
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams
      response.writeHead(200, { 'x-query': JSON.stringify([...query]).replaceAll(/[^ -~]/g, (one) => escaped(one)) })
      response.end(Buffer.concat(parts))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  run = await host.run(PIPELINE, { params: { all: HOSTILE, md5: HOSTILE.map(md5), base }, slots: 4 })
}, 120_000)
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await host.dispose()
})

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

test('every kind runs with every hostile value', () => {
  const wrong = Object.entries(run.states).filter(([, state]) => state !== 'success')
  expect(wrong.map(([label]) => `${label}: ${run.reason(label).slice(0, 200)}`)).toEqual([])
})

describe.each(['bash', 'sh', 'python', 'javascript'])('%s', (kind) => {
  test.each(sources)('a value from %s arrives byte for byte', (source) => {
    HOSTILE.forEach((value, index) => {
      const arrived = readFileSync(join(host.root, `${kind}-${source}-${index}`))
      expect(
        arrived.equals(Buffer.from(value)),
        `${JSON.stringify(value.slice(0, 60))}, arrived as ${JSON.stringify(arrived.toString().slice(0, 60))}`,
      ).toBe(true)
    })
  })
})

test('SQL: literals and identifiers', () => {
  HOSTILE.forEach((value, index) => {
    const { item, ...digests } = run.outputs[`sql[${index}]`] ?? {}
    expect(item === value, JSON.stringify(value.slice(0, 60))).toBe(true)
    expect(digests).toEqual({ param: md5(value), output: md5(value), name: md5(`_${value}`) })
  })
})

test('HTTP: body and query', () => {
  HOSTILE.forEach((value, index) => {
    const outputs = run.outputs[`http[${index}]`] as { body: Json; query: string }
    expect(outputs.body === value, JSON.stringify(value.slice(0, 60))).toBe(true)
    const query = JSON.parse(outputs.query) as [string, string][]
    expect(query.length).toBe(3)
    if (value.length < 5000) expect(query[1]).toEqual(['value', value])
  })
})

test('outputs of python and SQL come back to a task downstream', () => {
  expect(run.outputs.back).toEqual({ same: [true, true] })
})

test('the environment of a task: its own variables are values too, and what does not fit is said', async () => {
  const fits = HOSTILE.filter((value) => value.length < 100_000)
  const tasks = (values: readonly string[]) =>
    values.map(
      (_, at) =>
        `  t${at}: { kind: shell, env: { V: "\${{ params.all[${at}] }}" }, run: 'printf %s "$V" > env-${at}' }`,
    )
  const small = await host.run(`params: { all: { type: array } }\ntasks:\n${tasks(fits).join('\n')}\n`, {
    params: { all: fits },
  })
  expect(small.state).toBe('success')
  fits.forEach((value, at) => {
    expect(readFileSync(join(host.root, `env-${at}`)).equals(Buffer.from(value)), JSON.stringify(value)).toBe(true)
  })
  const large = ['x'.repeat(1_000_000), 'a\0b', 'a\ud800b']
  const wrong = await host.run(`params: { all: { type: array } }\ntasks:\n${tasks(large).join('\n')}\n`, {
    params: { all: large },
  })
  expect(wrong.states).toEqual({ t0: 'failed', t1: 'failed', t2: 'failed' })
  expect(wrong.reason('t0')).toContain('too large')
  expect(wrong.reason('t1')).toContain('without null bytes')
  expect(wrong.reason('t2')).toContain('surrogate')
})

test('half a surrogate pair goes where JSON goes, and nowhere else', async () => {
  const lone = await host.run(
    `
params: { v: { type: string } }
tasks:
  javascript: { kind: javascript, code: 'export default { out: \${{ params.v }} }' }
  python:
    kind: python
    needs: [javascript]
    code: |
      import json, os
      with open(os.environ['DAGWRIGHT_OUTPUT'], 'a') as file:
          file.write('out:=' + json.dumps(\${{ tasks.javascript.outputs.out }}) + '\\n')
  shell: { kind: shell, run: 'echo \${{ params.v }}' }
  sql: { kind: sql, sql: 'select \${{ params.v }}' }
  http: { kind: http, method: POST, url: 'http://127.0.0.1:9/', body: '\${{ params.v }}' }
`,
    { params: { v: 'a\ud800b' } },
  )
  expect(lone.outputs.javascript).toEqual({ out: 'a\ud800b' })
  expect(lone.outputs.python).toEqual({ out: 'a\ud800b' })
  for (const kind of ['shell', 'sql', 'http']) {
    expect(lone.states[kind]).toBe('failed')
    expect(lone.reason(kind)).toContain('surrogate')
  }
})
