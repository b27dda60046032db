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
