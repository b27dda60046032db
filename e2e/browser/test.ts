import { test as base, expect } from '@playwright/test'
import { App } from '../app.ts'
import { type Contents, makeWorkspace } from '../workspace.ts'
import { startHost } from './host.ts'

export { expect } from '@playwright/test'

/** Opens workspaces in the app as a person has it in a browser; a page that complains fails its test. */
export const test = base.extend<{ open: (contents: Contents) => Promise<App> }>({
  open: async ({ page }, use, info) => {
    const ends: (() => Promise<void>)[] = []
    const faults: string[] = []
    let complaints = ''
    page.on('pageerror', (error) => faults.push(error.stack ?? error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`)
    })
    await use(async (contents) => {
      const workspace = await makeWorkspace(contents)
      const host = await startHost(workspace)
      ends.push(async () => {
        await host.stop()
        complaints += host.complaints()
        await workspace.discard()
      })
      await page.goto(host.url)
      const app = new App(page, workspace)
      // Keys count once the workspace is there, and its pipeline where it has one.
      await expect(app.status).toBeVisible()
      if (typeof contents === 'string' || Object.keys(contents).length === 1) await expect(app.tab).toBeVisible()
      return app
    })
    // Away from the host before it stops: a lost connection is no fault here.
    await page.goto('about:blank')
    for (const end of ends) await end()
    if (info.status !== info.expectedStatus) await info.attach('host', { body: complaints })
    expect(faults, 'errors in the page').toEqual([])
  },
})
