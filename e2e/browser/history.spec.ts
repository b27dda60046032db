import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const PROMISING = pipelineOf(
  '  quick: { kind: shell, run: "echo rows:=7 >> $DAGWRIGHT_OUTPUT" }\n  fails: { kind: shell, needs: [quick], required: false, run: "exit 3" }\n',
  'slo: { duration: { p95: 1ms }, successRate: 0.5 }\n',
)

test('the history tells durations over the runs, of the pipeline and of the selected task', async ({ open }) => {
  const app = await open('sample')
  const history = await app.panel('History')
  const chart = history.getByRole('slider', { name: 'Duration of Flight delays by run' })
  await chart.focus()
  await app.page.keyboard.press('End')
  await expect(chart).toHaveAttribute('aria-valuetext', /s · Success/)
  await expect(history.getByText(/^p95 \d/).last()).toBeVisible()

  await history.getByRole('combobox', { name: 'History of' }).click()
  await app.page.getByRole('option', { name: /^Enrich flights/ }).click()
  await expect(history.getByRole('slider', { name: 'Duration of enriched by run' })).toBeVisible()
  await app.task('Stage flights').click()
  await expect(history.getByRole('slider', { name: 'Duration of stage_flights by run' })).toBeVisible()
  await history.getByRole('button', { name: 'Show the table' }).click()
  await expect(history.getByRole('row')).not.toHaveCount(1)
})

test('heat has a legend with units, words on the cards, and hatches what is missing', async ({ open }) => {
  const app = await open('sample')
  await app.lens('Heat')
  const legend = app.page.getByRole('complementary', { name: 'Legend of the heat lens' })
  await expect(legend).toContainText(/≤ \d.*s/)
  await expect(app.task('Enrich flights')).toContainText(/takes \d/)
  const choose = async (metric: string) => {
    await legend.getByRole('combobox').click()
    await app.page.getByRole('option', { name: metric }).click()
  }
  await choose('Fan-out')
  await expect(app.task('Enrich flights')).toContainText('blocks')
  await choose('Peak memory')
  await expect(legend).toContainText('without data')
  await expect(app.task('Enrich flights')).toContainText('No data')
  await choose('Criticality')
  await legend.getByRole('button', { name: /^Simulate/ }).click()
  await expect(app.task('Enrich flights')).toContainText(/critical \d+(\.\d)?%/)
  await expect(legend).toContainText('10,000 simulated runs')
})

test('the critical path says what its durations are, and which tasks are nearly critical', async ({ open }) => {
  const app = await open('sample')
  await app.lens('Critical path')
  const legend = app.page.getByRole('complementary', { name: 'Legend of the critical path lens' })
  await legend.getByRole('combobox', { name: 'Durations by' }).click()
  await app.page.getByRole('option', { name: /^Slow day/ }).click()
  await expect(legend.getByRole('combobox', { name: 'How many past runs count' })).toBeVisible()
  const near = legend.getByRole('slider')
  await near.focus()
  await app.page.keyboard.press('Home')
  await expect(legend).toContainText('0 nearly')
  await app.page.keyboard.press('End')
  await expect(legend).not.toContainText('0 nearly')
  const panel = await app.panel('Critical path')
  await expect(
    panel
      .getByRole('table')
      .getByRole('row', { name: /nearly/ })
      .first(),
  ).toBeVisible()
})

test('two runs are compared on the canvas and in a table', async ({ open }) => {
  const app = await open('sample')
  await app.command('Show the comparison of two runs')
  await app.button('Compare the last two runs').click()
  await expect(app.page.getByRole('radio', { name: 'Compare' })).toBeChecked()
  await expect(app.task('Enrich flights')).toContainText(/slower|faster|no difference/)
  const table = app.page.getByRole('region', { name: 'Differences by task' })
  await expect(table.getByRole('row')).toHaveCount(17)
  await table.getByRole('button', { name: 'enriched' }).click()
  await expect(app.page.getByRole('complementary', { name: 'Legend of the compare lens' })).toBeVisible()
})

test('SQL asks the past runs, marks its errors, and never starts a run', async ({ open }) => {
  const app = await open('sample')
  await app.command('Query the history with SQL')
  await app.button('Run the query').click()
  const answer = app.page.getByRole('table', { name: 'Answer' })
  await expect(answer).toContainText('enriched')
  const editor = app.page.getByRole('textbox', { name: 'SQL over the history' })
  await editor.focus()
  await app.page.keyboard.press('Control+a')
  await app.page.keyboard.insertText('select *\nfrom tsks')
  await app.page.keyboard.press('Control+Enter')
  const error = app.page.getByRole('alert').filter({ hasText: 'tsks' })
  await expect(error).toContainText('Line 2')
  await expect(app.dialog()).toHaveCount(0)
})

test('objectives are judged over the runs, and the next run is foretold', async ({ open }) => {
  const app = await open({ 'flow.dag.yaml': PROMISING })
  await app.command('Show objectives and their error budgets')
  const table = app.page.getByRole('region', { name: 'Objectives' })
  await expect(table).toContainText('No data')
  await app.button('Run').click()
  await app.trust()
  await app.ends('Partial')
  await app.command('Show objectives and their error budgets')
  await expect(table.getByRole('row', { name: /p95 within 1 ms/ })).toContainText('Missed')
  await expect(table.getByRole('row', { name: /50% succeed/ })).toContainText('Met')
  await app.button('Simulate the next run').click()
  await expect(app.page.getByText(/^Next run, simulated: median/)).toBeVisible()
  await expect(table.getByRole('row', { name: /50% succeed/ })).toContainText('100%')
})

test('a pipeline that promises nothing can be made to, and undone', async ({ open }) => {
  const app = await open({ 'flow.dag.yaml': pipelineOf('  a: { kind: noop }\n') })
  await app.command('Show durations and success over the runs')
  await expect(app.page.getByText('No history yet')).toBeVisible()
  await app.command('Show the comparison of two runs')
  await expect(app.page.getByText('There is nothing to compare yet')).toBeVisible()
  await app.command('Show objectives and their error budgets')
  await app.button('Promise that 95% of runs succeed').click()
  await app.save()
  await expect(app.page.getByRole('region', { name: 'Objectives' })).toContainText('95% succeed')
  await app.command('Undo')
  await expect(app.page.getByText('This pipeline promises nothing yet')).toBeVisible()
})
