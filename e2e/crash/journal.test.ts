import { readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeJournal } from '#shared/journal/codec.ts'
import { essenceOf, putPipeline } from './pipeline.ts'
import { CrashWorkspace, randomFrom, UNTESTABLE } from './workspace.ts'

/**
 * Journals that a crash (or a disk) cut off at random bytes, given to the real command line. That every byte can be
 * opened is shared/journal/codec.test.ts's to show; here it is that what was opened runs to the same end.
 */
const CUTS = Math.max(3, Math.ceil(Number(process.env.DAGWRIGHT_KILLS ?? 0) / 20))
const SEED = Number(process.env.DAGWRIGHT_SEED ?? Date.now() % 1_000_000)
const HANG_MILLISECONDS = 180_000

let workspace: CrashWorkspace
let whole: { readonly text: string; readonly essence: unknown }

beforeAll(async () => {
  if (UNTESTABLE !== null) return
  console.log(`cut journals: ${CUTS}, DAGWRIGHT_SEED=${SEED}`)
  workspace = new CrashWorkspace()
  putPipeline(workspace)
  workspace.put('go', '')
  const { code, stdout, stderr } = await workspace.run('run', 'crash.dag.yaml', '--json')
  expect(code, stderr).toBe(0)
  whole = { text: readFileSync(workspace.journalPath!, 'latin1'), essence: essenceOf(stdout) }
}, HANG_MILLISECONDS)
afterAll(() => workspace?.dispose())

const random = randomFrom(SEED)
test.skipIf(UNTESTABLE !== null).for(Array.from({ length: CUTS }, () => random()))(
  'cut at %f of its bytes it is listed, opened and resumed to the same end',
  { timeout: HANG_MILLISECONDS },
  async (at) => {
    const { text, essence } = whole
    const header = text.indexOf('\n') + 1
    const cut = header + Math.floor(at * (text.lastIndexOf('\n', text.length - 2) - header))
    const path = workspace.journalPath!
    workspace.put(path.slice(workspace.root.length), text)
    truncateSync(path, cut)
    rmSync(join(workspace.root, 'flaky-failed'), { recursive: true, force: true })
    const listed = await workspace.run('runs', '--json')
    expect(listed.code, listed.stderr).toBe(0)
    expect(JSON.parse(listed.stdout)).toMatchObject([{ state: 'interrupted' }])
    const { code, stdout, stderr } = await workspace.run('resume', 'last', '--json')
    expect(code, stderr).toBe(0)
    expect(essenceOf(stdout)).toEqual(essence)
    const { events, damaged } = decodeJournal(readFileSync(path))
    expect(damaged).toBeNull()
    const kept = decodeJournal(text.slice(0, cut)).events
    expect(events.slice(0, kept.length)).toEqual(kept)
  },
)

test.skipIf(UNTESTABLE !== null)(
  'cut inside its header, or damaged in the middle, it is listed without harm and refused by resume',
  {
    timeout: HANG_MILLISECONDS,
  },
  async () => {
    const path = workspace.journalPath!
    const run = /([^/]+)\/journal\.ndjson$/.exec(path)![1]!
    truncateSync(path, 40)
    expect((await workspace.run('runs')).code).toBe(0)
    const torn = await workspace.run('resume', run)
    expect(torn.code).toBe(2)
    expect(torn.stderr).toContain('JOURNAL_CORRUPT')
    const { text } = whole
    const second = text.indexOf('\n') + 20
    workspace.put(path.slice(workspace.root.length), `${text.slice(0, second)}#${text.slice(second + 1)}`)
    const damaged = await workspace.run('resume', run)
    expect(damaged.code).toBe(2)
    expect(damaged.stderr).toContain('journal.ndjson:2')
  },
)
