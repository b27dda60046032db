import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
/** With one, a run asks first. */
const PARAMETER = 'params: { who: { type: string, default: me } }\n'

test('a failed run says which task, why, and shows its coloured log', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  good: { kind: noop }
  bad:
    kind: shell
    needs: [good]
    run: |
      printf 'plain \\033[31mred words\\033[0m\\n'
      exit 3
  after: { kind: noop, needs: [bad] }
`),
  })
  await app.run()
  await app.ends('Failed')
  await expect(app.task('bad')).toContainText('Failed')
  await expect(app.task('after')).toContainText('Upstream failed')
  const tasks = await app.panel('Tasks')
  await expect(tasks.getByRole('row', { name: /^bad/ }).getByRole('cell').last()).toContainText('3')
  await tasks.getByRole('row', { name: /^bad/ }).getByRole('button').click()
  const log = app.page.getByRole('region', { name: 'Log of bad, attempt 1' })
  await expect(log).toContainText('plain red words')
  const [plain, red] = await Promise.all(
    ['plain ', 'red words'].map((text) =>
      log.getByText(text, { exact: true }).evaluate((element) => getComputedStyle(element).color),
    ),
  )
  expect(red).not.toBe(plain)
  await app.task('bad').click()
  await expect(app.page.getByRole('tabpanel', { name: 'Task' })).toContainText(/exit(ed)?.* 3/)
})

test('a run is cancelled', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf('  long: { kind: shell, run: "sleep 600" }\n  next: { kind: noop, needs: [long] }\n'),
  })
  await app.run()
  await expect(app.task('long')).toContainText('Running')
  await app.button('Cancel').click()
  await app.ends('Cancelled')
  await expect(app.task('long')).toContainText('Cancelled')
  await expect(app.button('Run')).toBeVisible()
})

test('what turns while a run goes on steps, and keeps the browser from composing every frame', async ({ open }) => {
  const app = await open({ 'flow.dag.yaml': pipelineOf('  slow: { kind: shell, run: sleep 30 }\n') })
  await app.run()
  const icon = app.status.locator('svg').first()
  await expect(app.status).toContainText('Running')
  const turned = () => icon.evaluate((element) => (element as SVGElement).style.rotate)
  const before = await turned()
  await expect.poll(turned).not.toBe(before)
  const endless = () =>
    document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations === Number.POSITIVE_INFINITY).length
  await expect.poll(() => app.page.evaluate(endless)).toBe(0)
  await app.button('Cancel').click()
  await app.ends('Cancelled')
})

test('a retry counts down', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf('  flaky: { kind: shell, run: "exit 1", retries: { limit: 1, delay: 600s } }\n'),
  })
  await app.run()
  await expect(app.task('flaky')).toContainText('Retrying')
  const left = async () => {
    const [, minutes, seconds] = /in (\d+) m (\d+) s/.exec((await app.task('flaky').textContent()) ?? '') ?? []
    return Number(minutes) * 60 + Number(seconds)
  }
  const first = await left()
  expect(first).toBeGreaterThan(0)
  await expect.poll(left).toBeLessThan(first)
  await app.button('Cancel').click()
  await app.ends('Cancelled')
})

test('a mapped task shows its instances, and each its own log', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  each:
    kind: shell
    forEach: [red, green, blue]
    run: echo "colour \${{ item }}"
`),
  })
  await app.run()
  await app.ends('Success')
  await expect(app.task('each')).toContainText('× 3')
  const tasks = await app.panel('Tasks')
  await tasks.getByRole('button', { name: 'Instances of each' }).click()
  await tasks.getByRole('button', { name: 'each[2]' }).click()
  await expect(app.page.getByRole('region', { name: 'Log of each[2], attempt 1' })).toContainText('colour blue')
})

