import { readFile } from 'node:fs/promises'
import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const FLOW = pipelineOf(
  `  a: { kind: noop }
  b: { kind: shell, needs: [a], run: "echo one" }
  c: { kind: noop, needs: [b] }
`,
).concat(`canvas:
  a: [0, 0]
  b: [400, 0]
  c: [800, 0]
`)

test('the diff lens shows what was added, changed and removed since the file was saved', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.task('b').click()
  await app.page.keyboard.press('Delete')
  await app.task('c').click()
  await app.page.keyboard.press('Control+d')
  await app.lens('Diff')
  await expect(app.task('b')).toContainText('− removed')
  await expect(app.task('c')).toContainText('± needs')
  await expect(app.task('c_2')).toContainText('+ added')
  await expect(app.edge('a', 'b')).toBeAttached()
  const changes = app.page.getByRole('tabpanel', { name: 'Changes' })
  await expect(changes).toContainText('1 added, 1 changed, 1 removed')
  await expect(changes.getByRole('region', { name: 'Changes of c', exact: true })).toContainText('needs')

  await test.step('as text, places aside', async () => {
    await changes.getByRole('combobox', { name: 'Show differences as' }).click()
    await app.page.getByRole('option', { name: 'Text', exact: true }).click()
    const lines = changes.getByRole('region', { name: 'Differing lines' })
    await expect(lines).toContainText('Removed: ')
    await expect(lines).not.toContainText('[800, 0]')
    await changes.getByRole('switch', { name: 'With places on the canvas' }).click()
    await expect(lines).toContainText('[400, 0]')
  })

  await test.step('the image shows it, too', async () => {
    await app.command('Export…')
    const dialog = app.dialog(/Export/)
    await dialog.getByRole('radio', { name: /^Image/ }).click()
    const download = app.page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Download SVG' }).click()
    const svg = await readFile(await (await download).path(), 'utf8')
    expect(svg).toContain('− removed')
    expect(svg).toContain('+ added')
    await app.page.keyboard.press('Escape')
  })

  await test.step('saved, nothing differs', async () => {
    await app.save()
    await expect(app.task('b')).toHaveCount(0)
    await expect(changes).toContainText('The texts are the same')
  })
})

test('a removed task shows what it was, and is brought back as it was', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.task('b').click()
  await app.page.keyboard.press('Delete')
  await app.task('c').click()
  await app.page.keyboard.press('Control+d')
  await app.lens('Diff')
  await app.task('b').click()
  const form = app.page.getByRole('tabpanel', { name: 'Task' })
  await expect(form).toContainText('This task was removed')
  await expect(form.getByRole('heading', { name: 'b', level: 2 })).toBeVisible()
  await expect(form.getByRole('textbox', { name: 'Owner', exact: true })).toBeDisabled()
  await expect(form).toContainText('echo one')
  await form.getByRole('button', { name: 'Bring back' }).click()
  await expect(app.task('b')).not.toContainText('removed')
  await expect(app.edge('b', 'c')).toBeAttached()
  await expect(form.getByRole('textbox', { name: 'Owner', exact: true })).toBeEnabled()
  await expect(app.button('Undo: Bring back b')).toBeEnabled()
  await app.task('c_2').click()
  await app.page.keyboard.press('Delete')
  await app.save()
  expect(await app.files.read(FILE)).toBe(FLOW)
})

test('a move is no change of meaning', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.task('c').click()
  await app.page.keyboard.press('Shift+ArrowDown')
  await app.lens('Diff')
  const changes = app.page.getByRole('tabpanel', { name: 'Changes' })
  await expect(changes).toContainText('Both versions mean the same')
  await expect(changes).toContainText('1 moved')
})

test('the version of the chosen run is one to compare with', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.run()
  await app.ends('Success')
  await app.task('c').click()
  await app.page.keyboard.press('Delete')
  await app.save()
  await app.lens('Diff')
  const changes = app.page.getByRole('tabpanel', { name: 'Changes' })
  await expect(changes).toContainText('Both versions mean the same')
  await changes.getByRole('combobox', { name: 'Compare with' }).click()
  await app.page.getByRole('option', { name: 'Since the chosen run' }).click()
  await expect(app.task('c')).toContainText('− removed')
})
