import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
/** a → b → c, and d alone. */
const CHAIN = pipelineOf(
  `  a: { kind: noop }
  b: { kind: noop, needs: [a] }
  c: { kind: noop, needs: [b] }
  d: { kind: noop }
`,
  '',
).concat(`canvas:
  a: [0, 0]
  b: [400, 0]
  c: [800, 0]
  d: [400, 240]
`)

async function needsIn(app: App, task: string): Promise<string> {
  await app.save()
  const line = (await app.files.read(FILE)).split('\n').find((other) => other.startsWith(`  ${task}:`))
  return /needs: \[([^\]]*)\]/.exec(line ?? '')?.[1] ?? ''
}

test.describe('adding', () => {
  test('Tab on the canvas opens the palette and adds a task', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.canvas.focus()
    await app.page.keyboard.press('Tab')
    await app.page.getByPlaceholder('Add a task').fill('pyth')
    await app.page.keyboard.press('Enter')
    await expect(app.task('python')).toBeVisible()
    await expect(app.canvas).toBeFocused()
  })

  test('a double click on the empty canvas adds a task there', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await expect(app.task('a')).toBeVisible()
    const canvas = (await app.canvas.boundingBox())!
    const point = { x: canvas.x + 200, y: canvas.y + 60 }
    await app.page.mouse.dblclick(point.x, point.y)
    await app.page.getByRole('option', { name: /^Shell/ }).click()
    await expect(app.task('shell')).toBeVisible()
  })

  test('a link dropped on the empty canvas adds a task that is linked', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    const c = await app.middle(app.task('c'))
    await app.link('c', { x: c.x - 40, y: c.y + 120 })
    await expect(app.page.getByPlaceholder('Add a task after c')).toBeFocused()
    await app.page.getByRole('option', { name: /^Check/ }).click()
    await expect(app.edge('c', 'check')).toBeAttached()
  })

  test('a kind dropped on a link is inserted there', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    const [a, b] = [await app.middle(app.task('a')), await app.middle(app.task('b'))]
    const canvas = (await app.canvas.boundingBox())!
    await app.page.getByRole('button', { name: /^SQL/ }).dragTo(app.canvas, {
      targetPosition: { x: (a.x + b.x) / 2 - canvas.x, y: a.y - canvas.y },
    })
    await expect(app.edge('a', 'sql')).toBeAttached()
    await expect(app.edge('sql', 'b')).toBeAttached()
    await expect(app.edge('a', 'b')).toHaveCount(0)
  })

  test('an unlinked task dropped on a link is inserted there', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    const [b, c] = [await app.middle(app.task('b')), await app.middle(app.task('c'))]
    await app.drag(await app.middle(app.task('d')), { x: (b.x + c.x) / 2, y: b.y })
    await expect(app.edge('b', 'd')).toBeAttached()
    await expect(app.edge('d', 'c')).toBeAttached()
    await expect(app.edge('b', 'c')).toHaveCount(0)
  })

  test('notes are added, written and deleted', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await expect(app.task('a')).toBeVisible()
    await app.canvas.focus()
    await app.command('Add a note')
    await expect(app.canvas.getByRole('textbox', { name: 'Text of the note, in Markdown' })).toBeFocused()
    await app.canvas.getByRole('textbox', { name: 'Text of the note, in Markdown' }).fill('**Mind** the gap')
    await app.page.keyboard.press('Control+Enter')
    const note = app.canvas.getByRole('note')
    await expect(note.locator('strong')).toHaveText('Mind')
    await note.click()
    await app.page.keyboard.press('Control+Shift+ArrowRight')
    await app.save()
    expect(await app.files.read(FILE)).toContain('size: [248, 120]')
    await note.click()
    await app.page.keyboard.press('Delete')
    await expect(note).toHaveCount(0)
  })
})

