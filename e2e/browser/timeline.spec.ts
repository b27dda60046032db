import type { Locator, Page } from '@playwright/test'
import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

/** The ruler of the timeline: where the replay stands. */
const ruler = (panel: Locator) => panel.getByRole('slider', { name: /^Instant of the run/ })
const sign = (page: Page) => page.getByRole('status', { name: 'Replay' })

async function timelineOf(app: App): Promise<Locator> {
  await app.lens('State')
  return app.panel('Timeline')
}

/** Two tasks want the only slot of a pool: the second waits for the first. */
const POOLED = pipelineOf(
  `  first: { kind: shell, pool: one, priority: 1, run: sleep 0.4 }
  second: { kind: shell, pool: one, run: sleep 0.4 }
  last: { kind: shell, needs: [second], run: 'true' }
`,
  'pools: { one: 1 }\nconcurrency: 4\n',
)

test('a recorded run is replayed: dragged, stepped, played, and left', async ({ open, page }) => {
  const app = await open('sample')
  const panel = await timelineOf(app)
  await expect(app.status.getByRole('button', { name: /^Success/ })).toBeVisible()
  const box = (await ruler(panel).boundingBox())!
  await app.drag({ x: box.x + box.width - 40, y: box.y + 8 }, { x: box.x + box.width / 3, y: box.y + 8 })

  await expect(sign(page)).toContainText(/Replay 00:0\d\.\d \/ 00:\d\d\.\d/)
  await expect(app.status).toContainText(/ReplayRunning\d+ of 16 tasks/)
  await expect(app.task('Report')).toContainText('Pending')

  await ruler(panel).press('Home')
  await expect(ruler(panel)).toHaveAttribute('aria-valuetext', /^00:00\.0 of /)
  await expect(app.status).toContainText('0 of 16 tasks')
  const before = await ruler(panel).getAttribute('aria-valuenow')
  await ruler(panel).press('ArrowRight')
  await expect(ruler(panel)).not.toHaveAttribute('aria-valuenow', before ?? '')
  await ruler(panel).press('ArrowLeft')
  await expect(ruler(panel)).toHaveAttribute('aria-valuenow', before ?? '')

  await panel.getByRole('combobox', { name: 'Speed of the replay' }).click()
  await page.getByRole('option', { name: '100×' }).click()
  await app.button('Replay the run').click()
  await expect(app.status).toContainText('16 of 16 tasks')
  await expect(app.button('Replay the run')).toBeVisible()

  await ruler(panel).press('Escape')
  await expect(sign(page)).toHaveCount(0)
  await expect(app.status.getByRole('button', { name: /^Success/ })).toBeVisible()
  await expect(app.task('Report')).toContainText('Success')
})

test('the past is not changed: a replay offers no marks', async ({ open, page }) => {
  const app = await open('sample')
  const panel = await timelineOf(app)
  await ruler(panel).press('Home')
  await app.task('Report').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Mark success' })).toHaveCount(0)
})

test('a live run is replayed while it goes on, and comes back to live', async ({ open, page }) => {
  const tasks = '  a: { kind: shell, run: sleep 0.2 }\n  b: { kind: shell, needs: [a], run: sleep 6 }\n'
  const app = await open({ 'flow.dag.yaml': pipelineOf(tasks) })
  await app.run()
  const panel = await app.panel('Timeline')
  await expect(app.task('b')).toContainText('Running')
  await ruler(panel).press('Home')
  await expect(sign(page)).toContainText('Back to live')
  await expect(app.task('b')).toContainText('Pending')
  await sign(page).getByRole('button', { name: 'Back to live' }).click()
  await expect(app.task('b')).toContainText('Running')
  await app.ends('Success')
})

test('the realized path names what each link waited for, on the canvas and in the panel', async ({ open, page }) => {
  const app = await open({ 'flow.dag.yaml': POOLED })
  await app.run()
  await app.ends('Success')
  await app.lens('Critical path')
  const legend = page.getByRole('complementary', { name: 'Legend of the critical path lens' })
  await legend.getByRole('radio', { name: 'Realized' }).click()
  await expect(legend).toContainText('1 by dependency')
  await expect(legend).toContainText('1 by slot, pool or other')
  await expect(
    app.canvas.getByRole('img', {
      name: /^Realized path: second waited .* for a slot of pool one, until first had ended/,
    }),
  ).toHaveCount(1)
  await expect(app.task('second')).toContainText('pool one, waited')
  await expect(app.task('last')).toContainText('after second')

  const parts = page.getByRole('toolbar', { name: /^Parts of the makespan/ })
  await parts.getByRole('button').first().focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('status', { name: 'Current task' })).toContainText('last')
  await expect(page.getByRole('table', { name: /^Waits for slots and pools/ })).toContainText('pool one')
})

test('rows by slot, as a table, and as files to take along', async ({ open, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const app = await open('sample')
  const panel = await timelineOf(app)
  await panel.getByRole('radio', { name: 'Slots' }).click()
  await expect(panel.getByRole('option', { name: 'Slot 1' })).toBeVisible()

  await app.button('As a table').click()
  const table = panel.getByRole('table', { name: 'Attempts of the run' })
  await expect(table.getByRole('row', { name: /fetch_airports 2 Success/ })).toBeVisible()

  await app.button(/^Copy Timeline of/).click()
  await page.getByRole('menuitem', { name: 'Copy as CSV' }).click()
  await expect(app.notices()).toContainText('copied')
  const csv = await page.evaluate(() => navigator.clipboard.readText())
  expect(csv.split('\r\n')[0]).toBe(
    'task,instance,attempt,state,ready_s,started_s,ended_s,waited_s,worked_s,held_up_the_end,started_after',
  )
  expect(csv).toMatch(/^fetch_airports,,1,Failed,/m)

  await app.button(/^Copy Timeline of/).click()
  await page.getByRole('menuitem', { name: 'Copy as SVG' }).click()
  await expect(app.notices()).toHaveCount(2)
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^<svg [\s\S]*Slot 1[\s\S]*<\/svg>\s*$/)
})
