import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasErrors, type PipelineDocument, parseDocument } from './document.ts'
import type { Problem } from './problem.ts'
import { randomDocument } from './testing/random-document.testing.ts'

const HEAD = 'dagwright: 1\nid: test\n'

function problem(document: PipelineDocument, code: string): Problem {
  const found = document.problems.find((candidate) => candidate.code === code)
  if (!found)
    throw new Error(
      `no ${code} among ${document.problems.map((other) => `${other.code}: ${other.message}`).join('; ')}`,
    )
  return found
}

/** The text a problem marks. */
function marked(document: PipelineDocument, code: string): string {
  const { range } = problem(document, code)
  return document.text.slice(range!.start.offset, range!.end.offset)
}

describe('a whole file', () => {
  const text = `dagwright: 1
id: flight_delays
name: Flight delays
tags: [flights]
schedule: { cron: "0 6 * * *", timezone: Europe/Berlin }
params:
  min_distance: { type: integer, default: 200, description: "Shortest flight, in miles" }
env: { TZ: UTC, PY: 3.10, OFF: no }
concurrency: 8
timeout: 1h
pools: { warehouse: 2 }
defaults:
  timeout: 10m
  retries: { limit: 2, delay: 5s, backoff: exponential, factor: 2, maxDelay: 1m, jitter: full }
  env: { A: default, B: default }
slo: { duration: { p95: 5m }, successRate: 0.99, finishBy: { at: "07:00" }, window: 50 runs }
tasks:
  extract:
    name: Extract flights
    kind: shell
    run: cp "$SOURCE" flights.parquet
    env: { B: own }
    estimate: 20s
  clean:
    kind: sql
    needs: [extract]
    retries: 1
    timeout: null
    sql: select \${{ params.min_distance }}
    outputs: { airports: select distinct origin from clean }
  by_airport:
    kind: python
    needs: [clean, { task: extract, when: "\${{ params.min_distance > 0 }}" }]
    pool: { name: warehouse, slots: 1 }
    required: false
    forEach: \${{ tasks.clean.outputs.airports }}
    code: print(\${{ item }})
  call:
    kind: http
    url: http://localhost/
    expect: 204
    estimate: { min: 1s, likely: 2s, max: 1m30s }
groups:
  staging: { name: Staging, tasks: [extract, clean] }
notes:
  - { id: n1, text: Hi, at: [0, 0], size: [240, 120] }
canvas:
  extract: [0, 0]
`
  const document = parseDocument(text)
  const task = (id: string) => document.pipeline!.tasks.find((candidate) => candidate.id === id)

  it('has nothing wrong with it, and is told what its condition may skip', () =>
    expect(document.problems).toMatchObject([
      { code: 'JOIN_MAY_BE_SKIPPED', severity: 'info', path: ['tasks', 'by_airport'] },
    ]))
  it('gives the pipeline with durations in microseconds', () => {
    expect(document.pipeline).toMatchObject({
      id: 'flight_delays',
      concurrency: 8,
      timeout: 3_600_000_000,
      schedule: { cron: '0 6 * * *', timezone: 'Europe/Berlin', catchup: false },
      slo: { duration: new Map([['p95', 300_000_000]]), windowRuns: 50, finishBy: { at: '07:00', timezone: 'UTC' } },
    })
    expect(task('call')!.estimate).toEqual({ min: 1e6, likely: 2e6, max: 90e6 })
    expect(task('extract')!.estimate).toEqual({ min: 20e6, likely: 20e6, max: 20e6 })
  })
  it('keeps the text of an environment variable as it is written', () => {
    expect(Object.fromEntries(document.pipeline!.env)).toEqual({ TZ: 'UTC', PY: '3.10', OFF: 'no' })
  })
  it('applies defaults field by field, and null unsets one', () => {
    expect(task('extract')).toMatchObject({ timeout: 600e6, retries: { limit: 2, delay: 5e6, jitter: 'full' } })
    expect(Object.fromEntries(task('extract')!.env)).toEqual({ A: 'default', B: 'own' })
    expect(task('clean')).toMatchObject({ timeout: null, retries: { limit: 1, delay: 5e6, backoff: 'exponential' } })
  })
  it('locates values and tells the task at an offset', () => {
    const range = document.locate(['tasks', 'by_airport', 'pool', 'slots'])!
    expect(text.slice(range.start.offset, range.end.offset)).toBe('1')
    expect(range.start).toMatchObject({ line: 34, column: 37 })
    expect(document.taskAt(text.indexOf('min_distance > 0'))).toBe('by_airport')
    expect(document.taskAt(text.indexOf('concurrency'))).toBeUndefined()
    expect(document.locate(['tasks', 'nothing'])).toBeUndefined()
  })
})

