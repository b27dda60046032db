import { describe, expect, it } from 'vitest'
import { type PipelineDocument, parseDocument } from './document.ts'
import { connect, disconnect, insertTaskOnEdge, removeTasks, wouldCloseCycle } from './edit-dependency.ts'
import { renameTask } from './edit-rename.ts'
import { addTask, changeTaskKind, moveTasks, newTaskId, setPipelineField, setTaskField } from './edit-task.ts'
import { applyPatches, type TextPatch } from './patch.ts'
import type { Result } from './problem.ts'

type Edit = (document: PipelineDocument) => Result<readonly TextPatch[]>

/** The lines an edit takes out (`-`) and puts in (`+`). */
function diff(text: string, edit: Edit): readonly string[] {
  const document = parseDocument(text)
  const result = edit(document)
  if (!result.ok) return result.problems.map((problem) => `${problem.code}: ${problem.message}`)
  const old = text.split('\n')
  const now = applyPatches(text, result.value).split('\n')
  let head = 0
  while (head < old.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  return [
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
  ]
}

const FILE = `# head
dagwright: 1
id: test
defaults: &base
  retries: &retry { limit: 2 }

tasks:
  # about a
  a:
    kind: shell   # kind
    run: |   # code
      echo hi

  # about b
  b:
    kind: python
    needs: [a] # why
    code: print(1)
    # tail of b

  c:
    <<: *base
    kind: noop
    needs:
      # first
      - a
      - task: b   # second
        when: \${{ 1 > 0 }}
  d: {kind: noop, needs: [c, b], retries: *retry}

canvas:
  a: [0, 0]
`

describe('edits leave everything else as it is', () => {
  it.each<[string, Edit, readonly string[]]>([
    [
      'code keeps the comment at its header',
      (document) => setTaskField(document, 'a', ['run'], 'echo 1\necho 2\n'),
      ['-      echo hi', '+      echo 1', '+      echo 2'],
    ],
    [
      'code of several lines becomes a block',
      (document) => setTaskField(document, 'b', ['code'], 'import x\nx()'),
      ['-    code: print(1)', '+    code: |-', '+      import x', '+      x()'],
    ],
    [
      'a scalar keeps the comment behind it',
      (document) => setTaskField(document, 'a', ['kind'], 'noop'),
      ['-    kind: shell   # kind', '+    kind: noop   # kind'],
    ],
    [
      'a comment on the last line of what goes does not become part of a text',
      (document) => setTaskField(document, 'c', ['needs'], 'two\nlines'),
      [
        '-    needs:',
        '-      # first',
        '-      - a',
        '-      - task: b   # second',
        '-        when: ${{ 1 > 0 }}',
        '+    needs: |-',
        '+      two',
        '+      lines',
      ],
    ],
    [
      'a field from a merge key is overridden',
      (document) => setTaskField(document, 'c', ['retries', 'limit'], 5),
      ['+    retries: { limit: 5 }'],
    ],
    [
      'a field from a merge key is unset by null',
      (document) => setTaskField(document, 'c', ['retries'], undefined),
      ['+    retries: null'],
    ],
    [
      'an alias gets an override',
      (document) => setTaskField(document, 'd', ['retries', 'delay'], '3s'),
      [
        '-  d: {kind: noop, needs: [c, b], retries: *retry}',
        '+  d: {kind: noop, needs: [c, b], retries: { <<: *retry, delay: 3s }}',
      ],
    ],
    [
      'a flow task stays flow',
      (document) => setTaskField(document, 'd', ['docs'], 'two\nlines'),
      [
        '-  d: {kind: noop, needs: [c, b], retries: *retry}',
        '+  d: {kind: noop, needs: [c, b], retries: *retry, docs: "two\\nlines"}',
      ],
    ],
    [
      'a flow list stays flow',
      (document) => connect(document, 'a', 'd'),
      ['-  d: {kind: noop, needs: [c, b], retries: *retry}', '+  d: {kind: noop, needs: [c, b, a], retries: *retry}'],
    ],
    ['a need goes with its comment', (document) => disconnect(document, 'a', 'c'), ['-      # first', '-      - a']],
    ['the last need takes the field with it', (document) => disconnect(document, 'a', 'b'), ['-    needs: [a] # why']],
    ['a need that is there already changes nothing', (document) => connect(document, 'a', 'b'), []],
    [
      'places are written line by line',
      (document) =>
        moveTasks(
          document,
          new Map([
            ['a', [5.4, -0.3]],
            ['d', [1, 2]],
            ['gone', [0, 0]],
          ]),
        ),
      ['-  a: [0, 0]', '+  a: [5, 0]', '+  d: [1, 2]'],
    ],
    [
      'a field of the pipeline goes where it is best read',
      (document) => setPipelineField(document, ['name'], 'Test: one'),
      ['+name: "Test: one"'],
    ],
    [
      'another kind takes the code along',
      (document) => changeTaskKind(document, 'b', 'shell'),
      [
        '-    kind: python',
        '-    needs: [a] # why',
        '-    code: print(1)',
        '+    kind: shell',
        '+    needs: [a] # why',
        '+    run: print(1)',
      ],
    ],
    [
      'a task on an edge takes the condition over',
      (document) => insertTaskOnEdge(document, 'b', 'c', { id: 'm', kind: 'noop' }),
      [
        '-      - task: b   # second',
        '-        when: ${{ 1 > 0 }}',
        '-  d: {kind: noop, needs: [c, b], retries: *retry}',
        '+      - m',
        '+  d: {kind: noop, needs: [c, b], retries: *retry}',
        '+  m:',
        '+    kind: noop',
        '+    needs: [{ task: b, when: "${{ 1 > 0 }}" }]',
      ],
    ],
    [
      'the last task leaves an empty map',
      (document) => removeTasks(document, ['a', 'b', 'c', 'd'], { heal: false }),
      [
        ...FILE.slice(FILE.indexOf('tasks:'))
          .trimEnd()
          .split('\n')
          .map((line) => `-${line}`),
        '+tasks: {}',
      ],
    ],
  ])('%s', (_name, edit, lines) => expect(diff(FILE, edit)).toEqual(lines))

  it('an item keeps the comment behind it when it becomes several lines', () => {
    const text = FILE.replace('      - a\n', '      - a # why\n')
    expect(diff(text, (document) => setTaskField(document, 'c', ['needs', 0], 'two\nlines'))).toEqual([
      '-      - a # why',
      '+      - |- # why',
      '+        two',
      '+        lines',
    ])
  })

  it('a removed task goes with its comments and one blank line', () => {
    const lines = diff(FILE, (document) => removeTasks(document, ['a'], { heal: false }))
    expect(lines.filter((line) => line.includes('about a'))).toHaveLength(1)
    expect(lines).toContain('-  a: [0, 0]')
    expect(
      lines.some(
        (line) =>
          line.startsWith('+') &&
          line.includes('#') &&
          !line.includes('about b') &&
          !line.includes('tail') &&
          !line.includes('second'),
      ),
    ).toBe(false)
  })
})

describe('the first default', () => {
  const text = 'dagwright: 1\nid: test\nparams: { x: {} }\ntasks:\n  a: { kind: noop }\ncanvas:\n  a: [0, 0]\n'

  it('begins the defaults, before the tasks, with lines of their own', () => {
    const first: Edit = (document) => setPipelineField(document, ['defaults', 'cache'], true)
    expect(diff(text, first)).toEqual(['+defaults:', '+  cache: true'])
    const begun = text.replace('tasks:', 'defaults:\n  cache: true\ntasks:')
    expect(diff(begun, (document) => setPipelineField(document, ['defaults', 'retries', 'limit'], 2))).toEqual([
      '+  retries: { limit: 2 }',
    ])
    expect(diff(begun, (document) => setPipelineField(document, ['defaults', 'cache'], undefined))).toEqual([
      '-defaults:',
      '-  cache: true',
    ])
  })

  it('goes into the map there is', () => {
    const flow = text.replace('tasks:', 'defaults: { timeout: 5m }\ntasks:')
    expect(diff(flow, (document) => setPipelineField(document, ['defaults', 'priority'], 1))).toEqual([
      '-defaults: { timeout: 5m }',
      '+defaults: { timeout: 5m, priority: 1 }',
    ])
  })
})

describe('the first task', () => {
  const added = ['+tasks:', '+  e:', '+    kind: noop', '+canvas:', '+  e: [1, 2]']
  it.each([
    ['no tasks', 'dagwright: 1\nid: x\n', added],
    ['an empty map', 'dagwright: 1\nid: x\ntasks: {}\n', ['-tasks: {}', ...added]],
    ['a key without value', 'dagwright: 1\nid: x\ntasks: # none\n', added.slice(1)],
  ])('in a file with %s', (_name, text, lines) => {
    expect(diff(text, (document) => addTask(document, { id: 'e', kind: 'noop', at: [1, 2] }))).toEqual(lines)
  })
})

describe('refusals', () => {
  it.each<[string, Edit, string]>([
    [
      'a cycle, shown',
      (document) => connect(document, 'd', 'a'),
      'CYCLE: This dependency would close a cycle: a → b → d → a.',
    ],
    [
      'a task that needs itself',
      (document) => connect(document, 'a', 'a'),
      'CYCLE: This dependency would close a cycle: a → a.',
    ],
    [
      'an id that is taken',
      (document) => addTask(document, { id: 'A', kind: 'noop' }),
      'SAME_ID: There is already a task or group with the id `a`.',
    ],
    [
      'an unknown task',
      (document) => setTaskField(document, 'x', ['docs'], ''),
      'UNKNOWN_TASK: There is no task with the id `x`.',
    ],
    [
      'what an alias elsewhere needs',
      (document) => setPipelineField(document, ['defaults'], undefined),
      'EDIT_NOT_POSSIBLE: This edit cannot be written into the text as it stands.',
    ],
  ])('%s', (_name, edit, message) => expect(diff(FILE, edit)).toEqual([message]))

  it('every edit after a syntax error', () => {
    expect(diff('tasks: {', (document) => moveTasks(document, new Map()))).toEqual([
      'NOT_EDITABLE: The canvas cannot be edited while the text has a syntax error.',
    ])
  })
})

describe('ids', () => {
  it('are made valid and free', () => {
    const pipeline = parseDocument(FILE).pipeline!
    const made = ['a', 'São Paulo', '3d', '…', '-x-', 'new'].map((base) => newTaskId(pipeline, base))
    expect(made).toEqual(['a_2', 'Sao_Paulo', '_3d', 'task', 'x', 'new'])
  })
  it('close cycles or do not', () => {
    const document = parseDocument(FILE)
    expect(wouldCloseCycle(document, 'c', 'a')).toEqual(['a', 'c', 'a'])
    expect(wouldCloseCycle(document, 'a', 'd')).toBeNull()
  })
})

describe('renaming', () => {
  const text = `dagwright: 1
id: x
params: { p: { default: a } }
tasks:
  a:
    kind: sql
    sql: select 1
    outputs: { n: select 1 }
    branch: '\${{ params.p == "a" ? "a" : "c" }}'
  b:
    kind: shell
    needs: [a]
    docs: tasks.a and \${{ tasks.a.outputs.n }}
    run: |
      # tasks.a
      echo \${{ tasks.a.outputs.n }} \${{ tasks["a"].state }} 'tasks.a'
      echo \${{ tasks.a.outputs.n + unknown }} \${{ params.a }} \${{ [1].map(tasks, tasks) }}
  c:
    kind: http
    url: http://localhost/a
    needs: [{ task: a, when: "\${{ tasks.a.state == 'a' }}" }]
    outputs: { x: response.body + tasks.a.outputs.n }
`
  it('follows the syntax of expressions, never plain text', () => {
    expect(diff(text, (document) => renameTask(document, 'a', 'new-id'))).toEqual(
      diff(text, (document) => ({
        ok: true,
        value: [{ start: 0, end: document.text.length, text: renamedText }],
      })),
    )
  })
  const renamedText = text
    .replace('  a:\n    kind: sql\n', '  new-id:\n    kind: sql\n    aliases: [a]\n')
    .replace('? "a"', '? "new-id"')
    .replace('needs: [a]', 'needs: [new-id]')
    .replace(
      'echo ${{ tasks.a.outputs.n }} ${{ tasks["a"]',
      'echo ${{ tasks["new-id"].outputs.n }} ${{ tasks["new-id"]',
    )
    .replace('echo ${{ tasks.a.outputs.n +', 'echo ${{ tasks["new-id"].outputs.n +')
    .replace('task: a,', 'task: new-id,')
    .replace("tasks.a.state == 'a'", "tasks['new-id'].state == 'a'")
    .replace('{ x: response.body + tasks.a.outputs.n }', '{ x: "response.body + tasks[\\"new-id\\"].outputs.n" }')

  it('refuses an id that is taken, and may change the case', () => {
    expect(diff(text, (document) => renameTask(document, 'a', 'B'))[0]).toContain('SAME_ID')
    expect(diff(text, (document) => renameTask(document, 'a', 'A'))[0]).not.toContain('SAME_ID')
  })
})
