import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'

test('a join that would be skipped is told of as it is drawn, and mended in one step', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(
      `  pick: { kind: noop, branch: "\${{ params.way }}" }
  left: { kind: noop, needs: [pick] }
  right: { kind: noop, needs: [pick] }
  join: { kind: noop, needs: [left] }
`,
      'params: { way: { default: left } }\n',
    ),
  })
  await app.command('Lay out')
  const join = await app.middle(app.task('join'))
  await app.task('right').hover()
  await app.hold(await app.middle(app.task('right').locator('.source')), join)
  const hint = app.canvas.getByRole('status').filter({ hasText: 'would be skipped' })
  await expect(hint).toContainText('join joins branches of pick')
  await expect(hint).toContainText('triggerRule: none_failed_min_one_success')
  await app.page.mouse.up()
  await expect(hint).toHaveCount(0)
  const notice = app.notices().filter({ hasText: 'join joins branches of pick' })
  await expect(notice).toContainText('none_failed_min_one_success')
  await expect(app.task('join').getByTitle('1 problem')).toBeVisible()
  await notice.getByRole('button', { name: 'Let it run' }).click()
  await expect(app.task('join').getByTitle('1 problem')).toHaveCount(0)
  await app.save()
  expect(await app.files.read(FILE)).toContain('triggerRule: none_failed_min_one_success')

  // One step back is the warning again, and the list of problems mends it, too.
  await app.page.keyboard.press('Control+z')
  await expect(app.task('join').getByTitle('1 problem')).toBeVisible()
  const problems = await app.panel('Problems')
  await problems.getByRole('button', { name: 'Let it run' }).click()
  await expect(problems).toContainText('No problems')
})

test('a join behind a condition is noted, without marking its card', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(
      `  maybe: { kind: noop, when: "\${{ params.full }}" }
  other: { kind: noop }
  join: { kind: noop, needs: [other] }
`,
      'params: { full: { type: boolean, default: true } }\n',
    ),
  })
  await app.command('Lay out')
  await app.link('maybe', await app.middle(app.task('join')))
  await expect(app.notices()).toContainText('join is skipped where maybe is')
  await expect(app.task('join').getByTitle(/problem/)).toHaveCount(0)
})

test('one run ends at its first failure; a running attempt says how long it may take', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  fails: { kind: shell, run: sleep 3; exit 1 }
  slow: { kind: shell, run: sleep 60, timeout: 10m }
`),
  })
  await app.command('Run with parameters…')
  await app.dialog('Run Flow').getByRole('switch', { name: 'Fail fast' }).click()
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
  await expect(app.task('slow')).toContainText(/\d s of 10 m$|\d s of 10 m\b/)
  await expect((await app.panel('Tasks')).getByRole('row', { name: /^slow/ })).toContainText(/of 10 m/)
  await app.ends('Failed')
  await expect(app.task('slow')).toContainText('Cancelled')
})

test('the browser is asked for notifications only when they are switched on', async ({ open, page }) => {
  await page.addInitScript(() => {
    const asked = { count: 0 }
    Object.assign(window, { asked })
    Notification.requestPermission = () => {
      asked.count++
      return Promise.resolve('granted')
    }
  })
  const asked = () => page.evaluate(() => (window as unknown as { asked: { count: number } }).asked.count)
  const app = await open({ [FILE]: pipelineOf('  a: { kind: shell, run: "true" }\n') })
  await app.run()
  await app.ends('Success')
  expect(await asked()).toBe(0)
  await app.command('Settings…')
  await app.dialog().getByRole('switch', { name: 'Notify when a run ends or is late' }).click()
  await expect.poll(asked).toBe(1)
})
