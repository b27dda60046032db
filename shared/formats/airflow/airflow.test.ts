import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scopeOf } from '../../expression/scope.testing.ts'
import { renderUrl } from '../../expression/url.ts'
import { descendants } from '../../graph/reachability.ts'
import { taskGraph } from '../../graph/task-graph.ts'
import { parseDocument } from '../../model/document.ts'
import type { Pipeline } from '../../model/pipeline.ts'
import { pipelineOf, taskOf } from '../pipeline.testing.ts'
import { hostilePipeline } from '../pipeline-arbitrary.testing.ts'
import { airflowExporter } from './airflow.ts'

const python = spawnSync('python3', ['--version']).status === 0
const source = (pipeline: Pipeline) => airflowExporter.export(pipeline, { source: 'a.dag.yaml' }).files[0]!.text

interface Recorded {
  readonly error?: string
  readonly dag: Record<string, unknown>
  readonly tasks: Record<string, Record<string, unknown>>
  readonly edges: [string, string][]
  readonly groups: Record<string, string | null>
}

/** Runs the files against stand-ins of Airflow; see airflow-stub.testing.py. */
function load(pipelines: readonly Pipeline[]): Recorded[] {
  const run = spawnSync('python3', [join(import.meta.dirname, 'airflow-stub.testing.py')], {
    input: JSON.stringify(pipelines.map(source)),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

/** Dependencies between the pipeline's own tasks, through extra ones. */
function ownEdges(recorded: Recorded, own: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  for (const start of own) {
    const seen = new Set<string>()
    const open = [start]
    while (open.length > 0) {
      const from = open.pop()!
      for (const [source, target] of recorded.edges) {
        if (source !== from || seen.has(target)) continue
        seen.add(target)
        if (own.has(target)) found.add(`${start} > ${target}`)
        else open.push(target)
      }
    }
  }
  return found
}

describe.runIf(python)('airflow files, run by Python', () => {
  it('load for hostile pipelines, with every task and every dependency and no import for nothing', () => {
    const pipelines = fc.sample(hostilePipeline, 150)
    load(pipelines).forEach((recorded, number) => {
      const pipeline = pipelines[number]!
      expect(recorded.error, source(pipeline)).toBeUndefined()
      const own = new Set(pipeline.tasks.map(({ id }) => id))
      expect(Object.keys(recorded.tasks)).toEqual(expect.arrayContaining([...own]))
      const edges = ownEdges(recorded, own)
      for (const task of pipeline.tasks) {
        for (const need of task.needs) expect(edges).toContain(`${need.task} > ${task.id}`)
      }
      const { graph, numberOf } = taskGraph(pipeline.tasks)
      for (const edge of edges) {
        const [from, to] = edge.split(' > ')
        expect(descendants(graph, [numberOf.get(from!)!])[numberOf.get(to!)!], edge).toBe(1)
      }
    })
  })

  it('carry over texts exactly', () => {
    const docs = 'quotes " \' """ and \\ back\\slashes\nlines {{ braces }}\t\u0000😀'
    const [recorded] = load([pipelineOf([taskOf('noop', 'a', { docs, name: docs, owner: docs })])])
    expect(recorded!.tasks.a).toMatchObject({ doc_md: docs, task_display_name: docs, owner: docs })
  })

  it('load for the example and the sample', () => {
    const paths = ['../examples/everything.dag.yaml', '../../samples/flights/flight_delays.dag.yaml']
    const pipelines = paths.map(
      (path) => parseDocument(readFileSync(join(import.meta.dirname, path), 'utf8')).pipeline!,
    )
    const [everything, flights] = load(pipelines)
    expect(everything!.error).toBeUndefined()
    expect(flights!.error).toBeUndefined()
    expect(everything!.groups).toEqual({ io: null, inner: 'io' })
    expect(everything!.tasks.one_line!.group).toBe('inner')
    expect(everything!.tasks.extract).toMatchObject({ pool_slots: 2, retries: 3, retry_exponential_backoff: 3 })
    expect(flights!.tasks.delay_mart).toMatchObject({ trigger_rule: 'none_failed', pool: 'duckdb' })
    expect(flights!.tasks.airport_profile).toMatchObject({ mapped: ['item'], max_active_tis_per_dagrun: 3 })
  })
})

describe('airflow', () => {
  const one = (...args: Parameters<typeof taskOf>) => source(pipelineOf([taskOf(...args)]))

  it('keeps Jinja away from what only looks like it', () => {
    expect(one('shell', 'a', { run: 'echo ${#names[@]}' })).toContain('"{% raw %}echo ${#names[@]}{% endraw %}"')
    expect(one('shell', 'a', { run: './build.sh' })).toContain(`'./build.sh{{ "" }}'`)
  })

  it('quotes values for the language they stand in', () => {
    expect(one('shell', 'a', { run: 'echo ${{ params.x }}' })).toContain('echo {{ params.x | quote }}')
    expect(one('sql', 'a', { sql: 'select ${{ params.x }}' })).toContain('select {sql_literal(params["x"])}')
    expect(one('python', 'a', { code: 'x = ${{ params.x }}' })).toContain('x = params["x"]')
    expect(one('javascript', 'a', { code: 'f(${{ params.x }})' })).toContain('f({{ params.x | tojson }})')
  })

  it('executes nothing that stands in a value, in double quotes and here-documents neither', () => {
    const value = '$(echo ran) "\\ `id`'
    const run =
      'echo "a ${{ params.x }}" ${{ params.x }}\ncat <<E\nb ${{ params.x }}\nE\necho $(( ${{ params.n }} + 1 ))'
    const text = one('shell', 'a', { run })
    expect(text).toContain('echo $(( {{ params.n | int }} + 1 ))')
    const body = /bash_command=r?"""\n([\s\S]*?)"""/.exec(text)?.[1] ?? ''
    const script = body.replaceAll('{{ params.x | quote }}', () => `'${value}'`).replace('{{ params.n | int }}', '1')
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect(stdout).toBe(`a ${value} ${value}\nb ${value}\n2\n`)
    const mapped = one('shell', 'a', { forEach: { type: 'list', list: ['x y'] }, run: 'echo "a ${{ item }}"' })
    expect(mapped).toContain('echo "a ${ITEM}"')
  })

  it('encodes values in the address of a request as a run does', () => {
    const urls = [
      '${{ params.base }}/a/${{ params.value }}?q=${{ params.value }}#${{ params.value }}',
      'https://${{ params.host }}/${{ params.value }}${{ params.value }}',
      'https://example.org/plain',
    ]
    const params = { base: 'https://example.org/x', host: 'h.example:8080', value: 'a b/c&d=?é%"\'*' }
    for (const url of urls) {
      const rendered = renderUrl(url, scopeOf(params))
      const text = one('http', 'a', { url })
      const argument = /http_request\(\s*"GET",\s*(address\(.*?\)|".*?"),\s/s.exec(text)?.[1]
      const program = `${text.slice(0, text.indexOf('\nwith DAG(')).replaceAll(/^from airflow.*$/gm, '')}\nimport sys\nparams = json.loads(sys.argv[1])\nprint(${argument})`
      const { stdout, stderr } = spawnSync('python3', ['-c', program, JSON.stringify(params)], { encoding: 'utf8' })
      expect(rendered, stderr).toEqual({ ok: true, value: stdout.trimEnd() })
    }
  })

  it('runs code that a function would change as a script of its own', () => {
    for (const code of [
      'if __name__ == "__main__":\n    pass',
      'from os import *',
      'exit(0)',
      'x = (1',
      'params = 1',
    ]) {
      expect(one('python', 'a', { code }), code).toContain("python3 - <<'PYTHON'")
    }
    expect(one('python', 'a', { code: 'import os\nprint(os)' })).toContain(
      'def a():\n        import os\n        print(os)',
    )
  })

  it('leaves lines inside of strings where they are', () => {
    expect(one('python', 'a', { code: 'x = """\n  y\n"""\nz = 1' })).toContain(
      '        x = """\n  y\n"""\n        z = 1',
    )
  })

  it('never writes the value of a secret, only where to find it', () => {
    const text = one('shell', 'a', { secrets: ['TOKEN'], run: 'curl -H ${{ secrets.OTHER }} $TOKEN' })
    expect(text).toContain(`"TOKEN": '{{ var.value.get("TOKEN") }}'`)
    expect(text).toContain('{{ var.value.OTHER | quote }}')
  })

  it('reports an expression that has no equal instead of guessing', () => {
    const pipeline = pipelineOf([taskOf('shell', 'a', { run: 'echo ${{ params.x / 2 }}' })])
    const { files, losses } = airflowExporter.export(pipeline, { source: null })
    expect(files[0]!.text).toContain('{{ untranslated("params.x / 2") | quote }}')
    expect(losses.find(({ feature }) => feature === 'Expressions')?.where).toEqual({ field: 'run', tasks: ['a'] })
  })
})