test.describe('linking', () => {
  test('a link that would close a cycle is refused and the cycle shown', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    const a = await app.middle(app.task('a'))
    await app.task('c').hover()
    await app.hold(await app.middle(app.task('c').locator('.source')), a)
    await expect(app.canvas.getByText('This link would close a cycle: c → a → b → c')).toBeVisible()
    await app.page.mouse.up()
    await expect(app.notices()).toContainText('This link would close a cycle: c → a → b → cA pipeline')
    await expect(app.edge('c', 'a')).toHaveCount(0)
    await expect(app.button('Nothing to undo')).toBeDisabled()
  })

  test('a link is drawn from card to card and disconnected again', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.link('a', await app.middle(app.task('d')))
    await expect(app.edge('a', 'd')).toBeAttached()
    expect(await needsIn(app, 'd')).toBe('a')
    await app.edge('a', 'd').click({ force: true })
    await app.page.keyboard.press('Delete')
    await expect(app.edge('a', 'd')).toHaveCount(0)
    await app.save()
    expect(await app.files.read(FILE)).toBe(CHAIN)
  })
})

test.describe('deleting', () => {
  test('Delete takes the task and its links', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('b').click()
    await app.page.keyboard.press('Delete')
    await expect(app.task('b')).toHaveCount(0)
    await expect(app.edge('a', 'c')).toHaveCount(0)
    expect(await needsIn(app, 'c')).toBe('')
    await app.page.keyboard.press('Control+z')
    await app.save()
    expect(await app.files.read(FILE)).toBe(CHAIN)
  })

  test('Shift+Delete joins the neighbours', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('b').click()
    await app.page.keyboard.press('Shift+Delete')
    await expect(app.edge('a', 'c')).toBeAttached()
    expect(await needsIn(app, 'c')).toBe('a')
  })
})

test.describe('several at once', () => {
  test('copy and paste keep the links among the copies', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('a').click()
    await app.task('b').click({ modifiers: ['Control'] })
    await expect(app.page.getByRole('tab', { name: '2 tasks' })).toBeVisible()
    await app.page.keyboard.press('Control+c')
    await app.page.keyboard.press('Control+v')
    await expect(app.tasks()).toHaveCount(6)
    await expect(app.edge('a_2', 'b_2')).toBeAttached()
    await app.page.keyboard.press('Control+z')
    await expect(app.tasks()).toHaveCount(4)
  })

  test('Ctrl+X cuts', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('d').click()
    await app.page.keyboard.press('Control+x')
    await expect(app.task('d')).toHaveCount(0)
    await app.page.keyboard.press('Control+v')
    await expect(app.task('d')).toBeVisible()
  })

  test('Ctrl+D duplicates with the incoming link', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('b').click()
    await app.page.keyboard.press('Control+d')
    await expect(app.edge('a', 'b_2')).toBeAttached()
  })

  test('a rectangle drawn with Shift selects what it touches; Delete takes it all', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    const a = (await app.task('a').boundingBox())!
    const b = (await app.task('b').boundingBox())!
    await app.page.keyboard.down('Shift')
    await app.drag({ x: a.x - 8, y: a.y - 20 }, { x: b.x + b.width / 2, y: b.y + b.height / 2 })
    await app.page.keyboard.up('Shift')
    await expect(app.page.getByRole('tab', { name: '2 tasks' })).toBeVisible()
    await app.canvas.press('Delete')
    await expect(app.tasks()).toHaveCount(2)
  })

  test('Ctrl+G groups, the group collapses to a card, Ctrl+Shift+G takes it apart', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.canvas.press('Control+a')
    await app.page.keyboard.press('Control+g')
    await expect(app.canvas.getByRole('region', { name: 'Group New group' })).toBeVisible()
    await app.button('Collapse New group').click()
    await expect(app.canvas.getByRole('region', { name: 'Group New group, collapsed' })).toBeVisible()
    await expect(app.tasks()).toHaveCount(0)
    await app.button('Expand New group').click()
    await expect(app.tasks()).toHaveCount(4)
    await app.canvas.press('Control+Shift+G')
    await expect(app.canvas.getByRole('region', { name: 'Group New group' })).toHaveCount(0)
    await app.save()
    expect(await app.files.read(FILE)).toBe(CHAIN)
  })
})

