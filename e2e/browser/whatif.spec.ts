import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'

/** a → b, and c beside them: with estimates of 10 s, 20 s and 5 s a run takes 30 s with 2 slots, 35 s with one. */
const FLOW = pipelineOf(
  `  a: { kind: noop, estimate: 10s }
  b: { kind: noop, needs: [a], estimate: 20s }
  c: { kind: noop, estimate: 5s }
`,
  'concurrency: 2\nslo: { duration: { p95: 25s } }\n',
)

test('a task is supposed to be faster: the canvas says what comes of it, and the document is not touched', async ({
  open,
}) => {
  const app = await open({ [FILE]: FLOW })
  const panel = await app.panel('What-if')
  await expect(panel.getByText('As it is')).toBeVisible()
  await expect(panel.getByRole('region', { name: 'What comes of it' })).toContainText('30.0 s')
  await expect(panel).toContainText('This pipeline has no finished run yet')

  await app.task('b').click()
  const takes = panel.getByRole('slider', { name: /^Takes/ })
  await takes.focus()
  for (let step = 0; step < 4; step++) await app.page.keyboard.press('ArrowLeft')
  await expect(takes).toHaveAttribute('aria-valuetext', '2 × faster, 10.0 s')
  await expect(panel.getByRole('status')).toHaveText(
    'With 2 slots, making b 2 × faster shortens the run by 10.0 s (33%).',
  )
  await expect(app.task('b')).toContainText('10.0 s sooner')
  await expect(app.page.getByRole('radio', { name: 'What-if' })).toBeChecked()

  await panel.getByRole('button', { name: 'Fails' }).click()
  await expect(app.task('b')).toContainText('Failed')
  await app.page.getByRole('complementary', { name: 'Scenario' }).getByRole('button').click()
  await expect(app.page.getByRole('complementary', { name: 'Scenario' })).toHaveCount(0)
  await expect(app.page.getByRole('img', { name: 'Unsaved changes' })).toHaveCount(0)
})

test('what to fix first is ranked, supposed with one click, kept, drawn, renamed and there again after a reload', async ({
  open,
}) => {
  const app = await open({ [FILE]: FLOW })
  let panel = await app.panel('What-if')
  const fixes = panel.getByRole('region', { name: 'What should I fix first' })
  await expect(fixes.getByRole('button').first()).toHaveText('b gone−20.0 s (67%)')
  await fixes.getByRole('button').first().click()
  await panel.getByRole('button', { name: 'Keep this scenario' }).click()
  await panel.getByRole('button', { name: 'Side by side' }).click()
  const rows = panel.getByRole('row')
  await expect(rows.nth(1)).toContainText('The pipeline as it is')
  await expect(rows.nth(2)).toContainText('−20.0 s')
  await panel.getByRole('button', { name: /^Draw each/ }).click()
  // The objective of 25 s: never kept as it is, always without b.
  await expect(rows.nth(1)).toContainText('0%', { timeout: 30_000 })
  await expect(rows.nth(2)).toContainText('100%', { timeout: 30_000 })
  const name = panel.getByRole('textbox', { name: 'Name of the scenario' })
  await name.fill('Drop b')
  await name.press('Enter')

  await app.page.reload()
  await expect(app.page.getByRole('tab', { name: 'What-if' })).toBeVisible()
  panel = await app.panel('What-if')
  await panel.getByRole('button', { name: 'Side by side' }).click()
  await expect(panel.getByRole('textbox', { name: 'Name of the scenario' })).toHaveValue('Drop b')
  await panel.getByRole('button', { name: 'Delete Drop b' }).click()
  await expect(panel.getByRole('row')).toHaveCount(2)
})

test('slots: the curve and its table say what one slot less would cost; a row supposes it', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  const panel = await app.panel('What-if')
  await panel.getByRole('button', { name: 'Slots and cost' }).click()
  await expect(panel.getByRole('row').nth(1)).toContainText('35.0 s')
  await expect(panel.getByRole('row').nth(2)).toContainText('30.0 s')
  const price = panel.getByRole('textbox', { name: 'Price of a slot for an hour' })
  await price.fill('3.6')
  await price.press('Enter')
  await expect(panel.getByRole('row').nth(1)).toContainText('0.06')
  await panel.getByRole('row').nth(1).getByRole('button').click()
  await expect(app.page.getByRole('complementary', { name: 'Scenario' })).toContainText(
    'Running with 1 slot lengthens the run by 5.0 s (17%).',
  )
})

test("the sample's next run is drawn from its history", async ({ open }) => {
  const app = await open('sample')
  const panel = await app.panel('What-if')
  await panel.getByRole('button', { name: 'Next run' }).click()
  await panel.getByRole('button', { name: /^Draw 10,000 runs/ }).click()
  await expect(panel).toContainText('10,000 draws, seed 1.', { timeout: 60_000 })
  await expect(
    panel.getByRole('img', { name: /^Makespan of the next run/ }).or(panel.locator('svg').first()),
  ).toBeVisible()
  await expect(panel.getByRole('row').nth(1)).toContainText('%')
})
