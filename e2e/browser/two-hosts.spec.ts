import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { WebSocketRoute } from '@playwright/test'
import { type App, pipelineOf } from '../app.ts'
import { DIST } from '../workspace.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const PIPELINE = pipelineOf(`  wait:
    kind: shell
    run: until [ -e go ]; do sleep 0.1; done
  after:
    kind: shell
    needs: [wait]
    run: echo after
`)

/** `dagwright run` in a process of its own. */
function commandLine(app: App) {
  return spawn(process.execPath, [join(DIST, 'cli.mjs'), 'run', FILE], {
    cwd: app.files.root,
    env: { ...process.env, DAGWRIGHT_HOME: app.files.home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Resolves to its exit code and what it printed. */
function runFromCommandLine(app: App): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = commandLine(app)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })))
}

/** Chooses the newest run of the list, which is live. */
async function followNewest(app: App): Promise<void> {
  await app.side('Runs')
  await app.page.getByRole('complementary').getByText('Running', { exact: true }).first().click()
  await expect(app.task('wait')).toContainText('Running')
}

test('a run from the command line is driven by the open app, and seen in it live', async ({ open }) => {
  const app = await open({ [FILE]: PIPELINE, go: '' })
  await app.run()
  await app.ends('Success')
  await app.files.remove('go')
  const commanded = runFromCommandLine(app)
  await followNewest(app)
  await app.files.write('go', '')
  await app.ends('Success')
  const { code, said } = await commanded
  expect(code, said).toBe(0)
  expect(said).toContain('success  after')
})

test('the app sees a run that the command line drives, and cancels it', async ({ open }) => {
  const app = await open({ [FILE]: PIPELINE })
  const commanded = runFromCommandLine(app)
  await followNewest(app)
  await app.command('Cancel the run')
  await app.ends('Cancelled')
  const { code, said } = await commanded
  expect(code, said).toBe(1)
  await expect(app.task('after')).toContainText('Cancelled')
})

test('a page that lost its connection shows what happened meanwhile', async ({ page, open }) => {
  const lines = new Set<WebSocketRoute>()
  let isDown = false
  await page.routeWebSocket(/\/rpc$/, (line) => {
    if (isDown) void line.close()
    else {
      line.connectToServer()
      lines.add(line)
    }
  })
  const app = await open({ [FILE]: PIPELINE })
  await app.run()
  await expect(app.task('wait')).toContainText('Running')
  isDown = true
  for (const line of lines) await line.close()
  await expect(page.getByText('The connection to Dagwright is lost')).toBeVisible()
  await app.files.write('go', '')
  expect((await runFromCommandLine(app)).code).toBe(0)
  isDown = false
  await app.ends('Success')
  await expect(app.task('after')).toContainText('Success')
  await app.side('Runs')
  await expect(page.getByRole('complementary').getByText('command line')).toBeVisible()
})

test('a run whose engine is killed while it is watched is interrupted, its task lost, and goes on in the app', async ({
  open,
}) => {
  const app = await open({ [FILE]: PIPELINE })
  const child = commandLine(app)
  await followNewest(app)
  child.kill('SIGKILL')
  await expect(app.status.getByRole('button', { name: /^Interrupted/ })).toBeVisible()
  await expect(app.task('wait')).toContainText('Lost')
  await expect(app.task('wait')).not.toContainText('Running')
  await app.files.write('go', '')
  await app.status.getByRole('button', { name: 'Resume' }).click()
  await app.trust()
  await app.ends('Success')
  await expect(app.task('wait')).toContainText('attempt 2')
})

test('a run that makes room for one of the command line leaves the list, and its page says so', async ({ open }) => {
  const app = await open({ [FILE]: PIPELINE, go: '', 'dagwright.yaml': 'retention: { runs: 1 }\n' })
  expect((await runFromCommandLine(app)).code).toBe(0)
  await app.side('Runs')
  const rows = app.page.getByRole('complementary').getByText('command line')
  await expect(rows).toHaveCount(1)
  await rows.click()
  await expect(app.task('after')).toContainText('Success')
  expect((await runFromCommandLine(app)).code).toBe(0)
  await expect(app.notices()).toContainText('The run that was shown is not kept any more')
  await expect(rows).toHaveCount(1)
  await expect(app.status).toContainText('No run chosen')
})
