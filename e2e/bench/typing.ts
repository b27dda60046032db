import type { Browser } from '@playwright/test'
import { App } from '../app.ts'
import { startHost } from '../browser/host.ts'
import { makeWorkspace } from '../workspace.ts'
import { middleWait, type Wait, waited, watchCosts } from './frames.ts'

const KEYS = 14
/** Longer than what is worked out after an edit waits for a pause. */
const PAUSE_MS = 400

/** By where the typed task is on the canvas: near, where React draws its card; far, where the whole graph is in view. */
export interface Typing {
  readonly near: Wait
  readonly far: Wait
}

/**
 * Typing in the YAML view of the whole app, as it was built last: from the time stamp of a key pressed in the name of
 * task `t7` to the end of the frame in which canvas and card show that name.
 */
export async function typing(browser: Browser, text: string): Promise<Typing> {
  const named = text.replace('t7: { kind: noop', 't7: { kind: noop, name: seven')
  const workspace = await makeWorkspace({ 'bench.dag.yaml': named })
  const host = await startHost(workspace)
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, reducedMotion: 'reduce' })
  page.setDefaultTimeout(60_000)
  try {
    await page.goto(host.url)
    const app = new App(page, workspace)
    await app.tab.waitFor()
    const panel = await app.panel('YAML')
    await panel.locator('.view-line').first().waitFor()
    await app.command('seven')
    const devtools = await watchCosts(page)
    const measured = async () => {
      await panel.getByText('seven').first().click()
      await page.keyboard.press('Control+f')
      const find = panel.getByRole('textbox', { name: 'Find' })
      await find.fill('seven')
      await find.press('Enter')
      await find.press('Escape')
      await find.waitFor({ state: 'hidden' })
      await page.keyboard.press('ArrowRight')
      const waits: Wait[] = []
      for (let key = 0; key < KEYS; key++) {
        await page.waitForTimeout(PAUSE_MS)
        await page.evaluate(listen)
        waits.push(
          await waited(devtools, async () => {
            // In turn, for of a long name the card shows less.
            await page.keyboard.press(key % 2 === 0 ? 'x' : 'Backspace')
            return page.evaluate(() => window.nextPicture!)
          }),
        )
      }
      return middleWait(waits)
    }
    const near = await measured()
    await app.button('Zoom to fit').click()
    return { near, far: await measured() }
  } finally {
    await page.close()
    await host.stop()
    await workspace.discard()
  }
}

declare global {
  interface Window {
    /** Milliseconds, see `listen`. */
    nextPicture?: Promise<number>
  }
}

/** In the page: `nextPicture` becomes what passes from the next key stroke to the end of the frame that shows it. */
function listen(): void {
  const canvas = document.querySelector('[data-canvas]')!
  const painted = canvas.querySelector<HTMLElement>('[data-drawn]')!
  const name = () => canvas.querySelector('[data-id="t7"]')?.textContent
  const before = name()
  let repainted = false
  window.nextPicture = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The canvas does not show what was typed.')), 20_000)
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const observer = new MutationObserver(() => {
          repainted ||= painted.dataset.drawn === 'false'
          if (!repainted || painted.dataset.drawn === 'false' || name() === before) return
          observer.disconnect()
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - timeStamp)))
        })
        observer.observe(canvas, {
          subtree: true,
          childList: true,
          characterData: true,
          attributes: true,
          attributeFilter: ['data-drawn'],
        })
      },
      { once: true, capture: true },
    )
  })
}
