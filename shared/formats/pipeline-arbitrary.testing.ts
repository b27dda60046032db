import fc from 'fast-check'
import { type Pipeline, TASK_KINDS, type Task, TRIGGER_RULES } from '../model/pipeline.ts'
import { NO_RETRIES, pipelineOf, taskOf } from './pipeline.testing.ts'

/** Ids that languages would take for something of their own. */
const HOSTILE_IDS = [
  ...'__proto__ constructor class None print task dag DAG end style graph text script json os item params'.split(' '),
  ...'a-b a.b a_b A-B sql_literal staging_group x__items __init__ lambda _ a- a_b_ extract_task extract'.split(' '),
]

/** Texts made of what breaks quoting, templating, comments and markup, and of anything else. */
const hostileText = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ...[
          '"',
          "'",
          '"""',
          "'''",
          '\\',
          '\n',
          '\r\n',
          '\t',
          '{{',
          '}}',
          '{%',
          '{#',
          '{% endraw %}',
          '${{ params.x }}',
        ],
        ...[
          '#',
          '%%',
          '`',
          '<',
          '&',
          ';',
          '|',
          '\u0000',
          '\u2028',
          '\uFEFF',
          '日本',
          '😀',
          'EOF',
          'PYTHON',
          '.sh',
          ' ',
          '1. ',
          'f"',
        ],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

const expression = fc.constantFrom(
  '${{ params.x > 1 }}',
  '${{ params["a b"] == "it\'s \\"so\\"" && !(size(params.list) > 2) }}',
  '${{ params.x / 2 > 1 }}',
  '${{ params.list.exists(v, v > 1) }}',
  '${{ params.name.startsWith("é{{") ? true : false }}',
)

const code = fc.oneof(hostileText, fc.constantFrom('x = ${{ params.x }}\nprint(x)', 'print("""a\nb""")', 'pass', ''))

function fields(upstream: readonly string[]) {
  return fc.record({
    name: hostileText,
    docs: hostileText,
    owner: hostileText,
    triggerRule: fc.constantFrom(...TRIGGER_RULES),
    when: fc.option(expression),
    needs: fc
      .subarray([...upstream], { maxLength: Math.min(3, upstream.length) })
      .chain((ids) =>
        fc.tuple(...ids.map((task) => fc.record({ task: fc.constant(task), when: fc.option(expression) }))),
      ),
    env: hostileText.map((value) => new Map([['NAME', value]])),
    cwd: fc.option(hostileText),
    writes: fc.array(hostileText, { maxLength: 2 }),
    forEach: fc.option(
      fc.oneof(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }).map((list) => ({ type: 'list' as const, list })),
        fc.constant({ type: 'list' as const, list: '${{ params.list }}' }),
        fc.constant({
          type: 'matrix' as const,
          matrix: new Map<string, string | number[]>([
            ['a b', [1, 2]],
            ['c', '${{ params.list }}'],
          ]),
        }),
      ) as fc.Arbitrary<Task['forEach']>,
    ),
    pool: fc.option(fc.record({ name: fc.constant('warehouse-1.x'), slots: fc.integer({ min: 1, max: 3 }) })),
    retries: fc.constantFrom(NO_RETRIES, {
      ...NO_RETRIES,
      limit: 2,
      delay: 1_500_000,
      backoff: 'exponential' as const,
    }),
    timeout: fc.option(fc.integer({ min: 1, max: 10 ** 12 })),
  })
}

function task(id: string, upstream: readonly string[]): fc.Arbitrary<Task> {
  return fc
    .tuple(fc.constantFrom(...TASK_KINDS), fields(upstream), code, hostileText)
    .map(([kind, common, body, text]) => {
      const made = taskOf(kind, id, common as Partial<Task>)
      switch (made.kind) {
        case 'shell':
          return { ...made, run: body }
        case 'python':
          // Code that is no Python breaks the file it stands in: that is the author's error, not the exporter's.
          return {
            ...made,
            code: `x = ${JSON.stringify(text.replaceAll('$', ''))}\n# ${text.replaceAll('$', '').replace(/\s|\p{C}/gu, ' ')}\ny = """\n  z\n"""\n`,
          }
        case 'javascript':
          return { ...made, code: body }
        case 'sql':
          return { ...made, sql: body, outputs: new Map([[text, 'select ${{ params.x }}']]) }
        case 'check':
          return { ...made, sql: body }
        case 'http':
          return { ...made, url: text, body: text, headers: new Map([[text, text]]) }
        case 'noop':
          return made
        default:
          return made satisfies never
      }
    })
}

/** Valid but hostile pipelines; needs lead to earlier tasks only. */
export const hostilePipeline: fc.Arbitrary<Pipeline> = fc
  .uniqueArray(fc.constantFrom(...HOSTILE_IDS), { minLength: 1, maxLength: 7, selector: (id) => id.toLowerCase() })
  .chain((ids) =>
    fc.record({
      tasks: fc.tuple(...ids.map((id, index) => task(id, ids.slice(0, index)))),
      name: hostileText,
      description: hostileText,
      members: fc.subarray(ids),
      schedule: fc.option(
        fc.record({
          cron: fc.constant('0 6 * * *'),
          timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
          catchup: fc.boolean(),
        }),
      ),
    }),
  )
  .map(({ tasks, name, description, members, schedule }) =>
    pipelineOf(tasks, {
      id: 'hostile-1.x',
      name,
      description,
      schedule,
      params: new Map([
        ['x', { type: 'integer', default: 1, description: name, enum: null, minimum: null, maximum: null }],
        ['a b', { type: 'string', default: undefined, description, enum: ['a', name], minimum: null, maximum: null }],
      ]),
      groups: [
        { id: 'g.1', name, tasks: [...members.slice(0, 2), 'g2'], color: null },
        { id: 'g2', name: '', tasks: members.slice(2), color: 'red' },
      ],
    }),
  )
