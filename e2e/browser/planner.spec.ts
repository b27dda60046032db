import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const planner = (page: Page) => page.getByRole('article', { name: /^Planner/ })

test('the morning rush is planned, replanned as its fields change, undone and saved', async ({ open, page }) => {
  const app = await open('sample morning_rush')
  await app.command('rush.plan.yaml')
  const view = planner(page)
  await expect(view.getByText('All 89 end in time: done in 46 m 45 s with at most 14 workers.')).toBeVisible()
  await expect(view.getByText(/are made up/)).toBeVisible()
  await expect(view.getByText('Proven: nothing cheaper is in time and within the band.')).toBeVisible()

  await view.getByLabel('Step 1: workers').fill('7')
  await view.getByLabel('Step 1: workers').press('Enter')
  await expect(view.getByText(/ of 89 do not end in time/)).toBeVisible()
  await expect(app.button('Undo: Change the workers')).toBeEnabled()
  await app.save()
  const saved = await app.files.read('rush.plan.yaml')
  expect(saved).toContain('workers: 7 }, { at: "06:25", workers: 9 }')
  expect(saved).toContain('# Today. Left out, only the cheapest workers are looked for.')
  await app.button('Undo: Change the workers').click()
  await expect(view.getByText(/^All 89 end in time/)).toBeVisible()
})

test('a value that cannot be says so at its field and at its line, and is corrected in the text', async ({
  open,
  page,
}) => {
  const app = await open('sample morning_rush')
  await app.command('rush.plan.yaml')
  const view = planner(page)
  await view.getByLabel('Window length').fill('soon')
  await view.getByLabel('Window length').press('Enter')
  const problems = view.getByRole('region', { name: 'Problems' })
  await expect(problems).toContainText('must be a duration')
  await expect(problems).toContainText('WRONG_VALUE')
  await problems
    .getByRole('button', { name: /^Line \d+$/ })
    .first()
    .click()
  await expect(page.getByRole('tabpanel', { name: 'YAML' }).getByText('soon')).toBeVisible()
  await app.button('Undo: Change window length').click()
  await expect(view.getByText(/^All 89 end in time/)).toBeVisible()
})

test('pipelines come from their files, and are sorted by what is asked for', async ({ open, page }) => {
  const app = await open({
    'mart.dag.yaml': pipelineOf(
      '  load: { kind: noop, estimate: 4m }\n  sum: { kind: noop, needs: [load], estimate: 3m }\n',
    ),
    'plans/small.plan.yaml': `dagwrightPlan: 1
name: Small
window: { start: "06:00", length: 30m }
workers: 1
most: 3
interval: 10m
pipelines:
  extract: { duration: 8m }
  mart: { file: ../mart.dag.yaml, needs: [extract], deadline: "06:14" }
`,
  })
  await app.command('small.plan.yaml')
  const view = planner(page)
  await expect(view.getByText(/^1 of 2 do not end in time|^Not in time/)).toBeVisible()
  const table = view.getByRole('region', { name: /^Pipelines/ }).getByRole('table')
  await table.getByRole('button', { name: 'Slack' }).click()
  await expect(table.getByRole('row').nth(1)).toContainText('mart')
  await expect(table.getByRole('row').nth(1)).toContainText('06:15')
  await expect(table.getByRole('columnheader', { name: 'Slack' })).toHaveAttribute('aria-sort', 'ascending')
})

test('no screen of the planner violates a rule', async ({ open, page }) => {
  const app = await open('sample morning_rush')
  await app.command('rush.plan.yaml')
  await expect(planner(page).getByText(/^All 89 end in time/)).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    expect.soft(found, colorScheme).toEqual([])
  }
})

test('a new plan is of the pipelines of the workspace, and its text is completed by the schema', async ({
  open,
  page,
}) => {
  const app = await open({ 'flow.dag.yaml': pipelineOf('  a: { kind: noop, estimate: 5m }\n') })
  await expect(app.task('a')).toBeVisible()
  await app.command('New plan of many pipelines')
  await app.dialog('New plan').getByRole('textbox', { name: 'Name' }).fill('Morning')
  await app.dialog('New plan').getByRole('button', { name: 'Create' }).click()
  await expect(planner(page)).toContainText('The one pipeline ends in time')
  expect(await app.files.read('morning.plan.yaml')).toContain('flow: { file: "flow.dag.yaml" }')

  const yaml = await app.panel('YAML')
  await yaml.getByRole('textbox').focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('pri')
  await page.keyboard.press('Control+Space')
  await expect(page.getByRole('option', { name: /^price/ })).toBeVisible()
})