test('logs follow, and are searched', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  counting:
    kind: shell
    run: |
      seq 1 2000
      until [ -e go ]; do sleep 0.1; done
      echo the end
`),
  })
  await app.run()
  await app.task('counting').click()
  const logs = await app.panel('Logs')
  const log = logs.getByRole('region', { name: 'Log of counting, attempt 1' })
  await expect(log.getByText('2000', { exact: true })).toBeVisible()
  await logs.getByRole('textbox', { name: 'Search in the log' }).fill('199')
  await expect(logs.getByText('1 of 12')).toBeVisible()
  await logs.getByRole('button', { name: 'Next match' }).click()
  await expect(logs.getByText('2 of 12')).toBeVisible()
  await expect(
    log
      .getByText('1199', { exact: true })
      .or(log.getByText('199', { exact: true }))
      .first(),
  ).toBeVisible()
  await logs.getByRole('button', { name: 'End the search' }).click()
  await app.files.write('go', '')
  await app.ends('Success')
  await logs.getByRole('textbox', { name: 'Search in the log' }).fill('the end')
  await expect(logs.getByText('1 of 1')).toBeVisible()
})

test('a run is repeated, and run from a task on', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf('  one: { kind: shell, run: "echo one" }\n  two: { kind: noop, needs: [one] }\n'),
  })
  await app.run()
  await app.ends('Success')
  await app.command('Run again with the same parameters')
  await app.side('Runs')
  const runs = app.page
    .getByRole('tabpanel', { name: 'Runs' })
    .getByRole('button', { name: /^Success .*(just now|s|ago)/ })
  await expect(runs).toHaveCount(2)
  await app.task('two').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Run from here' }).click()
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await expect(runs).toHaveCount(3)
  await expect(app.task('two')).toContainText('Success')
  await expect(app.task('one')).not.toContainText('Success')
})

test('failed tasks are run again after a fix, the others are kept', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  good: { kind: shell, run: "echo once >> good.txt" }
  bad: { kind: shell, needs: [good], run: "test -e fixed" }
`),
  })
  await app.run()
  await app.ends('Failed')
  await app.files.write('fixed', '')
  await app.command('Rerun failed tasks')
  await app.ends('Success')
  expect(await app.files.read('good.txt')).toBe('once\n')
  await expect(app.task('good')).toContainText('reused')
})

test('a page that is loaded again goes on watching', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  waiting: { kind: shell, run: "until [ -e go ]; do sleep 0.1; done; echo went on" }
  next: { kind: noop, needs: [waiting] }
`),
  })
  await app.run()
  await expect(app.task('waiting')).toContainText('Running')
  await app.page.reload()
  await expect(app.task('waiting')).toContainText('Running')
  await app.files.write('go', '')
  await app.ends('Success')
  await expect(app.task('next')).toContainText('Success')
})

test('saying no to trust runs nothing', async ({ open }) => {
  const app = await open({ [FILE]: pipelineOf('  touch: { kind: shell, run: "touch ran.txt" }\n') })
  await app.button('Run').click()
  await app.button("Don't run").click()
  await expect(app.dialog()).toHaveCount(0)
  await app.side('Runs')
  await expect(app.page.getByText('No runs yet')).toBeVisible()
  await expect(app.files.read('ran.txt')).rejects.toThrow('ENOENT')
})

test('a logical date that is none is refused where it is written', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf("  a: { kind: shell, run: 'echo $DAGWRIGHT_LOGICAL_DATE' }\n", PARAMETER),
  })
  await app.canvas.press('Control+Enter')
  const date = app.dialog().getByRole('textbox', { name: 'Logical date' })
  for (const wrong of ['someday 5', '2026-02-30']) {
    await date.fill(wrong)
    await expect(app.dialog().getByRole('alert')).toContainText('Write a date such as 2026-11-21')
    await expect(app.dialog().getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  }
  await date.fill('2026-02-03')
  await app.dialog().getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
  await app.ends('Success')
  await app.task('a').click()
  await expect(await app.panel('Logs')).toContainText('2026-02-03T00:00:00.000Z')
})
