import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const named = (name: string) => pipelineOf('  a: { kind: noop }\n').replaceAll('Flow', name).replace('flow', name)
const FILES = Object.fromEntries(['kiwi', 'lime', 'mango', 'plum'].map((name) => [`${name}.dag.yaml`, named(name)]))

const tabs = (app: App) => app.page.getByRole('navigation', { name: 'Open pipelines' })
const tab = (app: App, name: string) => tabs(app).getByRole('button', { name, exact: true })

async function order(app: App, ...names: string[]) {
  await expect(tabs(app).locator('[title$=".dag.yaml"]')).toHaveText(names)
}

/** Onto the half of another tab that says where it goes. */
async function drag(app: App, name: string, other: string, side: 'before' | 'behind') {
  const { width, height } = (await tab(app, other).boundingBox())!
  await tab(app, name).dragTo(tab(app, other), {
    targetPosition: { x: side === 'before' ? 6 : width - 4, y: height / 2 },
  })
}

async function openAll(app: App) {
  await expect(tab(app, 'kiwi')).toBeVisible()
  for (const name of ['lime', 'mango', 'plum']) {
    await app.command(`${name}.dag.yaml`)
    await expect(tab(app, name)).toHaveAttribute('aria-current', 'page')
  }
  await order(app, 'kiwi', 'lime', 'mango', 'plum')
}

test('tabs are moved by keys and by dragging, and stay so after a reload', async ({ open }) => {
  const app = await open(FILES)
  await openAll(app)
  await app.page.keyboard.press('Control+Shift+PageUp')
  await order(app, 'kiwi', 'lime', 'plum', 'mango')
  await app.page.keyboard.press('Control+Shift+PageDown')
  await app.page.keyboard.press('Control+Shift+PageDown')
  await order(app, 'kiwi', 'lime', 'mango', 'plum')
  await drag(app, 'plum', 'lime', 'before')
  await order(app, 'kiwi', 'plum', 'lime', 'mango')
  await drag(app, 'kiwi', 'mango', 'behind')
  await order(app, 'plum', 'lime', 'mango', 'kiwi')
  await app.page.keyboard.press('Alt+PageUp')
  await expect(tab(app, 'kiwi')).toHaveAttribute('aria-current', 'page')
  await app.page.reload()
  await order(app, 'plum', 'lime', 'mango', 'kiwi')
  await expect(tab(app, 'kiwi')).toHaveAttribute('aria-current', 'page')
})

test('others, and those to the right, are closed from the menu; a middle click closes one', async ({ open }) => {
  const app = await open(FILES)
  await openAll(app)
  await tab(app, 'plum').click({ button: 'middle' })
  await order(app, 'kiwi', 'lime', 'mango')
  await tab(app, 'lime').click({ button: 'right' })
  await app.page.getByRole('menuitem', { name: 'Close those to the right' }).click()
  await order(app, 'kiwi', 'lime')
  await app.command('mango.dag.yaml')
  await order(app, 'kiwi', 'lime', 'mango')
  await tab(app, 'lime').focus()
  await app.page.keyboard.press('Shift+F10')
  await app.page.getByRole('menuitem', { name: 'Close others' }).press('Enter')
  await order(app, 'lime')
})

test('closing others asks about what is unsaved, and shows it', async ({ open }) => {
  const app = await open(FILES)
  await openAll(app)
  await tab(app, 'lime').click()
  await app.task('a').click()
  await app.page.keyboard.press('Control+d')
  await expect(app.task('a_2')).toBeVisible()
  await tab(app, 'plum').click()
  await app.command('Close the other tabs')
  const dialog = app.dialog('Save the changes to lime.dag.yaml?')
  await expect(dialog).toBeVisible()
  // Behind the dialog it has no role.
  await expect(app.page.locator('[title="lime.dag.yaml"]')).toHaveAttribute('aria-current', 'page')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.page.locator('[title="lime.dag.yaml"]')).toBeVisible()
  await expect(tab(app, 'kiwi')).toHaveCount(0)
})
