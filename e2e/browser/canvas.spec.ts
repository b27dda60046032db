import type { Page } from '@playwright/test'
import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const COLUMNS = 15
const ROWS = 20
const STEP = { x: 320, y: 112 }

/** 300 tasks in columns, each needing its neighbour on the left: too many and too small for React to draw them. */
function wide(): string {
  const all = Array.from({ length: COLUMNS * ROWS }, (_, index) => [Math.floor(index / ROWS), index % ROWS] as const)
  const tasks = all.map(([column, row]) => {
    const needs = column === 0 ? '' : `, needs: [t${column - 1}_${row}]`
    return `  t${column}_${row}: { kind: noop${needs} }`
  })
  const places = all.map(([column, row]) => `  t${column}_${row}: [${column * STEP.x}, ${row * STEP.y}]`)
  return pipelineOf(`${tasks.join('\n')}\ncanvas:\n${places.join('\n')}\n`)
}

/** Where a point of the canvas is in the window. */
function onScreen(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  return page.evaluate(
    ([left, top]) => {
      const viewport = document.querySelector<HTMLElement>('.react-flow__viewport')!
      const stage = document.querySelector('[data-canvas]')!.getBoundingClientRect()
      const { a, e, f } = new DOMMatrix(viewport.style.transform)
      return { x: stage.x + e + left! * a, y: stage.y + f + top! * a }
    },
    [x, y],
  )
}

/** The middle of a painted card. */
function card(app: App, column: number, row: number) {
  return onScreen(app.page, column * STEP.x + 112, row * STEP.y + 36)
}

/** Half way between a card and its neighbour on the right. */
function link(app: App, column: number, row: number) {
  return onScreen(app.page, column * STEP.x + 272, row * STEP.y + 36)
}

async function openWide(open: (files: Record<string, string>) => Promise<App>): Promise<App> {
  const app = await open({ [FILE]: wide() })
  await drawn(app)
  await expect(app.tasks()).toHaveCount(0)
  return app
}

async function drawn(app: App) {
  await expect(app.page.locator('[data-drawn]')).toHaveAttribute('data-drawn', 'true')
}

const current = (app: App) => app.page.getByRole('status', { name: 'Current task' })

async function lineOf(app: App, task: string): Promise<string> {
  await app.save()
  return (await app.files.read(FILE)).split('\n').find((line) => line.startsWith(`  ${task}:`)) ?? ''
}

test.describe('far away', () => {
  test('a painted card is selected, walked from, and opened by its menu', async ({ open }) => {
    const app = await openWide(open)
    const { mouse } = app.page
    const at = await card(app, 3, 4)
    await mouse.click(at.x, at.y)
    await expect(current(app)).toHaveText('t3_4, No-op, needs 1, needed by 1')
    await app.canvas.press('ArrowRight')
    await expect(current(app)).toHaveText('t4_4, No-op, needs 1, needed by 1')
    const other = await card(app, 9, 10)
    await mouse.click(other.x, other.y)
    await expect(current(app)).toContainText('t9_10')
    await expect(app.page.getByRole('tab', { name: /tasks$/ })).toHaveCount(0)
    await mouse.click(at.x, at.y, { button: 'right' })
    await app.page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await expect(app.canvas).toHaveAccessibleName(/301 tasks/)
  })

  test('a painted edge is selected by a click and taken away, with its menu, too', async ({ open }) => {
    const app = await openWide(open)
    const { mouse, keyboard } = app.page
    const at = await link(app, 0, 2)
    await mouse.click(at.x, at.y)
    await keyboard.press('Delete')
    expect(await lineOf(app, 't1_2')).not.toContain('t0_2')
    const other = await link(app, 5, 7)
    await mouse.click(other.x, other.y, { button: 'right' })
    await app.page.getByRole('menuitem', { name: 'Disconnect' }).click()
    expect(await lineOf(app, 't6_7')).not.toContain('t5_7')
  })

  test('a drag moves a painted card, and what else is selected with it', async ({ open }) => {
    const app = await openWide(open)
    const { mouse, keyboard } = app.page
    const [first, second] = [await card(app, 0, 0), await card(app, 1, 0)]
    await mouse.click(first.x, first.y)
    await keyboard.down('Control')
    await mouse.click(second.x, second.y)
    await keyboard.up('Control')
    await expect(app.page.getByRole('tab', { name: '2 tasks' })).toBeVisible()
    await app.drag(second, { x: second.x, y: second.y + 40 })
    await app.save()
    const text = await app.files.read(FILE)
    const places = [...text.matchAll(/^ {2}(t[01]_0): \[(-?\d+), (-?\d+)\]$/gm)].map(([, id, x, y]) => [
      id,
      Number(x),
      Number(y),
    ])
    const [one, two] = places
    expect(one?.[1]).toBe(0)
    expect(two?.[1]).toBe(STEP.x)
    expect(one?.[2]).toBeGreaterThan(100)
    expect(two?.[2]).toBe(one?.[2])
  })

  test('a link is drawn from a painted card to another', async ({ open }) => {
    const app = await openWide(open)
    const from = await card(app, 2, 0)
    await app.page.mouse.move(from.x, from.y)
    const handle = await app.middle(app.task('t2_0').locator('.source'))
    await app.drag(handle, await card(app, 4, 6))
    await expect.poll(() => lineOf(app, 't4_6')).toContain('needs: [t3_6, t2_0]')
  })

  test('a rectangle selects what it meets, mounted or not', async ({ open }) => {
    const app = await openWide(open)
    // From between the cards under the fourth row, away from the edges, where the view would move along.
    const from = await onScreen(app.page, 5 * STEP.x + 272, 3 * STEP.y + 92)
    const to = await onScreen(app.page, 3 * STEP.x + 112, -200)
    await app.page.keyboard.down('Shift')
    await app.drag(from, to)
    await app.page.keyboard.up('Shift')
    await expect(app.page.getByRole('tab', { name: '12 tasks' })).toBeVisible()
  })

  test('the theme and the state of things are painted anew', async ({ open }) => {
    const app = await openWide(open)
    const { x, y } = await card(app, 7, 7)
    const clip = { x: x - 4, y: y - 2, width: 8, height: 4 }
    const picture = () => app.page.screenshot({ clip })
    await app.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await drawn(app)
    const light = await picture()
    await app.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await expect.poll(async () => (await picture()).equals(light)).toBe(false)
    const dark = await picture()
    await app.lens('Critical path')
    await expect.poll(async () => (await picture()).equals(dark)).toBe(false)
  })
})

