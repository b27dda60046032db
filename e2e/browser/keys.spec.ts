import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
/** a → b → c, and d alone. */
const CHAIN = pipelineOf(
  `  a: { kind: noop, owner: ann }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [b] }
  d: { kind: noop }
`,
).concat(`canvas:
  a: [0, 0]
  b: [400, 0]
  c: [800, 0]
  d: [400, 240]
`)

const heading = (app: App) =>
  app.page.getByRole('tabpanel', { name: 'Task' }).getByRole('heading', { level: 2 }).first()
const zoom = (app: App) => app.button('Show at 100 %').textContent()

test('keys of files open their dialogs, and close the pipeline', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  await expect(app.task('a')).toBeVisible()
  await app.canvas.focus()
  for (const [key, title] of [
    ['Control+Shift+S', 'Save as'],
    ['Control+n', 'New pipeline'],
    ['Control+o', 'Open a workspace or a pipeline'],
    ['Control+e', /Export/],
    ['Control+,', 'Settings'],
    ['?', 'Keys and gestures'],
  ] as const) {
    await app.page.keyboard.press(key)
    await expect(app.dialog(title)).toBeVisible()
    await app.page.keyboard.press('Escape')
    await expect(app.dialog()).toHaveCount(0)
  }
  await app.task('a').click()
  await app.page.keyboard.press('Delete')
  await app.page.keyboard.press('Control+w')
  await expect(app.dialog(`Save the changes to ${FILE}?`)).toBeVisible()
  await app.button('Discard the changes').click()
  await expect(app.tab).toHaveCount(0)
  expect(await app.files.read(FILE)).toBe(CHAIN)
})

test('the list of commands gives the focus back to where it was', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  await app.task('b').click()
  const field = app.page.getByRole('tabpanel', { name: 'Task' }).getByRole('textbox', { name: 'Name', exact: true })
  await field.focus()
  await app.page.keyboard.press('Control+k')
  await expect(app.page.getByPlaceholder('Type a command, a task or a pipeline')).toBeFocused()
  await app.page.keyboard.press('Escape')
  await expect(field).toBeFocused()
})

test('Backspace deletes; undo and redo; select all and nothing', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  const { keyboard } = app.page
  await app.task('b').click()
  await keyboard.press('Backspace')
  await expect(app.task('b')).toHaveCount(0)
  await keyboard.press('Control+z')
  await expect(app.task('b')).toBeVisible()
  await keyboard.press('Control+Shift+Z')
  await expect(app.task('b')).toHaveCount(0)
  await keyboard.press('Control+z')
  await keyboard.press('Control+a')
  await expect(app.page.getByRole('tab', { name: '4 tasks' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(app.page.getByRole('tab', { name: '4 tasks' })).toHaveCount(0)
  await app.save()
  expect(await app.files.read(FILE)).toBe(CHAIN)
})

test('Enter opens a task in the inspector, with the focus in it', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  await app.task('c').click()
  await app.page.keyboard.press('Control+i')
  await expect(heading(app)).toHaveCount(0)
  await app.page.keyboard.press('Enter')
  await expect(heading(app)).toHaveText('c')
  await expect(app.page.locator('[data-part="inspector"] :focus')).toHaveCount(1)
})

test('the view: 100 %, in and out, everything, and panned by Space and by the middle button', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  const { keyboard, mouse } = app.page
  await expect(app.task('a')).toBeVisible()
  await app.canvas.focus()
  await keyboard.press('0')
  await expect.poll(() => zoom(app)).toBe('100 %')
  await keyboard.press('+')
  await expect.poll(() => zoom(app)).toBe('125 %')
  await keyboard.press('-')
  await expect.poll(() => zoom(app)).toBe('100 %')
  await keyboard.press('Shift+1')
  await expect.poll(() => zoom(app)).not.toBe('100 %')
  const place = async () => (await app.task('d').boundingBox())!
  const rest = async () => {
    for (let before = 0, now = 1; before !== now; now = (await place()).x) {
      before = now
      await app.page.waitForTimeout(200)
    }
  }
  await rest()
  const start = await app.middle(app.task('b'))
  const end = { x: start.x + 60, y: start.y + 40 }
  const panned = async (press: () => Promise<void>, release: () => Promise<void>) => {
    const before = await place()
    await mouse.move(start.x, start.y)
    await press()
    await mouse.move(end.x, end.y, { steps: 4 })
    await release()
    await expect.poll(async () => Math.round((await place()).x - before.x)).toBe(60)
    await expect.poll(async () => Math.round((await place()).y - before.y)).toBe(40)
  }
  await panned(
    () => mouse.down({ button: 'middle' }),
    () => mouse.up({ button: 'middle' }),
  )
  await keyboard.press('Shift+1')
  await expect.poll(async () => Math.round((await app.middle(app.task('b'))).x - start.x)).toBe(0)
  await rest()
  await app.canvas.focus()
  await keyboard.down('Space')
  await panned(
    () => mouse.down(),
    () => mouse.up(),
  )
  await keyboard.up('Space')
  await app.save()
  expect(await app.files.read(FILE)).toBe(CHAIN)
})

test('tasks are copied as YAML, and pasted into another pipeline with their links', async ({ open, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const app = await open({
    [FILE]: CHAIN,
    'other.dag.yaml': pipelineOf('  z: { kind: noop }\n').replace('id: flow', 'id: other'),
  })
  await expect(app.task('a')).toBeVisible()
  await app.task('a').click()
  await app.task('b').click({ modifiers: ['Control'] })
  await app.page.keyboard.press('Control+c')
  const text = await app.page.evaluate(() => navigator.clipboard.readText())
  expect(text).toContain('tasks:')
  expect(text).toContain('owner: ann')
  await app.command('other.dag.yaml')
  await expect(app.task('z')).toBeVisible()
  await app.canvas.focus()
  await app.page.keyboard.press('Control+v')
  await expect(app.edge('a', 'b')).toBeAttached()
  await app.save()
  expect(await app.files.read('other.dag.yaml')).toContain('owner: ann')
  expect(await app.files.read(FILE)).toBe(CHAIN)
})

test('a kind is dragged from the palette onto the empty canvas, and lies there', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  const d = await app.middle(app.task('d'))
  const canvas = (await app.canvas.boundingBox())!
  const target = { x: d.x + 260, y: d.y + 10 }
  await app.page.getByRole('button', { name: /^SQL/ }).dragTo(app.canvas, {
    targetPosition: { x: target.x - canvas.x, y: target.y - canvas.y },
  })
  const at = await app.middle(app.task('sql'))
  expect(Math.hypot(at.x - target.x, at.y - target.y)).toBeLessThan(16)
})
