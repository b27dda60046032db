import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'

/** Two chains that join, written so that no task stands where a layout puts it. */
const SMALL = pipelineOf(
  [
    '  a: { kind: noop }',
    '  b: { kind: noop, needs: [a] }',
    '  c: { kind: noop, needs: [b] }',
    '  d: { kind: noop, needs: [a, c] }',
    'canvas:',
    '  a: [600, 400]',
    '  b: [0, 0]',
    '  c: [600, 0]',
    '  d: [0, 400]',
    '',
  ].join('\n'),
)

/** More tasks than are laid out while a person's patience lasts. */
function large(size: number): string {
  const tasks = Array.from({ length: size }, (_, task) => {
    const needs = task < 20 ? [] : [...new Set([task - 20, task - 7 - ((task * 31) % 13)])]
    return `  t${task}: { kind: noop, needs: [${needs.map((other) => `t${other}`)}] }`
  })
  return pipelineOf(`${tasks.join('\n')}\n`)
}

type Places = ReadonlyMap<string, readonly [x: number, y: number]>

async function places(app: App): Promise<Places> {
  await app.save()
  const text = await app.files.read(FILE)
  return new Map([...text.matchAll(/^ {2}(\w+): \[(-?\d+), (-?\d+)\]/gm)].map(([, id, x, y]) => [id!, [+x!, +y!]]))
}

/** Places after an edit that is on its way: a file saved before it comes would be without it. */
async function placesAfter(app: App, patience = 15_000): Promise<Places> {
  await expect(app.page.getByRole('img', { name: 'Unsaved changes' })).toBeVisible({ timeout: patience })
  return places(app)
}

test('lays out all tasks to the right and downwards, and takes each back', async ({ open }) => {
  const app = await open({ [FILE]: SMALL })
  const before = await places(app)
  await app.canvas.click({ position: { x: 5, y: 5 } })
  await app.command('Lay out all tasks')
  const right = await placesAfter(app)
  expect(right.get('b')![0]).toBeGreaterThan(right.get('a')![0])
  expect(right.get('d')![0]).toBeGreaterThan(right.get('c')![0])
  await app.command('Undo')
  expect(await placesAfter(app)).toEqual(before)

  await app.page.keyboard.press('Control+,')
  await app.dialog().getByRole('combobox', { name: 'Layout runs' }).click()
  await app.page.getByRole('option', { name: 'Top to bottom' }).click()
  await app.page.keyboard.press('Escape')
  await app.command('Lay out all tasks')
  const down = await placesAfter(app)
  expect(down.get('b')![1]).toBeGreaterThan(down.get('a')![1])
  expect(down.get('d')![1]).toBeGreaterThan(down.get('c')![1])
})

test('lays out the selection and leaves the others where they are', async ({ open }) => {
  const app = await open({ [FILE]: SMALL })
  const before = await places(app)
  await app.task('b').click()
  await app.task('c').click({ modifiers: ['Shift'] })
  await app.page.keyboard.press('Control+Shift+l')
  const after = await placesAfter(app)
  expect([after.get('a'), after.get('d')]).toEqual([before.get('a'), before.get('d')])
  expect(after.get('c')![0]).toBeGreaterThan(after.get('b')![0])
})

test('lays out with dagre where a person chooses it, and says where it cannot', async ({ open }) => {
  const app = await open({ [FILE]: SMALL })
  await app.command('Lay out all tasks')
  const own = await placesAfter(app)
  await app.command('Layout engine: dagre')
  await app.command('Lay out all tasks')
  const dagre = await placesAfter(app)
  expect(dagre).not.toEqual(own)
  expect(dagre.get('d')![0]).toBeGreaterThan(dagre.get('c')![0])
})

test('dagre is told to be for fewer tasks, and Dagwright lays them out', async ({ open }) => {
  const app = await open({ [FILE]: large(700) })
  await app.command('Layout engine: dagre')
  await app.command('Lay out all tasks')
  await expect(app.notices()).toContainText('dagre lays out up to 600 tasks; here are 700.')
  expect((await placesAfter(app)).size).toBe(700)
})

test('shows how far a long layout is, and ends it when asked', async ({ open }) => {
  test.slow()
  const app = await open({ [FILE]: large(20_000) })
  const progress = app.page.locator('[data-layout-progress]')
  await progress.waitFor()
  await expect(progress).toContainText('Laying out 20,000 tasks')
  await expect(progress.getByRole('progressbar')).toBeVisible()
  await progress.getByRole('button', { name: 'Cancel' }).click()
  await expect(progress).toHaveCount(0)
  // In plain rows, so that there is something to work with; nothing of it is written.
  await expect(app.page.locator('[data-drawn]')).toHaveAttribute('data-drawn', 'true')
  expect((await places(app)).size).toBe(0)
  await app.command('Lay out all tasks')
  expect((await placesAfter(app, 60_000)).size).toBe(20_000)
})