test('zoomed in, the painted cards become real ones, and painted ones again far away', async ({ open }) => {
  const app = await openWide(open)
  const at = await card(app, 7, 7)
  await app.page.mouse.click(at.x, at.y)
  await app.page.keyboard.press('Shift+2')
  await expect.poll(() => app.tasks().count()).toBeGreaterThan(2)
  await expect(app.edge('t6_7', 't7_7')).toBeAttached()
  await app.page.keyboard.press('Shift+1')
  await drawn(app)
  // The current one stays: who does not see the canvas is on it.
  await expect(app.tasks()).toHaveCount(1)
})

test.describe('a screen of twice the pixels', () => {
  test.use({ deviceScaleFactor: 2 })
  test('is painted with all of them', async ({ open }) => {
    const app = await openWide(open)
    const ratios = await app.page
      .locator('[data-drawn] canvas')
      .evaluateAll((all) =>
        all
          .filter((one): one is HTMLCanvasElement => one instanceof HTMLCanvasElement && one.width > 1)
          .map((one) => one.width / one.offsetWidth),
      )
    expect(ratios.length).toBeGreaterThan(1)
    for (const ratio of ratios) expect(ratio).toBeCloseTo(2, 1)
  })
})

test('a card looks the same painted and drawn by React', async ({ open, browser }) => {
  const app = await open('sample')
  await app.page.emulateMedia({ reducedMotion: 'reduce' })
  await expect(app.tasks()).toHaveCount(16)
  await drawn(app)
  const box = (await app.task('Enrich flights').boundingBox())!
  const clip = {
    x: Math.floor(box.x) - 2,
    y: Math.floor(box.y) - 2,
    width: Math.ceil(box.width) + 4,
    height: Math.ceil(box.height) + 4,
  }
  const real = await app.page.screenshot({ clip, animations: 'disabled' })
  await app.page.addStyleTag({ content: '.react-flow__nodes { opacity: 0 }' })
  const painted = await app.page.screenshot({ clip, animations: 'disabled' })
  await app.page.addStyleTag({ content: '[data-drawn] { opacity: 0 }' })
  const neither = await app.page.screenshot({ clip, animations: 'disabled' })
  const other = await browser.newPage()
  expect(await difference(other, real, neither)).toBeGreaterThan(0.1)
  // Letters are smoothed differently, and a hair's breadth apart.
  expect(await difference(other, real, painted)).toBeLessThan(0.06)
  await other.close()
})

/** Share of the pixels that clearly differ. */
function difference(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
          context.drawImage(bitmap, 0, 0)
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data
        }),
      )
      let differing = 0
      for (let at = 0; at < a!.length; at += 4) {
        const apart = [0, 1, 2].map((channel) => Math.abs(a![at + channel]! - b![at + channel]!))
        if (Math.max(...apart) > 96) differing++
      }
      return differing / (a!.length / 4)
    },
    [one.toString('base64'), other.toString('base64')],
  )
}
