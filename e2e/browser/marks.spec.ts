import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'

const BROKEN = pipelineOf(
  `  load:
    kind: shell
    run: test -e ready
  clean:
    kind: shell
    needs: [load]
    run: echo cleaned
  report:
    kind: shell
    needs: [clean]
    run: echo reported
  alarm:
    kind: shell
    run: echo "$DAGWRIGHT_RUN_STATE because of $DAGWRIGHT_FAILED_TASKS"
`,
  'onFailure: [alarm]\n',
)

test('a failed run goes on where a task is marked, and again where one is cleared', async ({ open }) => {
  const app = await open({ [FILE]: BROKEN })
  await app.run()
  await app.ends('Failed')
  await expect(app.task('clean')).toContainText('Upstream failed')
  await expect(app.task('alarm')).toContainText('Success')

  // From the menu of its card.
  await app.task('load').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Mark success' }).click()
  await app.ends('Success')
  await expect(app.task('load')).toContainText('marked')
  await expect(app.task('report')).toContainText('Success')
  await expect(app.task('alarm')).toContainText('Skipped')

  // From the list of tasks: it runs itself now, and what depends on it runs again.
  const tasks = await app.panel('Tasks')
  await tasks.getByRole('row', { name: /^clean/ }).click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Clear with downstream' }).click()
  await expect(app.task('report')).toContainText('attempt 2')
  await app.ends('Success')
  await expect(tasks.getByRole('row', { name: /^clean/ })).toContainText('2')

  // From the palette, one task alone; what it is for fails for real.
  await app.task('load').click()
  await app.command('Clear only the selected task')
  await expect(app.task('load')).toContainText('Failed')
  await expect(app.task('report')).toContainText('attempt 2')
  await expect(app.task('clean')).toContainText('Success')

  // The failure's handler is told of it.
  await app.page.reload()
  await expect(app.canvas).toBeVisible()
})

test('what runs is stopped by a mark; one instance of many is cleared', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  slow:
    kind: shell
    run: sleep 60
  after:
    kind: shell
    needs: [slow]
    run: echo after
  parts:
    kind: shell
    forEach: [0, 1, 2]
    run: test "$DAGWRIGHT_INDEX" != 1 -o "$DAGWRIGHT_ATTEMPT" != 1
`),
  })
  await app.run()
  await expect(app.task('parts')).toContainText('× 3, 1 failed')
  await app.task('slow').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Mark success' }).click()
  await app.ends('Failed')
  await expect(app.task('after')).toContainText('Success')

  const tasks = await app.panel('Tasks')
  await tasks.getByRole('button', { name: 'Instances of parts' }).click()
  await tasks.getByRole('row', { name: /^parts\[1\]/ }).click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Clear with downstream' }).click()
  await app.ends('Success')
  await expect(app.task('parts')).toContainText('× 3')
  await expect(tasks.getByRole('row', { name: /^parts\[1\]/ })).toContainText('2')
})

test('a retry counts down, and a run that takes longer than promised says so while it runs', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(
      `  flaky:
    kind: shell
    retries: { limit: 1, delay: 6s }
    run: test "$DAGWRIGHT_ATTEMPT" = 2
`,
      'slo: { duration: { p95: 1s } }\n',
    ),
  })
  await app.run()
  await expect(app.task('flaky')).toContainText(/Retrying\s*2 in \d/)
  await expect(app.status.getByRole('button', { name: 'Objective missed' })).toBeVisible()
  const notice = app.notices().filter({ hasText: 'The run takes longer than promised' })
  await expect(notice).toHaveCount(1)
  await expect(notice).toContainText(/At \d.* it was over by .* and still running/)
  await app.ends('Success')
  await expect(app.task('flaky')).toContainText('attempt 2')
})

test('ten thousand instances: counts on the card, a row for each in the list', async ({ open }) => {
  test.setTimeout(240_000)
  const items = Array.from({ length: 10_000 }, (_, index) => index).join(', ')
  const app = await open({ [FILE]: pipelineOf(`  many:\n    kind: noop\n    forEach: [${items}]\n`) })
  await app.run()
  await app.ends('Success', 180_000)
  await expect(app.task('many')).toContainText('× 10000')
  const tasks = await app.panel('Tasks')
  await tasks.getByRole('button', { name: 'Instances of many' }).click()
  const rows = tasks.getByRole('rowgroup')
  await expect(rows.getByRole('row', { name: /^many\[0\]/ })).toBeVisible()
  expect(await rows.getByRole('row').count()).toBeLessThan(100)
  await rows.evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await expect(rows.getByRole('row', { name: /^many\[9999\]/ })).toBeVisible()

  // The logs have all of them to choose from, and are there at once.
  const logs = await app.panel('Logs')
  await app.task('many').click()
  const instance = logs.getByRole('spinbutton', { name: 'Instance, 0 to 9999' })
  await expect(instance).toHaveValue('0')
  await instance.fill('4321')
  await instance.press('Enter')
  await expect(instance).toHaveValue('4321')
  await instance.fill('123456')
  await instance.press('Enter')
  await expect(instance).toHaveValue('9999')
})
