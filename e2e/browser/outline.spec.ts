import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const FLOW = pipelineOf(
  `  fetch: { kind: noop }
  clean: { kind: noop, needs: [fetch] }
  report: { kind: noop, needs: [clean] }
`,
).concat(`groups:
  prep: { name: Preparing, tasks: [fetch, clean] }
notes:
  - { id: n, text: "Look here", at: [0, -200], size: [240, 120] }
`)

const rows = (app: App) => app.page.getByRole('treegrid').getByRole('row')

test('it is a tree table: groups with their tasks, levels, places and six columns', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.side('Outline')
  const grid = app.page.getByRole('treegrid', { name: 'Tasks of Flow' })
  await expect(grid).toHaveAttribute('aria-rowcount', '6')
  await expect(grid).toHaveAttribute('aria-colcount', '6')
  await expect(grid.getByRole('columnheader')).toHaveText(['Task', 'Kind', 'State', 'Needs', 'Typical', 'Float'])
  const facts = await rows(app).evaluateAll((all) =>
    all
      .slice(1)
      .map((row) =>
        ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-expanded'].map((name) => row.getAttribute(name)),
      ),
  )
  expect(facts).toEqual([
    ['1', '1', '3', 'true'],
    ['2', '1', '2', null],
    ['2', '2', '2', null],
    ['1', '2', '3', null],
    ['1', '3', '3', null],
  ])
  for (const row of (await rows(app).all()).slice(1)) await expect(row.getByRole('gridcell')).toHaveCount(6)
  await expect(rows(app).nth(3)).toContainText('fetch')
})

test('one row has the focus; arrows move, close and open', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.side('Outline')
  const { keyboard } = app.page
  await rows(app).nth(1).focus()
  await keyboard.press('ArrowDown')
  await expect(rows(app).nth(2)).toBeFocused()
  await expect(rows(app).nth(2)).toHaveAttribute('aria-selected', 'true')
  await keyboard.press('ArrowLeft')
  await expect(rows(app).nth(1)).toBeFocused()
  await keyboard.press('ArrowLeft')
  await expect(rows(app).nth(1)).toHaveAttribute('aria-expanded', 'false')
  await expect(rows(app)).toHaveCount(4)
  await keyboard.press('ArrowRight')
  await expect(rows(app)).toHaveCount(6)
  await keyboard.press('End')
  await expect(rows(app).nth(5)).toBeFocused()
  await expect(rows(app).locator('[tabindex="0"]').or(app.page.locator('[role=row][tabindex="0"]'))).toHaveCount(1)
})

test('rename, delete, group and the menu, by key', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.side('Outline')
  const { keyboard } = app.page
  await rows(app).nth(1).focus()
  await keyboard.press('F2')
  await expect(app.page.getByRole('textbox', { name: 'New name of Preparing' })).toBeFocused()
  await keyboard.type('Staging')
  await keyboard.press('Enter')
  await expect(rows(app).nth(1)).toContainText('Staging')
  await expect(rows(app).nth(1)).toBeFocused()
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await keyboard.press('g')
  await expect(app.page.getByPlaceholder('Find a group')).toBeFocused()
  await keyboard.type('no group')
  await keyboard.press('Enter')
  await app.save()
  expect(await app.files.read(FILE)).toContain('prep: { name: Staging, tasks: [fetch] }')
  await rows(app).nth(2).focus()
  await keyboard.press('Shift+F10')
  await expect(app.page.getByRole('menuitem', { name: 'Run from here' })).toBeVisible()
  await keyboard.press('Escape')
  // The menu gives the focus back only once it has gone.
  await expect(rows(app).nth(2)).toBeFocused()
  await rows(app).nth(5).focus()
  await keyboard.press('Enter')
  await expect(app.page.getByRole('textbox', { name: /text/i }).first()).toBeVisible()
  await rows(app).nth(4).focus()
  await keyboard.press('ArrowUp')
  await keyboard.press('ArrowDown')
  await keyboard.press('Delete')
  await expect(rows(app)).toHaveCount(5)
  await expect(app.page.locator('[role=row]:focus')).toHaveCount(1)
})

test('several are copied and pasted, a task is run up to and marked, all by key', async ({ open, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const app = await open({ [FILE]: FLOW })
  const { keyboard } = app.page
  await app.side('Outline')
  await rows(app).nth(2).focus()
  await keyboard.press('Home')
  await keyboard.press('ArrowDown')
  await keyboard.press('Shift+ArrowDown')
  await expect(app.page.getByRole('tab', { name: '2 tasks' })).toBeVisible()
  await keyboard.press('Control+c')
  await keyboard.press('Control+v')
  await expect(rows(app)).toHaveCount(9)
  await keyboard.press('Control+z')
  await expect(rows(app)).toHaveCount(6)
  await keyboard.press('Control+a')
  await expect(app.page.getByRole('tab', { name: '3 tasks' })).toBeVisible()
  const menu = async (item: string) => {
    await keyboard.press('Shift+F10')
    await expect(app.page.getByRole('menuitem', { name: item })).toBeVisible()
    await app.page.getByRole('menuitem', { name: item }).press('Enter')
  }
  await keyboard.press('Home')
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await menu('Run up to here')
  const dialog = app.dialog('Run Flow')
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Run', exact: true }).press('Enter')
  await app.button('Trust this folder and run').press('Enter')
  await app.ends('Success')
  await rows(app).nth(3).focus()
  await menu('Mark failed')
  await app.ends('Failed')
})

test('a row that the focus came to without selecting it is the one that is deleted', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.side('Outline')
  await app.task('report').click()
  await rows(app).nth(5).focus()
  await app.page.keyboard.press('Delete')
  await expect(app.canvas.getByRole('note')).toHaveCount(0)
  await expect(app.task('report')).toBeVisible()
})

test('linking by key tells which links would close a cycle', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.side('Outline')
  await rows(app).nth(3).focus()
  await app.page.keyboard.press('l')
  const choices = app.dialog(/^Link clean/)
  await expect(choices.getByRole('option', { name: /fetch.*would close a cycle/ })).toHaveCount(1)
  await expect(choices.getByRole('option', { name: /report.*would close a cycle/ })).toHaveCount(1)
})
