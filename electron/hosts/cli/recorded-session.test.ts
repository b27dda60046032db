import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliBench, openCliBench } from './cli.testing.ts'

/**
 * TRANSCRIPT.md is what a terminal shows in this session, word for word. It is recorded again by
 * `DAGWRIGHT_RECORD=1 npx vitest run electron/hosts/cli/recorded-session`, and must say the same but for names of runs,
 * instants, durations and the space they take.
 */
const TRANSCRIPT = join(import.meta.dirname, 'TRANSCRIPT.md')
const MAIN = join(import.meta.dirname, 'main.ts')

const FILE = 'nightly.dag.yaml'
const PIPELINE = `dagwright: 1
id: nightly
concurrency: 1
params: { day: { type: string, default: today } }
tasks:
  extract:
    kind: shell
    run: echo reading \${{ params.day }}; sleep 0.1
  clean:
    kind: shell
    needs: [extract]
    run: test -e ready || { echo "nothing is ready" >&2; exit 3; }
  load:
    kind: shell
    needs: [clean]
    run: test ! -e slow || sleep 60
  report: { kind: noop, needs: [load] }
`
const HEAD = `# A session at the command line

Recorded from the real program by \`recorded-session.test.ts\`, which also sees to it that it stays true.

\`\`\`
`

let bench: CliBench
beforeAll(async () => {
  bench = await openCliBench()
  await bench.put(FILE, PIPELINE)
})
afterAll(() => bench.close())

let screen = ''

/** Types a command; both its streams go to one file, in their order, as on a terminal. `meanwhile`: what is done once it shows a text. */
async function types(
  line: string,
  meanwhile?: { readonly when: string; readonly signal: NodeJS.Signals },
): Promise<void> {
  const path = join(bench.root, '..', 'screen')
  const file = openSync(path, 'w')
  const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map((match) => match[1] ?? match[0])
  const child = spawn(process.execPath, [MAIN, ...words.slice(1)], {
    cwd: bench.root,
    env: bench.env,
    stdio: ['ignore', file, file],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  let over = false
  void ended.then(() => {
    over = true
  })
  while (meanwhile && !over && !readFileSync(path, 'utf8').includes(meanwhile.when)) await pause(10)
  if (meanwhile) child.kill(meanwhile.signal)
  const code = await ended
  closeSync(file)
  const interrupted = meanwhile?.signal === 'SIGKILL' ? 'Killed\n' : ''
  screen += `$ ${line}\n${readFileSync(path, 'utf8')}${interrupted}`
  if (code !== 0 && code !== null) screen += `(exit code ${code})\n`
  screen += '\n'
}

async function touches(name: string, line = `touch ${name}`): Promise<void> {
  await bench.put(name, '')
  screen += `$ ${line}\n\n`
}

/** Without what differs from one time to the next. */
function lasting(text: string): string {
  const runs = new Map<string, string>()
  return text
    .replaceAll(/\d{8}T\d{6}Z-\w{4}/g, (run) => {
      if (!runs.has(run)) runs.set(run, `run${runs.size + 1}`)
      return runs.get(run)!
    })
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'instant')
    .replaceAll(/^ +\d+\.\d{3} s/gm, 'time')
    .replaceAll(/\d+(\.\d+)? (µs|ms|s)\b/g, 'time')
    .replaceAll(/ {2,}/g, '  ')
}

it('the transcript says what the program says', async () => {
  screen += `$ cat ${FILE}\n${PIPELINE}\n`
  await types(`dagwright validate ${FILE}`)
  await types(`dagwright run ${FILE} --dry-run -p day=friday`)
  await types(`dagwright run ${FILE} -p day=friday`)
  await types('dagwright why last report')
  await types('dagwright logs last clean')
  await touches('ready')
  await types(`dagwright run ${FILE} --rerun-failed last`)
  await touches('slow')
  await types(`dagwright run ${FILE}`, { when: 'load running', signal: 'SIGINT' })
  await types(`dagwright run ${FILE} --from load`, { when: 'load running', signal: 'SIGKILL' })
  await types('dagwright why last')
  await bench.remove('slow')
  screen += '$ rm slow\n\n'
  await types('dagwright resume last')
  await types('dagwright clear last report')
  await types('dagwright runs')
  const text = `${HEAD}${screen.trimEnd()}\n\`\`\`\n`
  if (process.env.DAGWRIGHT_RECORD !== undefined) await writeFile(TRANSCRIPT, text)
  expect(lasting(text)).toBe(lasting(await readFile(TRANSCRIPT, 'utf8')))
}, 120_000)
