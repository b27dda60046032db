import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'

const PINNED = pipelineOf(`  make:
    kind: shell
    run: |
      test ! -e broken
      echo 'rows:=3' >> "$DAGWRIGHT_OUTPUT"
  use:
    kind: shell
    needs: [make]
    run: echo "got \${{ tasks.make.outputs.rows }} rows"
`)

/** By their journals: a page that says how a run ended may still speak of the one before. */
async function endedRuns(root: string): Promise<number> {
  const folder = join(root, '.dagwright/runs/flow')
  const runs = await readdir(folder)
  const journals = await Promise.all(
    runs.map((run) => readFile(join(folder, run, 'journal.ndjson'), 'latin1').catch(() => '')),
  )
  return journals.filter((journal) => journal.includes('"type":"ended"')).length
}

test("a task is pinned with a run's outputs, edited, used, ignored and unpinned", async ({ open }) => {
  const app = await open({ [FILE]: PINNED })
  await app.run()
  await app.ends('Success')
  await app.task('make').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Pin outputs of this run' }).click()
  await expect(app.task('make').getByText('Pinned')).toBeAttached()
  const pinned = app.page.getByRole('textbox', { name: 'Pinned outputs of make' })
  await app.task('make').click()
  await expect(pinned).toHaveValue(/"rows": 3/)

  // By hand, wrong first.
  await app.page.getByRole('button', { name: 'Edit', exact: true }).click()
  const form = app.page.getByRole('textbox', { name: 'Outputs to pin on make, as JSON' })
  await form.fill('[1]')
  await expect(app.page.getByText('Outputs are a JSON object')).toBeVisible()
  await form.fill('{ "rows": 7 }')
  await app.page.getByRole('button', { name: 'Pin', exact: true }).last().click()
  await expect(pinned).toHaveValue(/"rows": 7/)

  // The pin stands for the task, which would fail now.
  await app.files.write('broken', '')
  await app.button('Run').click()
  await app.ends('Success')
  await expect(app.task('make')).toContainText('pinned')
  const tasks = await app.panel('Tasks')
  await expect(tasks.getByRole('row', { name: /^make/ })).toContainText('pinned')
  await tasks.getByRole('row', { name: /^use/ }).getByRole('button', { name: 'use', exact: true }).click()
  await expect(app.page.getByRole('region', { name: 'Log of use, attempt 1' })).toContainText('got 7 rows')

  await app.command('Run with parameters…')
  const dialog = app.dialog('Run Flow')
  await expect(dialog).toContainText('their pinned outputs are handed on: make')
  await dialog.getByRole('switch', { name: 'Use pins' }).click()
  await dialog.getByRole('button', { name: 'Run', exact: true }).click()
  await app.ends('Failed')

  await app.task('make').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Unpin' }).click()
  await expect(app.task('make').getByText('Pinned', { exact: true })).toHaveCount(0)
})

