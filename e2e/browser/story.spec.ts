import { readFile } from 'node:fs/promises'
import type { App } from '../app.ts'
import { changedLines } from './lines.ts'
import { expect, test } from './test.ts'

const FILE = 'flight_delays.dag.yaml'
const PATIENT = 90_000

test('the sample runs, says what made it slow, and shows its report', async ({ open }) => {
  test.setTimeout(240_000)
  const app = await open('sample')
  const { page } = app

  await test.step('it opens with its graph', async () => {
    await expect(app.tasks()).toHaveCount(16)
    await expect(app.edge('enriched', 'airport_pairs')).toBeVisible()
    await expect(page.getByRole('img', { name: 'Map of the whole pipeline' })).toBeVisible()
    await expect(app.tab).toHaveText('Flight delays')
    await expect(app.status).toContainText('No problems')
  })

  await test.step('a form asks for the parameters and refuses bad ones', async () => {
    await app.button('Run').click()
    const dialog = app.dialog('Run Flight delays')
    await dialog.getByLabel('min_distance').fill('-5')
    await expect(dialog.getByRole('alert')).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
    await dialog.getByLabel('min_distance').fill('300')
    await dialog.getByLabel('airport').fill('SFO')
    await dialog.getByRole('button', { name: 'Run', exact: true }).click()
  })

  await test.step('the first run asks for trust and shows what will run', async () => {
    const dialog = app.dialog('Run code from this folder?')
    const facts = dialog.getByRole('list', { name: 'What will run' }).getByRole('listitem')
    await expect(facts).toHaveCount(16)
    await expect(facts.first()).toContainText('mkdir -p build report')
    await app.trust()
  })

  await test.step('states and progress are live', async () => {
    await expect(app.status.getByRole('progressbar', { name: 'Progress of the run' })).toBeVisible()
    await expect(app.task('Fetch flights')).toContainText(/Running|Success/)
    await expect(app.task('Delay mart')).toContainText(/Pending|Queued/)
    await expect(app.button('Cancel')).toBeVisible()
    await expect(app.task('Stage flights')).toContainText('Success', { timeout: PATIENT })
  })

  await test.step('it ends well', async () => {
    await app.ends('Success', PATIENT)
    await expect(app.canvas.getByText('Success', { exact: true }).and(page.locator(':visible'))).toHaveCount(16)
    await expect(app.task('Fetch airports')).toContainText('attempt 2')
  })

  await test.step('tasks and logs tell what happened', () => tellsWhatHappened(app))
  await test.step('the critical path is drawn, with floats and bottlenecks', () => namesBottlenecks(app))
  await test.step('the report opens', () => opensReport(app))
  await test.step('an earlier run paints the canvas', () => paintsWithRun(app))
})

async function tellsWhatHappened(app: App) {
  const tasks = await app.panel('Tasks')
  const row = tasks.getByRole('row', { name: /^fetch_airports/ })
  await expect(row.getByRole('cell').nth(1)).toContainText('Success')
  await expect(row.getByRole('cell').nth(2)).toHaveText('2')
  await tasks.getByRole('button', { name: 'Instances of airport_profile' }).click()
  await expect(tasks.getByRole('row', { name: /^airport_profile\[5\]/ })).toBeVisible()
  await row.getByRole('button', { name: 'fetch_airports' }).click()
  const logs = await app.panel('Logs')
  await expect(logs.getByRole('region', { name: 'Log of fetch_airports, attempt 2' })).toContainText('3377 lines')
  await logs.getByRole('combobox', { name: 'Attempt' }).click()
  await app.page.getByRole('option', { name: 'Attempt 1' }).click()
  await expect(logs.getByRole('region', { name: 'Log of fetch_airports, attempt 1' })).toContainText('exit code 75')
}

async function namesBottlenecks(app: App) {
  await app.lens('Critical path')
  const panel = await app.panel('Critical path')
  const path = panel.getByRole('navigation', { name: 'The critical path, first task to last' })
  await expect(path.getByRole('button').first()).toContainText('fetch_')
  await expect(path.getByRole('button').last()).toContainText('report')
  await expect(panel.getByText(/the run would( have)? end(ed)? .* sooner/)).toHaveCount(3, { timeout: 30_000 })
  await expect(app.task('Report')).toContainText('critical')
  await expect(app.task('Delays are plausible')).toContainText(/\+.* float/)
}