describe('what cannot be read at all', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', 'EMPTY_FILE'],
    ['a list', '- a', 'NOT_A_PIPELINE'],
    ['a syntax error', `${HEAD}tasks: {a: `, 'YAML_SYNTAX'],
    ['a tab as indent', `${HEAD}tasks:\n\ta: 1`, 'YAML_SYNTAX'],
    ['two documents', `${HEAD}---\n${HEAD}`, 'SEVERAL_DOCUMENTS'],
    ['a binary file', 'PAR1\0\x15\x04', 'FILE_NOT_TEXT'],
    ['a huge file', `#${'x'.repeat(6_000_000)}`, 'FILE_TOO_LARGE'],
    ['a newer version', 'dagwright: 2\nid: a', 'NEWER_FORMAT'],
    ['no version there is', 'dagwright: 0\nid: a', 'UNKNOWN_FORMAT'],
    ['an alias of nothing', `${HEAD}tasks: *none`, 'BAD_ALIAS'],
    ['an alias inside itself', `${HEAD}tasks: &a { b: *a }`, 'BAD_ALIAS'],
    ['brackets without end', '['.repeat(100_000), 'NESTED_TOO_DEEPLY'],
  ])('%s', (_name, text, code) => {
    const document = parseDocument(text)
    expect(document.pipeline).toBeNull()
    expect(document.editable).toBe(false)
    expect(problem(document, code)).toMatchObject({ severity: 'error', hint: expect.stringMatching(/\.$|`$/) })
  })

  it('an alias bomb, at once', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 10 }, () => `*l${level}`).join(', ')}]`,
    )
    const document = parseDocument(`${HEAD}l0: &l0 [x, x]\n${levels.join('\n')}`)
    expect(problem(document, 'TOO_MANY_ALIASES')).toBeDefined()
  })

  it('never throws, whatever the text', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom(
        'tasks:',
        '  a:',
        '    kind: shell',
        '    needs: [a, b]',
        '<<: *a',
        '&a',
        '- x',
        '? [x]',
        ': y',
        '!!set',
        'id: {',
        '}',
        '"',
        '|',
        '    run: |2',
        '%YAML 1.1',
        '---',
        '...',
        '    forEach: {each: a}',
        'groups: {g: {tasks: [g]}}',
      ),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const document = parseDocument(lines.join('\n'))
        for (const found of document.problems) expect(found.range!.end.offset).toBeLessThanOrEqual(document.text.length)
      }),
      { numRuns: 1500 },
    )
  })

  it.each([
    'dagwright: { a: 1 }',
    'dagwright: &base\n  x: { limit: 2 }',
    'dagwright: 1\nid: p\ntasks: { a: { kind: { b: 1 }, run: x } }',
  ])('a map where a word belongs: %j', (text) => expect(hasErrors(parseDocument(text))).toBe(true))

  it('never throws on a valid file with one place cut out or doubled', () => {
    fc.assert(
      fc.property(randomDocument, fc.nat(), fc.nat(40), fc.boolean(), ({ text }, from, length, twice) => {
        const start = from % text.length
        const part = text.slice(start, start + length)
        const broken = text.slice(0, start) + (twice ? part + part : '') + text.slice(start + length)
        const document = parseDocument(broken)
        expect(document.editable).toBe(document.pipeline !== null)
        if (document.pipeline === null) expect(hasErrors(document)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('mistakes that still leave a picture', () => {
  const tasks = (body: string) => parseDocument(`${HEAD}tasks:\n${body}`)

  it.each<[string, string, string, string, string]>([
    ['an unknown key', '  a: {kind: noop, neds: []}', 'UNKNOWN_KEY', 'neds', 'Did you mean `needs`?'],
    [
      'an unknown key deep down',
      '  a: {kind: noop, retries: {limt: 1}}',
      'UNKNOWN_KEY',
      'limt',
      'Did you mean `limit`?',
    ],
    [
      '__proto__ as a key',
      '  a: {kind: noop, __proto__: 1}',
      'UNKNOWN_KEY',
      '__proto__',
      'Remove it, or look its spelling up in the file format.',
    ],
    [
      'a key of another kind',
      '  a: {kind: noop, sql: x}',
      'UNKNOWN_KEY',
      'sql',
      'Change the kind to sql, or remove `sql`.',
    ],
    [
      'a wrong type',
      '  a: {kind: noop, timeout: 5}',
      'WRONG_TYPE',
      '5',
      'Correct the value; until then the default counts.',
    ],
    [
      'a wrong word',
      '  a: {kind: noop, triggerRule: all_sucess}',
      'WRONG_VALUE',
      'all_sucess',
      'Did you mean `all_success`?',
    ],
    ['a wrong kind', '  a: {kind: shel, run: x}', 'WRONG_VALUE', 'shel', 'Did you mean `shell`?'],
    ['no kind', '  a: {run: x}', 'MISSING_KEY', 'a', 'Add `kind: shell`.'],
    ['no code', '  a: {kind: sql}', 'MISSING_KEY', 'a', 'Add `sql`.'],
    ['a part that is missing', '  a: {kind: noop, pool: {slots: 2}}', 'MISSING_KEY', 'pool', 'Add `name`.'],
    [
      'a matrix without its name',
      '  a: {kind: noop, forEach: {x: [1, 2]}}',
      'WRONG_VALUE',
      'forEach',
      'Write `forEach: { matrix: { x: … } }` to get one instance for every combination.',
    ],
    ['an empty task', '  a:', 'EMPTY_TASK', 'a', 'Give it a kind, such as { kind: shell, run: "…" }.'],
    [
      'an unknown need',
      '  clean: {kind: noop}\n  a: {kind: noop, needs: [claen]}',
      'UNKNOWN_TASK',
      'claen',
      'Did you mean `clean`?',
    ],
    ['a need of itself', '  a: {kind: noop, needs: [a]}', 'NEEDS_ITSELF', 'a', 'Remove `a` from its own `needs`.'],
    [
      'ids that differ in case',
      '  a: {kind: noop}\n  A: {kind: noop}',
      'SAME_ID',
      'A',
      'Rename one of them: on some systems their files would be the same.',
    ],
    ['an id with a space', '  a b: {kind: noop}', 'BAD_ID', 'a b', 'Rename it; any text can stand in `name`.'],
    [
      'a pool that is too small',
      '  a: {kind: noop, pool: {name: p, slots: 3}}\npools: {p: 2}',
      'POOL_TOO_SMALL',
      'pool',
      'Take fewer slots, or enlarge the pool.',
    ],
    [
      'a timeout that leaves no time',
      '  a: {kind: noop, timeout: 0s}',
      'NO_TIME',
      '0s',
      'Remove `timeout` for no limit, or give it more.',
    ],
    [
      'a run that has no time',
      '  a: {kind: noop}\ntimeout: 0s',
      'NO_TIME',
      '0s',
      'Remove `timeout` for no limit, or give it more.',
    ],
    [
      'following a task that is not mapped',
      '  a: {kind: noop}\n  b: {kind: noop, needs: [a], forEach: {each: a}}',
      'EACH_OF_UNMAPPED',
      'a',
      'Give `a` a `forEach`, or take the list itself here.',
    ],
    [
      'an unknown parameter',
      '  a: {kind: noop, when: "${{ params.limti }}"}\nparams: {limit: {}}',
      'EXPRESSION_UNKNOWN_NAME',
      'params.limti',
      'Did you mean `limit`?',
    ],
    [
      'an expression in a string',
      "  a:\n    kind: python\n    code: |\n      x = 1\n      y = '${{ run.id }}'",
      'EXPRESSION_IN_STRING',
      '${{ run.id }}',
      'Write it without the quotes: `y = ${{ run.id }}`.',
    ],
    [
      'a reference to no ancestor',
      '  a: {kind: noop}\n  b: {kind: noop, when: "${{ tasks.a.state == 1 }}"}',
      'EXPRESSION_UNKNOWN_NAME',
      'tasks.a.state',
      'Add `a` to the needs of b.',
    ],
    [
      'an expression of types that do not go together',
      `  a: {kind: noop, branch: "\${{ params.w == 1 ? 'b' : ['b'] }}"}\n  b: {kind: noop, needs: [a]}\nparams: {w: {}}`,
      'EXPRESSION_TYPE',
      "params.w == 1 ? 'b' : ['b']",
      'Correct the expression.',
    ],
    [
      'a condition of another type',
      '  a: {kind: noop, when: "${{ 1 + 2 }}"}',
      'CONDITION_NOT_BOOL',
      ' 1 + 2 ',
      'Compare it with something, as in `params.mode == "full"`.',
    ],
    [
      'a condition that is a number by its declaration',
      '  a: {kind: noop, when: "${{ params.limit }}"}\nparams: {limit: {type: integer, default: 1}}',
      'CONDITION_NOT_BOOL',
      ' params.limit ',
      'Write `params.limit > 0`.',
    ],
    [
      'a condition on a dependency that is a text by its declaration',
      '  a: {kind: noop}\n  b: {kind: noop, needs: [{task: a, when: "${{ params.mode }}"}]}\nparams: {mode: {default: full}}',
      'CONDITION_NOT_BOOL',
      ' params.mode ',
      'Write `params.mode == "full"`.',
    ],
    [
      'a value that does not go with another by its declaration',
      '  a: {kind: shell, run: "echo ${{ params.mode + 1 }}"}\nparams: {mode: {default: full}}',
      'EXPRESSION_TYPE',
      'params.mode + 1',
      '`params.mode` is declared as string. Compare it with a value of its type, or convert it: `int(…)`, `double(…)`, `string(…)`.',
    ],
    [
      'a condition that is none',
      '  a: {kind: noop, when: params.x}',
      'WRONG_VALUE',
      'params.x',
      'Correct the value; until then the default counts.',
    ],
  ])('%s', (_name, body, code, mark, hint) => {
    const document = tasks(body)
    expect(document.pipeline?.tasks.length).toBe(body.split('kind: noop').length - 1 || 1)
    expect(document.editable).toBe(true)
    expect(marked(document, code)).toBe(mark)
    expect(problem(document, code)).toMatchObject({ severity: 'error', hint })
  })

  it('a matrix that no run could repeat over; one whose size a run decides is not guessed', () => {
    const list = (length: number) => `[${Array.from({ length }, (_, at) => at)}]`
    const matrix = (y: string) => tasks(`  a: {kind: noop, forEach: {matrix: {x: ${list(1000)}, y: ${y}}}}`)
    const { problems } = matrix(list(101))
    expect(problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error TOO_MANY_COMBINATIONS'])
    expect(problems[0]?.message).toContain('101,000 combinations; a task repeats over 100,000 at most')
    expect(marked(matrix(list(101)), 'TOO_MANY_COMBINATIONS')).toBe('forEach')
    for (const y of [list(100), '[]', '"${{ [run.id] }}"']) expect(matrix(y).problems).toEqual([])
  })

  it('what only mapped tasks use may stand in the defaults of all', () => {
    const text = 'tasks: {one: {kind: noop}, many: {kind: noop, forEach: [1, 2]}}\n'
    expect(parseDocument(`${HEAD}${text}defaults: {maxParallel: 2, failFast: true}`).problems).toEqual([])
    const own = parseDocument(`${HEAD}${text.replace('noop}', 'noop, maxParallel: 2}')}defaults: {failFast: true}`)
    expect(own.problems.map(({ code, task }) => `${code} ${task}`)).toEqual(['NO_EFFECT one'])
  })

  it('a duplicate key names both lines; the first counts', () => {
    const document = parseDocument(`${HEAD}tasks: {}\nid: other`)
    expect(problem(document, 'DUPLICATE_KEY').message).toBe(
      '`id` stands twice in the same map: in line 2 and again in line 4.',
    )
    expect(document.pipeline?.id).toBe('test')
  })

  it('a cycle is shown whole and drawn', () => {
    const document = tasks(
      '  a: {kind: noop, needs: [c]}\n  b: {kind: noop, needs: [a]}\n  c: {kind: noop, needs: [b]}',
    )
    expect(problem(document, 'CYCLE').message).toContain('a → b → c → a')
    expect(document.pipeline?.tasks.map((task) => task.needs[0]!.task)).toEqual(['c', 'a', 'b'])
  })

  it('groups: unknown members, two homes, groups inside themselves', () => {
    const document = parseDocument(
      `${HEAD}tasks: {alpha: {kind: noop}}\ngroups: {one: {tasks: [alpha, alpah]}, two: {tasks: [alpha, three]}, three: {tasks: [two]}}`,
    )
    expect(marked(document, 'UNKNOWN_TASK')).toBe('alpah')
    expect(problem(document, 'UNKNOWN_TASK').hint).toBe('Did you mean `alpha`?')
    expect(problem(document, 'IN_TWO_GROUPS')).toMatchObject({
      task: 'alpha',
      message: '`alpha` is in the groups one and two.',
    })
    expect(problem(document, 'GROUP_CYCLE').message).toContain('two → three → two')
    expect(document.pipeline?.groups.map((group) => group.tasks)).toEqual([['alpha'], ['three'], []])
  })

  it('a bad element of a list is left out, the others stay', () => {
    const document = tasks('  a: {kind: noop, tags: [x, 1, y], needs: [{tsk: b}, b]}\n  b: {kind: noop}')
    expect(document.pipeline?.tasks[0]).toMatchObject({ tags: ['x', 'y'], needs: [{ task: 'b', when: null }] })
  })

  it('hostile ids are ids like any other', () => {
    const document = tasks(
      '  __proto__: {kind: noop}\n  constructor: {kind: noop, needs: [__proto__]}\ncanvas: {__proto__: [1, 2]}',
    )
    expect(document.problems).toEqual([])
    expect(document.pipeline?.tasks.map((task) => [task.id, task.needs.length])).toEqual([
      ['__proto__', 0],
      ['constructor', 1],
    ])
    expect(document.pipeline?.canvas.get('__proto__')).toEqual([1, 2])
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it('aliases and merge keys bring in what they name', () => {
    const document = tasks(
      '  a: &a {kind: shell, run: x, retries: &r {limit: 4}}\n  b: {<<: *a, run: y}\n  c: {kind: noop, retries: *r}',
    )
    expect(document.problems).toEqual([])
    expect(document.pipeline?.tasks.map((task) => task.retries.limit)).toEqual([4, 4, 4])
    expect(document.pipeline?.tasks[1]).toMatchObject({ kind: 'shell', run: 'y' })
  })

  it('a schedule that never comes and a place that is none', () => {
    const document = parseDocument(`${HEAD}schedule: { cron: "61 * * * *", timezone: Europe/Atlantis }`)
    expect(marked(document, 'UNKNOWN_TIMEZONE')).toBe('Europe/Atlantis')
    expect(
      document.problems.map((found) => document.text.slice(found.range!.start.offset, found.range!.end.offset)),
    ).toContain('"61 * * * *"')
  })

  it('reserved keys are kept and only mentioned', () => {
    const document = parseDocument(`${HEAD}triggers: [x]\ntasks: {a: {kind: noop, checks: 1}}`)
    expect(document.problems.map((found) => [found.code, found.severity])).toEqual([
      ['RESERVED_KEY', 'info'],
      ['RESERVED_KEY', 'info'],
    ])
  })

  it('pools of dagwright.yaml count where they are given', () => {
    const text = `${HEAD}tasks: {a: {kind: noop, pool: shared}}`
    expect(problem(parseDocument(text), 'UNKNOWN_POOL').severity).toBe('info')
    expect(problem(parseDocument(text, { sharedPools: new Map() }), 'UNKNOWN_POOL').severity).toBe('error')
    expect(parseDocument(text, { sharedPools: new Map([['shared', 1]]) }).problems).toEqual([])
    const both = parseDocument(`${text}\npools: {shared: 1}`, { sharedPools: new Map([['shared', 1]]) })
    expect(marked(both, 'POOL_TWICE')).toBe('shared')
  })
})

describe('what it says', () => {
  it('names the beginning and the end of a long cycle', () => {
    const tasks = Array.from({ length: 5000 }, (_, i) => `  t${i}: { kind: noop, needs: [t${(i + 4999) % 5000}] }\n`)
    const { message } = problem(parseDocument(`${HEAD}tasks:\n${tasks.join('')}`), 'CYCLE')
    expect(message.length).toBeLessThan(300)
    expect(message).toMatch(/: t\d+ → .* → \d+ more → .* → t\d+\.$/)
  })

  it('leaves the words of the YAML library out where it has its own', () => {
    expect(problem(parseDocument(`${HEAD}---\n${HEAD}`), 'SEVERAL_DOCUMENTS').message).not.toContain('parseAll')
  })

  it('lets a branch look at what its own task found out, and nothing else', () => {
    const using = (field: string) => `${HEAD}tasks:\n  a: { kind: noop, ${field} }\n  b: { kind: noop, needs: [a] }\n`
    expect(parseDocument(using('branch: "${{ tasks.a.outputs.way }}"')).problems).toEqual([])
    for (const field of [
      'branch: "${{ tasks.a.state }}"',
      'when: "${{ tasks.a.outputs.way }}"',
      'branch: "${{ tasks.b.outputs.x }}"',
    ]) {
      expect(problem(parseDocument(using(field)), 'EXPRESSION_UNKNOWN_NAME').severity, field).toBe('error')
    }
  })
})

describe('values that cannot be', () => {
  const within = (tasks: string, head = '') => parseDocument(`${HEAD}${head}tasks:\n${tasks}`)
  const codes = (document: PipelineDocument) => document.problems.map(({ code }) => code)

  it.each([
    ['url: localhost:8080/x', 'BAD_ADDRESS', 'Write `http://localhost:8080/x`.'],
    ['url: nowhere', 'BAD_ADDRESS', 'Write the whole address.'],
    ['url: "ftp://a.b/c"', 'BAD_ADDRESS', 'Write the whole address.'],
    ['url: "http://a.b/", body: x', 'BODY_OF_GET', 'Remove the body, or choose another method, such as POST.'],
  ])('http: { %s }', (fields, code, hint) => {
    expect(problem(within(`  a: { kind: http, ${fields} }\n`), code)).toMatchObject({ severity: 'error', hint })
  })

  it('is right about addresses that only a run knows, and bodies of others', () => {
    const document = within(
      `  a: { kind: http, url: "\${{ params.base }}/x" }\n  b: { kind: http, url: "HTTPS://a.b", method: POST, body: x }\n`,
      'params: { base: { type: string } }\n',
    )
    expect(document.problems).toEqual([])
  })

  it('names a range in which nothing fits', () => {
    const document = within(
      '  a: { kind: noop }\n',
      'params: { n: { type: integer, minimum: 10, maximum: 1, default: 5 } }\n',
    )
    expect(codes(document)).toContain('BAD_RANGE')
    expect(codes(document)).not.toContain('BAD_DEFAULT')
  })

  it.each([
    ['${{ params.nope }}', 'EXPRESSION_UNKNOWN_NAME', 'The pipeline has no parameter `nope`.'],
    [
      '${{ tasks.a.outputs.x }}',
      'EXPRESSION_UNKNOWN_NAME',
      "`tasks` is not known in the pipeline's `env`, which holds for all tasks.",
    ],
    [
      '${{ item }}',
      'EXPRESSION_UNKNOWN_NAME',
      "`item` is not known in the pipeline's `env`, which holds for all tasks.",
    ],
    ['${{ env.B }}', 'EXPRESSION_UNKNOWN_NAME', "The pipeline's `env` is not known in itself."],
    ['${{ secrets.S }}', 'EXPRESSION_UNKNOWN_NAME', '`S` is not one of the secrets of b, which has this variable too.'],
    ['${{ run.nope }}', 'EXPRESSION_UNKNOWN_NAME', 'A run has no `nope`.'],
    ['${{ params.', 'EXPRESSION_UNCLOSED', 'This `${{` has no `}}`.'],
  ])("the pipeline's env: %s", (value, code, message) => {
    const document = within('  a: { kind: noop, secrets: [S] }\n  b: { kind: noop }\n', `env: { A: "${value}" }\n`)
    expect(problem(document, code)).toMatchObject({ message, path: ['env', 'A'] })
    expect(value).toContain(marked(document, code))
  })

  it('knows the connections of the workspace, where it is told them', () => {
    const text = `${HEAD}tasks:\n  a: { kind: sql, sql: select 1, connection: crn }\n  b: { kind: check, sql: select 1, connection: web }\n`
    const connections = new Map([
      ['crm', 'sqlite'],
      ['web', 'http'],
    ])
    const { problems } = parseDocument(text, { connections })
    expect(problems.map(({ code, hint, task }) => [code, hint, task])).toEqual([
      ['UNKNOWN_CONNECTION', 'Did you mean `crm`?', 'a'],
      ['UNKNOWN_CONNECTION', 'Declare it under `connections` in dagwright.yaml.', 'b'],
    ])
    expect(parseDocument(text).problems).toEqual([])
  })

  it("looks into a sql task's database", () => {
    const document = within('  a: { kind: sql, sql: select 1, database: "${{ params.nope }}.duckdb" }\n')
    expect(marked(document, 'EXPRESSION_UNKNOWN_NAME')).toBe('params.nope')
  })
})