test('a cached task runs once, and again when its input, its result or the switch says so', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  copy:
    kind: shell
    reads: [in.txt]
    writes: [out.txt]
    run: cp in.txt out.txt; echo ran >> times.txt
`),
    'in.txt': 'one',
  })
  const times = async () => (await readFile(join(app.files.root, 'times.txt'), 'utf8')).split('\n').length - 1
  // Switched on in the inspector, undone and done again.
  await app.task('copy').click()
  const cache = app.page.getByRole('switch', { name: 'Cache' })
  await cache.click()
  await app.page.keyboard.press('Control+z')
  await expect(cache).not.toBeChecked()
  await cache.click()
  await app.save()
  expect(await app.files.read(FILE)).toContain('cache: true')
  await app.run()
  await app.ends('Success')
  const again = async () => {
    const before = await endedRuns(app.files.root)
    await app.button('Run').click()
    await expect.poll(() => endedRuns(app.files.root)).toBe(before + 1)
    await app.ends('Success')
  }
  await again()
  await expect(app.task('copy')).toContainText('cached')
  expect(await times()).toBe(1)
  const tasks = await app.panel('Tasks')
  await expect(tasks.getByRole('row', { name: /^copy/ })).toContainText('From the cache')
  await app.task('copy').click()
  await app.page.getByRole('button', { name: /^Code as it ran/ }).click()
  await expect(app.page.getByText(/Its result came from the cache, made by run \d{8}T/)).toBeVisible()
  await expect(app.page.getByRole('textbox', { name: 'Code of copy as it ran' })).toHaveValue(/cp in\.txt out\.txt/)

  await app.files.write('in.txt', 'other')
  await again()
  await expect(app.task('copy')).not.toContainText('cached')
  expect(await times()).toBe(2)

  await app.files.write('out.txt', 'spoilt')
  await again()
  expect(await times()).toBe(3)

  await app.command('Run with parameters…')
  await app.dialog('Run Flow').getByRole('switch', { name: 'Use the cache' }).click()
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(times).toBe(4)
})

test('a failed run says what changed since the last success, and opens as it was', async ({ open }) => {
  const text = (line: string) =>
    pipelineOf(`  first:
    kind: shell
    reads: [in.txt]
    run: |
      cat in.txt
      ${line}
      echo done
`)
  const app = await open({ [FILE]: text('true'), 'in.txt': 'one' })
  await app.run()
  await app.ends('Success')
  await app.files.write('in.txt', 'one and more')
  await app.files.write(FILE, text('false'))
  await expect.poll(async () => (await app.panel('YAML')).textContent()).toContain('false')
  await app.button('Run').click()
  await app.ends('Failed')

  const changes = await app.panel('Changes')
  const task = changes.getByRole('region', { name: 'Changes of first' })
  await expect(task.locator('[data-sign=removed]')).toContainText('true')
  await expect(task.locator('[data-sign=added]')).toContainText('false')
  await expect(changes.getByRole('region', { name: 'Changed inputs' })).toContainText(
    'in.txt read by first: 3 B before',
  )

  await changes.getByRole('button', { name: 'Open that success' }).click()
  await expect(app.tab).toContainText('as run')
  await expect(app.task('first')).toContainText('Success')
  await expect((await app.panel('YAML')).getByText('as it was when this run began')).toBeVisible()
  await app.task('first').click()
  await app.page.keyboard.press('Delete')
  await expect(app.notices().first()).toContainText('cannot be edited')
  await expect(app.task('first')).toBeVisible()
  await app.page.getByRole('button', { name: 'Code as it ran' }).click()
  await expect(app.page.getByRole('textbox', { name: 'Code of first as it ran' })).toHaveValue(/cat in.txt\ntrue/)
})

test('a part that needs what never ran is refused before it starts, by name', async ({ open }) => {
  const app = await open({ [FILE]: PINNED })
  await app.task('use').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Run from here' }).click()
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
  await expect(app.notices().first()).toContainText('make would not run, and no earlier run has its outputs')
})

test('what runs a part is reachable once a task is selected, from the menu and the palette', async ({ open }) => {
  const app = await open({ [FILE]: PINNED })
  await app.task('make').click()
  await app.button('More ways to run').click()
  await app.page.getByRole('menuitem', { name: 'Run up to the selected task' }).click()
  await expect(app.dialog('Run Flow')).toContainText('Up to make.')
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
  await app.ends('Success')

  // The best match first, whatever its group: three keys and Enter run it all.
  await app.page.keyboard.press('Control+k')
  await app.page.keyboard.type('run')
  await app.page.keyboard.press('Enter')
  await expect.poll(() => endedRuns(app.files.root)).toBe(2)
  await expect(app.task('use')).toContainText('Success')

  // By its name on the command line.
  await app.page.keyboard.press('Control+k')
  await app.page.keyboard.type('doctor')
  await app.page.keyboard.press('Enter')
  await expect(app.dialog('This machine')).toBeVisible()
})

test('from one task to another: from the menu of the selected, the palette and the inspector', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [b] }
  d: { kind: noop, needs: [c] }
`),
  })
  await app.run()
  await app.ends('Success')
  await app.task('b').click()
  await app.task('c').click({ modifiers: ['Shift'] })
  await expect(app.button('Run from b to c')).toBeVisible()
  await app.task('c').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Run from b to c' }).click()
  await expect(app.dialog('Run Flow')).toContainText('From b to c, with all that lies between.')
  await app.page.keyboard.press('Escape')

  await app.task('a').click()
  await app.task('c').click({ modifiers: ['Shift'] })
  await app.page.keyboard.press('Control+k')
  await app.page.keyboard.type('from the first to the last')
  await app.page.keyboard.press('Enter')
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(() => endedRuns(app.files.root)).toBe(2)
  for (const name of ['a', 'b', 'c']) await expect(app.task(name)).toContainText('Success')
  await expect(app.task('d')).not.toContainText('Success')

  // Neither leads to the other: nothing lies between.
  await app.task('b').click()
  await app.button('More ways to run').click()
  await expect(app.page.getByRole('menuitem', { name: /first to the last/ })).toBeDisabled()
})
