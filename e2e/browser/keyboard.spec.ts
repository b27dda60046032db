import type { Locator } from '@playwright/test'
import type { App } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'

/** Goes on with Tab until it has the focus. */
async function tabTo(app: App, target: Locator) {
  for (let press = 0; press < 60; press++) {
    if (await target.evaluate((element) => element.contains(document.activeElement))) return
    await app.page.keyboard.press('Tab')
  }
  throw new Error('Tab does not get there.')
}

/** Nothing in here touches a pointer. */
test('a pipeline of five tasks is built, run and exported without a pointer', async ({ open }) => {
  test.setTimeout(180_000)
  const app = await open({ [FILE]: 'dagwright: 1\nid: flow\nname: Flow\ntasks: {}\n' })
  const { keyboard } = app.page
  const command = async (title: string) => {
    await keyboard.press('Control+k')
    await expect(app.page.getByPlaceholder('Type a command, a task or a pipeline')).toBeFocused()
    await keyboard.type(title)
    await keyboard.press('Enter')
  }
  const choose = async (placeholder: string | RegExp, text: string) => {
    await expect(app.page.getByPlaceholder(placeholder)).toBeFocused()
    await keyboard.type(text)
    await keyboard.press('Enter')
  }

  await test.step('tasks are added on the canvas, each behind the last', async () => {
    await command('add a task')
    await choose('Add a task', 'shell')
    await expect(app.canvas).toBeFocused()
    await keyboard.press('F2')
    await expect(app.page.getByRole('textbox', { name: 'New name of shell' })).toBeFocused()
    await keyboard.type('fetch')
    await keyboard.press('Enter')
    await expect(app.canvas).toBeFocused()
    await keyboard.press('a')
    await choose('Add a task after fetch', 'shell')
    await expect(app.edge('fetch', 'shell')).toBeAttached()
    await keyboard.press('a')
    await choose('Add a task after shell', 'no-op')
    await expect(app.edge('shell', 'noop')).toBeAttached()
  })

  await test.step('tasks are added, linked and grouped in the outline', async () => {
    await command('show outline')
    const outline = app.page.getByRole('treegrid')
    await expect(outline.getByRole('row')).toHaveCount(4)
    const inOutline = () => expect(outline.locator(':focus')).toHaveCount(1)
    await inOutline()
    await keyboard.press('Home')
    await keyboard.press('a')
    await choose('Add a task after fetch', 'python')
    await expect(app.edge('fetch', 'python')).toBeAttached()
    await inOutline()
    await keyboard.press('End')
    await keyboard.press('a')
    await choose('Add a task after python', 'no-op')
    await expect(app.edge('python', 'noop_2')).toBeAttached()
    await inOutline()
    await keyboard.press('Home')
    await keyboard.press('ArrowDown')
    await keyboard.press('l')
    await choose('Find a task', 'noop_2 to')
    await expect(app.edge('shell', 'noop_2')).toBeAttached()
    await inOutline()
    await keyboard.press('u')
    await choose('Find a link', 'noop to')
    await expect(app.edge('shell', 'noop')).toHaveCount(0)
    await inOutline()
    await keyboard.press('Shift+ArrowDown')
    await keyboard.press('g')
    await choose('Find a group', 'a new group')
    await expect(outline.getByRole('row', { name: /^New group 2/ })).toBeVisible()
  })

  await test.step('it is saved and run', async () => {
    await keyboard.press('Control+s')
    await expect(app.page.getByRole('img', { name: 'Unsaved changes' })).toHaveCount(0)
    await keyboard.press('Control+Enter')
    const trust = app.button('Trust this folder and run')
    await expect(trust).toBeVisible()
    await tabTo(app, trust)
    await keyboard.press('Enter')
    await app.ends('Success')
  })

  await test.step('it is exported', async () => {
    await keyboard.press('Control+e')
    const dialog = app.dialog(/Export/)
    await expect(dialog).toBeVisible()
    const keep = dialog.getByRole('button', { name: 'Download', exact: true })
    await expect(keep).toBeEnabled()
    await tabTo(app, keep)
    const download = app.page.waitForEvent('download')
    await keyboard.press('Enter')
    expect((await download).suggestedFilename()).toMatch(/\.(py|mmd|json|svg|png|yaml)$/)
  })
})