async function opensReport(app: App) {
  await app.canvas.press('Escape')
  const data = await app.panel('Data')
  await data.getByRole('button', { name: /report\/index\.html/ }).click()
  const [report] = await Promise.all([
    app.page.waitForEvent('popup'),
    data.getByRole('button', { name: 'Open' }).first().click(),
  ])
  await expect(report.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(report.locator('svg').first()).toBeVisible()
  await expect(report.locator('body')).toContainText('SFO')
  await report.close()
  await data.getByRole('button', { name: /report\/delay_mart\.parquet/ }).click()
  await expect(data.getByRole('table').or(data.getByRole('grid'))).toContainText('ORD')
}

async function paintsWithRun(app: App) {
  await app.side('Runs')
  await app.button('Back to design').click()
  await expect(app.task('Report')).not.toContainText('Success')
  await expect(app.status).toContainText('No run chosen')
  await app.page
    .getByRole('button', { name: /^Success .*airport=SFO/ })
    .first()
    .click()
  await expect(app.task('Report')).toContainText('Success')
}

test('the recorded runs of the sample are there before anything runs', async ({ open }) => {
  const app = await open('sample')
  await expect(app.task('Report')).toContainText('critical')
  await app.side('Runs')
  await expect(
    app.page
      .getByRole('tabpanel', { name: 'Runs' })
      .getByRole('button', { name: /^Success/ })
      .first(),
  ).toBeVisible()
  await app.lens('Critical path')
  const panel = await app.panel('Critical path')
  await expect(panel.getByRole('navigation')).toContainText('airport_pairs')
  await expect(panel.getByText(/sooner/)).toHaveCount(3, { timeout: 30_000 })
})

test('edits on the canvas are one undo stack and leave the rest of the file alone', async ({ open }) => {
  const app = await open('sample')
  const { page } = app
  const before = await app.files.read(FILE)

  await page.getByRole('button', { name: /^SQL/ }).dragTo(app.canvas, { targetPosition: { x: 300, y: 60 } })
  await expect(app.task('sql')).toBeVisible()
  await app.link('Routes', await app.middle(app.task('sql')))
  await expect(app.edge('routes', 'sql')).toBeAttached()
  await app.task('sql').click()
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'New name of sql' }).fill('longest_routes')
  await page.keyboard.press('Enter')
  await expect(app.task('longest_routes')).toBeVisible()
  await app.save()

  const saved = changedLines(before, await app.files.read(FILE))
  expect(saved.removed).toEqual([])
  expect(saved.added).toEqual(
    expect.arrayContaining(['  longest_routes:', '    kind: sql', expect.stringMatching(/^ {4}needs: \[routes\]$/)]),
  )

  for (let step = 0; step < 3; step++) await page.keyboard.press('Control+z')
  await expect(app.tasks()).toHaveCount(16)
  await app.save()
  expect(await app.files.read(FILE)).toBe(before)

  for (let step = 0; step < 3; step++) await page.keyboard.press('Control+Shift+z')
  await expect(app.edge('routes', 'longest_routes')).toBeAttached()
})

test('the YAML and the canvas follow each other', async ({ open }) => {
  const app = await open('sample')
  const { page } = app
  const before = await app.files.read(FILE)
  const yaml = await app.panel('YAML')
  const text = yaml.getByRole('textbox', { name: `Text of ${FILE}` })
  await text.focus()
  const line = before.split('\n').indexOf('    name: Daily delays')
  await page.keyboard.press('Control+Home')
  for (let down = 0; down < line; down++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.type(' by airport')
  await expect(app.task('Daily delays by airport')).toBeVisible()

  await app.task('Routes').click()
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'New name of Routes' }).fill('Busy routes')
  await page.keyboard.press('Enter')
  await expect(yaml).toContainText('Busy routes')
  await app.save()
  expect(changedLines(before, await app.files.read(FILE))).toEqual({
    removed: ['    name: Daily delays', '    name: Routes'],
    added: ['    name: Daily delays by airport', '    name: Busy routes'],
  })
  await page.keyboard.press('Control+z')
  await expect(app.task('Routes')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(app.task('Daily delays')).toBeVisible()
  await app.save()
  expect(await app.files.read(FILE)).toBe(before)
})

test('the export shows the Airflow file and what it loses', async ({ open }) => {
  const app = await open('sample')
  await app.page.keyboard.press('Control+e')
  const dialog = app.dialog('Export Flight delays')
  await dialog.getByRole('radio', { name: /Airflow/ }).click()
  await expect(dialog).toContainText('Exported by Dagwright')
  await expect(dialog.getByRole('region', { name: 'What is lost' })).toContainText('Instead:')
  await dialog.getByLabel('Folder in the workspace').fill('handed-over')
  await dialog.getByRole('button', { name: 'Save into the workspace' }).click()
  await expect
    .poll(() => app.files.read('handed-over/flight_delays.py').catch(() => ''))
    .toContain('from airflow.sdk import')
  await dialog.getByRole('radio', { name: /Mermaid/ }).click()
  await expect(dialog).toContainText('flowchart')
  await dialog.getByRole('radio', { name: /JSON/ }).click()
  await expect(dialog).toContainText('depends_on')
})

for (const kind of ['SVG', 'PNG']) {
  test(`the whole graph is exported as ${kind}`, async ({ open }) => {
    const app = await open('sample')
    await app.page.keyboard.press('Control+e')
    const dialog = app.dialog('Export Flight delays')
    await dialog.getByRole('radio', { name: /^Image/ }).click()
    const [download] = await Promise.all([
      app.page.waitForEvent('download'),
      dialog.getByRole('button', { name: `Download ${kind}` }).click(),
    ])
    const bytes = await readFile(await download.path())
    if (kind === 'PNG') expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    else for (const name of ['Fetch flights', 'Report']) expect(bytes.toString()).toContain(name)
  })
}
