import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'

const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--window-size=1440,900',
  '--remote-debugging-port=0',
]

/**
 * A browser with one page that nobody listens to unless asked. A driver that stays hears of every message on a socket and
 * follows every call that waits; that takes about as much of the machine as what the page does itself.
 */
export class LoneBrowser {
  readonly #child: ChildProcess
  readonly #address: string
  readonly #profile: string

  private constructor(child: ChildProcess, address: string, profile: string) {
    this.#child = child
    this.#address = address
    this.#profile = profile
  }

  static async start(executablePath: string): Promise<LoneBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'dagwright-browser-'))
    const child = spawn(executablePath, [...ARGUMENTS, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a session of its own, as a person's browser is: Linux shares the processors among sessions.
      detached: true,
    })
    const address = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.on('exit', (code) => reject(new Error(`The browser ended with ${code}:\n${said}`)))
    })
    return new LoneBrowser(child, address, profile)
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** A driver that lets go of the page afterwards. */
  async drive<T>(task: (page: Page) => Promise<T>): Promise<T> {
    const browser = await chromium.connectOverCDP(this.#address)
    try {
      return await task(browser.contexts()[0]!.pages()[0]!)
    } finally {
      await browser.close()
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill()
    await ended
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
