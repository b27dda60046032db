import type { Locator } from '@playwright/test'
import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

/** Eight rows of six: the height of the canvas decides how large they are, and they reach to both its corners. */
const TALL = pipelineOf(
  Array.from({ length: 48 }, (_, number) => {
    const needs = number < 8 ? '' : `, needs: [t${number - 8}]`
    return `  t${number}: { kind: noop, estimate: 1m${needs} }\n`
  }).join(''),
)

async function overlap(a: Locator, b: Locator): Promise<boolean> {
  const [first, second] = [(await a.boundingBox())!, (await b.boundingBox())!]
  const apart =
    first.x + first.width <= second.x ||
    second.x + second.width <= first.x ||
    first.y + first.height <= second.y ||
    second.y + second.height <= first.y
  return !apart
}

for (const width of [1280, 1440, 1920]) {
  test(`at ${width} pixels nothing that floats over the canvas covers a task`, async ({ open, page }) => {
    await page.setViewportSize({ width, height: 800 })
    const app = await open({ 'flow.dag.yaml': TALL })
    await app.lens('Critical path')
    await app.lens('Heat')
    await page.keyboard.press('Control+j')
    await app.canvas.focus()
    await page.keyboard.press('Shift+1')
    const legend = page.getByRole('complementary', { name: 'Legend of the heat lens' })
    const tools = page.getByRole('button', { name: 'Zoom to fit' })
    await expect(app.tasks()).toHaveCount(48)
    for (const card of await app.tasks().all()) {
      const name = await card.getAttribute('aria-label')
      expect(await overlap(card, legend), `${name} and the legend`).toBe(false)
      expect(await overlap(card, tools), `${name} and the tools`).toBe(false)
    }
  })
}
