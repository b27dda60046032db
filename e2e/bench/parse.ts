import { parseDocument } from '../../shared/model/document.ts'

/**
 * Reading a pipeline's text after a letter was typed in a task: whole, and again after the text before it. `tree`: with
 * the syntax tree, which an edit on the canvas needs. Milliseconds of CPU time, garbage collection included, medians of
 * letters typed all over the text; `longest` of those that were read again. Reports, and never fails for a time.
 *
 *   npm run bench:parse -- [tasks, with commas between]
 */
const sizes = (process.argv[2] ?? '16,1000,10000').split(',').map(Number)
const LETTERS = 40

/** Half of the tasks with code over several lines and a comment, half in one line; each with a place on the canvas. */
function textOf(tasks: number): string {
  const lines = Array.from({ length: tasks }, (_, task) => {
    const needs = [task - 1, task - 7, task - 13].filter((other) => other >= 0).map((other) => `t${other}`)
    if (task % 2 === 1) return `  t${task}: { kind: noop, needs: [${needs}] }`
    const fields = ['kind: shell', `needs: [${needs}]`, 'retries: { limit: 2, delay: 5s }', 'timeout: 10m', 'run: |']
    const code = ['  echo "${{ params.p }}"', '  sleep 1']
    return [`  # about ${task}`, `  t${task}:`, ...[...fields, ...code].map((line) => `    ${line}`)].join('\n')
  })
  const places = Array.from({ length: tasks }, (_, task) => `  t${task}: [${task * 240}, 0]`)
  const head = 'dagwright: 1\nid: bench\nparams:\n  p: { type: string, default: x }\n'
  return `${head}tasks:\n${lines.join('\n')}\ncanvas:\n${places.join('\n')}\n`
}

function timed<T>(work: () => T): readonly [milliseconds: number, result: T] {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return [(user + system) / 1000, result]
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!

function measure(tasks: number) {
  let text = textOf(tasks)
  let document = parseDocument(text)
  const [whole, again, tree]: [number[], number[], number[]] = [[], [], []]
  for (let letter = 0; letter < LETTERS; letter++) {
    const from = Math.floor((text.length / 2) * ((letter * 0.618) % 1))
    const at = text.indexOf('sleep', from) + 'sleep'.length
    text = `${text.slice(0, at)}x${text.slice(at)}`
    const previous = document
    const [milliseconds, next] = timed(() => parseDocument(text, { previous }))
    document = next
    // The first finds out how the text can be cut.
    if (letter > 0) again.push(milliseconds)
    tree.push(milliseconds + timed(() => next.source.root)[0])
    if (letter % 8 === 0) whole.push(timed(() => parseDocument(text))[0])
  }
  return {
    tasks,
    characters: text.length,
    whole: median(whole),
    again: median(again),
    longest: Math.max(...again),
    tree: median(tree),
  }
}

const results = sizes.map(measure)
console.table(
  results.map(({ whole, again, longest, tree, ...facts }) => ({
    ...facts,
    'whole, ms': whole.toFixed(1),
    'again, ms': again.toFixed(1),
    'longest, ms': longest.toFixed(1),
    'with tree, ms': tree.toFixed(1),
  })),
)
console.log(JSON.stringify(results))
