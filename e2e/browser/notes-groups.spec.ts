import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const FLOW = pipelineOf(
  `  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [b] }
`,
).concat(`groups:
  g: { name: Middle, tasks: [b] }
notes:
  - { id: n, text: "**Look** here", at: [0, -200], size: [240, 120] }
canvas:
  a: [0, 0]
  b: [400, 0]
  c: [800, 0]
`)

const current = (app: App) => app.canvas.getByRole('status', { name: 'Current task' })
const field = (app: App) => app.canvas.getByRole('textbox', { name: 'Text of the note, in Markdown' })

test('a note is walked to, written, given up and deleted by keyboard; a double click writes it, too', async ({
  open,
}) => {
  const app = await open({ [FILE]: FLOW })
  const { keyboard } = app.page
  await app.task('a').click()
  await keyboard.press('ArrowUp')
  await expect(current(app)).toHaveText('Note: **Look** here')
  await keyboard.press('Enter')
  await expect(field(app)).toBeFocused()
  await keyboard.press('Control+a')
  await keyboard.type('- one')
  await keyboard.press('Enter')
  await keyboard.type('- two')
  await keyboard.press('Control+Enter')
  await expect(app.canvas.getByRole('note').getByRole('listitem')).toHaveText(['one', 'two'])
  await expect(app.canvas).toBeFocused()
  await keyboard.press('F2')
  await expect(field(app)).toBeFocused()
  await keyboard.type('nothing')
  await keyboard.press('Escape')
  await expect(app.canvas.getByRole('note')).not.toContainText('nothing')
  await keyboard.press('Shift+ArrowLeft')
  await app.save()
  expect(await app.files.read(FILE)).toContain('at: [-8, -200]')
  await keyboard.press('ArrowDown')
  await expect(current(app)).toContainText('a, No-op')
  await app.canvas.getByRole('note').dblclick()
  await expect(field(app)).toBeFocused()
  await keyboard.press('Escape')
  await keyboard.press('Delete')
  await expect(app.canvas.getByRole('note')).toHaveCount(0)
  for (let step = 0; step < 3; step++) await keyboard.press('Control+z')
  await app.save()
  expect(await app.files.read(FILE)).toBe(FLOW)
})

test('a group is renamed, folded, walked to, moved and unfolded by keyboard', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  const { keyboard } = app.page
  const name = app.canvas.getByRole('textbox', { name: 'New name of Middle' })
  await app.task('b').click()
  await keyboard.press('Alt+ArrowUp')
  await expect(current(app)).toHaveText('Group Middle, 1 task')
  await keyboard.press('F2')
  await expect(name).toBeFocused()
  await keyboard.type('Core')
  await keyboard.press('Enter')
  await expect(app.canvas.getByRole('region', { name: 'Group Core', exact: true })).toBeVisible()
  await keyboard.press('Enter')
  await expect(app.canvas.getByRole('region', { name: 'Group Core, collapsed' })).toBeVisible()
  await keyboard.press('ArrowRight')
  await expect(current(app)).toContainText('c, No-op')
  await keyboard.press('ArrowLeft')
  await expect(current(app)).toHaveText('Group Core, collapsed, 1 task, needs 1, needed by 1')
  await keyboard.press('Shift+ArrowDown')
  await app.save()
  expect(await app.files.read(FILE)).toContain('b: [400, 8]')
  await keyboard.press('Enter')
  await expect(app.task('b')).toBeVisible()
  await keyboard.press('Control+z')
  await keyboard.press('Control+z')
  await app.save()
  expect(await app.files.read(FILE)).toBe(FLOW)
})

test('a group is renamed by a double click on its name, and unfolded by one on its card', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.canvas.getByTitle('Middle').dblclick()
  await app.page.keyboard.type('Core')
  await app.page.keyboard.press('Enter')
  const frame = app.canvas.getByRole('region', { name: 'Group Core', exact: true })
  await expect(frame).toBeVisible()
  await app.button('Collapse Core').click()
  const card = app.canvas.getByRole('region', { name: 'Group Core, collapsed' })
  await card.click({ button: 'right' })
  await expect(app.page.getByRole('menuitem', { name: 'Rename' })).toBeVisible()
  await app.page.keyboard.press('Escape')
  await card.dblclick()
  await expect(frame).toBeVisible()
})