test.describe('lining up', () => {
  const LOOSE = CHAIN.replace('b: [400, 0]', 'b: [400, 33]').replace('c: [800, 0]', 'c: [872, 90]')
  const place = async (app: App, task: string) => {
    await app.save()
    const written = new RegExp(`^  ${task}: \\[(-?\\d+), (-?\\d+)\\]`, 'm').exec(await app.files.read(FILE))
    return written?.slice(1).map(Number)
  }

  test('Shift+click adds to the selection, and the selection is aligned and distributed', async ({ open }) => {
    const app = await open({ [FILE]: LOOSE })
    await app.task('a').click()
    await app.task('b').click({ modifiers: ['Shift'] })
    await app.task('c').click({ modifiers: ['Shift'] })
    await expect(app.page.getByRole('tab', { name: '3 tasks' })).toBeVisible()
    await app.command('Align top edges')
    expect([await place(app, 'a'), await place(app, 'b'), await place(app, 'c')]).toEqual([
      [0, 0],
      [400, 0],
      [872, 0],
    ])
    await app.command('Distribute horizontally')
    expect(await place(app, 'b')).toEqual([436, 0])
    await app.page.keyboard.press('Control+z')
    await app.page.keyboard.press('Control+z')
    await app.save()
    expect(await app.files.read(FILE)).toBe(LOOSE)
    await app.task('b').click()
    await expect(app.page.getByRole('heading', { name: 'b', exact: true, level: 2 })).toBeVisible()
  })

  test('a dragged card snaps to the edges of its neighbours', async ({ open }) => {
    const app = await open({ [FILE]: LOOSE })
    const [a, b] = [await app.middle(app.task('a')), await app.middle(app.task('b'))]
    await app.drag(b, { x: b.x + 16, y: a.y + 2 })
    expect((await place(app, 'b'))?.[1]).toBe(0)
  })
})

test.describe('replacing', () => {
  test('a task becomes another kind and keeps its links; another task takes its place', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('b').click()
    await app.command('Replace the task with…')
    await app.page.getByPlaceholder('Replace b with').fill('python')
    await app.page.keyboard.press('Enter')
    await app.save()
    expect(await app.files.read(FILE)).toMatch(/b: \{ kind: python, needs: \[a\]/)
    await app.command('Replace the task with…')
    await app.page.getByRole('option', { name: 'd', exact: true }).click()
    await expect(app.task('b')).toHaveCount(0)
    await expect(app.edge('a', 'd')).toBeAttached()
    await expect(app.edge('d', 'c')).toBeAttached()
  })
})

test.describe('files', () => {
  test('a pipeline file dropped on the window opens as a new file', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await expect(app.task('a')).toBeVisible()
    const data = await app.page.evaluateHandle(
      (text) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([text], 'flow.dag.yaml'))
        return transfer
      },
      CHAIN.replace('name: Flow', 'name: Dropped'),
    )
    await app.canvas.dispatchEvent('drop', { dataTransfer: data })
    await expect(app.tab).toContainText('Dropped')
    await app.save()
    expect(await app.files.read('flow_2.dag.yaml')).toContain('name: Dropped')
    expect(await app.files.read(FILE)).toBe(CHAIN)
  })
})

