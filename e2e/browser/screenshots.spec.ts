import { join } from 'node:path'
import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

/** Pictures for people to look at, in both themes: e2e/artifacts/screenshots. They are compared with nothing. */
const FOLDER = join(import.meta.dirname, '../artifacts/screenshots')
const FILE = 'flow.dag.yaml'
const LONG = 'Recalculate the very long running average of everything that anyone ever measured'

/** Layers of tasks, each needing two of the layer before. */
function manyTasks(layers: number, width: number): string {
  const lines = Array.from({ length: layers * width }, (_, index) => {
    const layer = Math.floor(index / width)
    const place = index % width
    const needs = layer === 0 ? [] : [...new Set([place, (place * 7 + layer) % width])].map((n) => `t${layer - 1}_${n}`)
    return `  t${layer}_${place}: { kind: ${['shell', 'sql', 'python'][index % 3]}, needs: [${needs.join(', ')}], estimate: ${1 + ((index * 37) % 90)}s, ${index % 3 === 0 ? 'run: "true"' : index % 3 === 1 ? 'sql: select 1' : 'code: pass'} }`
  })
  return pipelineOf(`${lines.join('\n')}\n`)
}

async function picture(app: App, name: string) {
  await expect(app.page.getByText(/^(Loading|Looking|Reading|Simulating)/)).toHaveCount(0)
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await app.page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), animations: 'disabled' })
  }
}

test('the sample, after a run, in every lens', async ({ open }) => {
  test.setTimeout(180_000)
  const app = await open('sample')
  await expect(app.task('Report')).toBeVisible()
  await picture(app, 'sample-design')
  await app.button('Run').click()
  const start = app.dialog('Run Flight delays').getByRole('button', { name: 'Run', exact: true })
  await expect(start).toBeEnabled()
  await picture(app, 'run-dialog')
  await start.click()
  await expect(app.button('Trust this folder and run')).toBeVisible()
  await picture(app, 'trust-dialog')
  await app.trust()
  await expect(app.task('Enrich flights')).toContainText('Running', { timeout: 60_000 })
  await picture(app, 'sample-running')
  await app.ends('Success', 90_000)
  await app.task('Delays carried over').click()
  await picture(app, 'sample-state')
  for (const panel of ['Tasks', 'Logs', 'YAML', 'Data'] as const) {
    await app.panel(panel)
    await picture(app, `panel-${panel.toLowerCase()}`)
  }
  await app.side('Outline')
  await app.lens('Critical path')
  await app.panel('Critical path')
  await picture(app, 'sample-critical')
  await app.side('Runs')
  await app.lens('Heat')
  await picture(app, 'sample-heat')
  await app.page.keyboard.press('Control+e')
  await expect(app.dialog('Export Flight delays')).toContainText('Exported by Dagwright')
  await picture(app, 'export')
})

test('nothing, and the first task', async ({ open }) => {
  const app = await open({})
  await expect(app.button('New pipeline')).toBeVisible()
  await picture(app, 'empty-workspace')
  await app.files.write(FILE, 'dagwright: 1\nid: flow\nname: Flow\ntasks: {}\n')
  await app.page.reload()
  await expect(app.page.getByText('This pipeline has no tasks yet.')).toBeVisible()
  await picture(app, 'empty-pipeline')
  await app.page.keyboard.press('Control+k')
  await expect(app.page.getByPlaceholder('Type a command, a task or a pipeline')).toBeFocused()
  await picture(app, 'commands')
})

test('200 tasks', async ({ open }) => {
  const app = await open({ [FILE]: manyTasks(10, 20) })
  await expect(app.tasks().first()).toBeVisible()
  await picture(app, '200-tasks')
  await app.lens('Critical path')
  await picture(app, '200-tasks-critical')
})

test('a failed run, and long names', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  extract: { kind: shell, run: "for i in 1 2 3; do echo line $i; done" }
  long_name: { name: "${LONG}", kind: shell, needs: [extract], run: "echo it broke >&2; exit 3" }
  ${'very_long_identifier_'.repeat(4)}end: { kind: noop, needs: [long_name] }
  beside: { kind: noop, needs: [extract], layer: intermediate }
`),
  })
  await app.run()
  await app.ends('Failed')
  await app.task(LONG).click()
  const logs = await app.panel('Logs')
  await expect(logs.getByText('it broke', { exact: true })).toBeVisible()
  await picture(app, 'failed')
  await app.panel('Problems')
  await app.page.setViewportSize({ width: 1280, height: 720 })
  await app.panel('Tasks')
  await picture(app, 'failed-small-window')
})