test.describe('keys', () => {
  test('arrows walk the graph', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    const heading = app.page.getByRole('tabpanel', { name: 'Task' }).getByRole('heading', { level: 2 })
    await app.task('a').click()
    await expect(heading).toHaveText('a')
    await app.page.keyboard.press('ArrowRight')
    await expect(heading).toHaveText('b')
    await app.page.keyboard.press('ArrowRight')
    await expect(heading).toHaveText('c')
    await app.page.keyboard.press('ArrowLeft')
    await app.page.keyboard.press('ArrowDown')
    await expect(heading).toHaveText('d')
  })

  test('Shift+arrows move, as one step of undo', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('d').click()
    for (let step = 0; step < 3; step++) await app.page.keyboard.press('Shift+ArrowDown')
    await app.save()
    expect(await app.files.read(FILE)).toBe(CHAIN.replace('d: [400, 240]', 'd: [400, 264]'))
    await app.page.keyboard.press('Control+z')
    await expect(app.button('Nothing to undo')).toBeDisabled()
  })

  test('F2 renames and everything that refers to the task follows', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await app.task('a').click()
    await app.page.keyboard.press('F2')
    await app.page.getByRole('textbox', { name: 'New name of a' }).fill('start')
    await app.page.keyboard.press('Enter')
    await expect(app.edge('start', 'b')).toBeAttached()
    expect(await needsIn(app, 'b')).toBe('start')
  })

  test('Ctrl+K finds commands, tasks and runs them, from within the editor too', async ({ open }) => {
    const app = await open({ [FILE]: CHAIN })
    await expect(app.task('a')).toBeVisible()
    await app.command('Keys and gestures')
    await expect(app.dialog('Keys and gestures')).toContainText('Drop a link on the empty canvas')
    await app.page.keyboard.press('Escape')
    const yaml = await app.panel('YAML')
    await yaml.getByRole('textbox').focus()
    await app.page.keyboard.press('Control+k')
    await app.page.getByPlaceholder('Type a command, a task or a pipeline').fill('go to c')
    await app.page.keyboard.press('Enter')
    await expect(app.page.getByRole('heading', { name: 'c', exact: true, level: 2 })).toBeVisible()
  })

  test('Ctrl+F finds tasks by name, kind and code', async ({ open }) => {
    const app = await open({
      [FILE]: pipelineOf('  one: { kind: shell, run: "echo needle" }\n  two: { kind: noop, needs: [one] }\n'),
    })
    await app.task('two').click()
    await app.page.keyboard.press('Control+f')
    const field = app.page.getByRole('searchbox', { name: 'Find tasks' })
    await expect(field).toBeFocused()
    await field.fill('needle')
    await expect(app.page.getByRole('status').getByText('1 task')).toBeVisible()
    await field.press('Enter')
    await expect(app.page.getByRole('heading', { name: 'one', exact: true, level: 2 })).toBeVisible()
    await field.fill('kind:noop')
    await app.page.getByRole('tabpanel', { name: 'Search' }).getByRole('button', { name: /two/ }).click()
    await expect(app.page.getByRole('heading', { name: 'two', level: 2 })).toBeVisible()
  })
})

test('the layout is animated to its end and undone in one step', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  const d = app.task('d')
  const before = (await d.boundingBox())!
  await app.canvas.press('Control+l')
  await expect(app.button('Undo: Lay out')).toBeEnabled()
  await app.save()
  expect(await app.files.read(FILE)).not.toBe(CHAIN)
  await app.page.keyboard.press('Control+z')
  await expect.poll(async () => Math.round((await d.boundingBox())!.y - before.y)).toBe(0)
  await app.save()
  expect(await app.files.read(FILE)).toBe(CHAIN)
})

test('dragging a card writes its place and nothing else', async ({ open }) => {
  const app = await open({ [FILE]: CHAIN })
  const from = await app.middle(app.task('d'))
  await app.drag(from, { x: from.x + 64, y: from.y + 64 })
  await app.save()
  const saved = await app.files.read(FILE)
  expect(saved.replace(/ {2}d: \[\d+, \d+\]\n/, '')).toBe(CHAIN.replace(/ {2}d: \[\d+, \d+\]\n/, ''))
  expect(saved).not.toBe(CHAIN)
})

test('a new pipeline begins empty and is drawn from nothing', async ({ open }) => {
  const app = await open({})
  await app.button('New pipeline').click()
  await app.page.getByLabel('Name').fill('Monthly sales')
  await app.button('Create').click()
  await expect(app.page.getByText('This pipeline has no tasks yet.')).toBeVisible()
  await app.button('Add a task').click()
  await app.page.getByRole('option', { name: /^Shell/ }).click()
  await expect(app.task('shell')).toBeVisible()
  await app.save()
  expect(await app.files.read('monthly_sales.dag.yaml')).toContain('  shell:\n    kind: shell')
})
