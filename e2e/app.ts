import { expect, type Locator, type Page } from '@playwright/test'
import type { Workspace } from './workspace.ts'

/** A pipeline file of one or more tasks, given as the lines below `tasks:`. */
export function pipelineOf(tasks: string, head = ''): string {
  return `dagwright: 1\nid: flow\nname: Flow\n${head}tasks:\n${tasks}`
}

export type BottomTab =
  | 'Timeline'
  | 'Critical path'
  | 'What-if'
  | 'History'
  | 'Tasks'
  | 'Changes'
  | 'Logs'
  | 'YAML'
  | 'Data'
  | 'Problems'

/** The opened app: where things are, and what a person does again and again. */
export class App {
  readonly page: Page
  readonly files: Workspace
  readonly canvas: Locator
  readonly status: Locator
  /** The tab of the pipeline that is shown. */
  readonly tab: Locator

  constructor(page: Page, files: Workspace) {
    this.page = page
    this.files = files
    this.canvas = page.getByRole('application', { name: /^Canvas of/ })
    this.status = page.getByRole('contentinfo')
    this.tab = page.getByRole('navigation', { name: 'Open pipelines' }).locator('[aria-current]')
  }

  /** A task's card, by its name. */
  task(name: string): Locator {
    return this.canvas.getByRole('group', { name: `Task ${name}`, exact: true })
  }

  tasks(): Locator {
    return this.canvas.getByRole('group', { name: /^Task / })
  }

  /** A dependency, by the ids of its ends. */
  edge(from: string, to: string): Locator {
    return this.canvas.getByRole('img', { name: `Edge from ${from} to ${to}`, exact: true })
  }

  notices(): Locator {
    return this.page.getByRole('region', { name: /^Notifications/ }).getByRole('listitem')
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  dialog(name?: string | RegExp): Locator {
    return this.page.getByRole('dialog', name === undefined ? {} : { name })
  }

  /** Opens a tab of the bottom panel and returns its content. */
  async panel(name: BottomTab): Promise<Locator> {
    const tab = this.page.getByRole('tablist', { name: 'Bottom panel' }).getByRole('tab', { name })
    if (!(await tab.isVisible())) await this.page.keyboard.press('Control+j')
    await tab.click()
    return this.page.getByRole('tabpanel', { name })
  }

  async side(name: 'Palette' | 'Outline' | 'Runs' | 'Search'): Promise<void> {
    const button = this.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name, exact: true })
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click()
  }

  async lens(name: 'Design' | 'State' | 'Critical path' | 'Heat' | 'Diff'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Lens' }).getByRole('radio', { name }).click()
  }

  /** By the palette of commands. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('Control+k')
    await this.page.getByPlaceholder('Type a command, a task or a pipeline').fill(title)
    await this.page.getByRole('option', { name: title }).first().click()
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s')
    await expect(this.page.getByRole('img', { name: 'Unsaved changes' })).toHaveCount(0)
  }

  /** Presses Run, and says yes to what is asked the first time. */
  async run(): Promise<void> {
    await this.button('Run').click()
    await this.trust()
  }

  async trust(): Promise<void> {
    await this.button('Trust this folder and run').click()
  }

  /** Waits until the run that is shown has ended so. */
  async ends(state: 'Success' | 'Failed' | 'Cancelled' | 'Partial', timeout = 60_000): Promise<void> {
    await expect(this.status.getByRole('button', { name: new RegExp(`^${state}`) })).toBeVisible({ timeout })
  }

  /** Middle of a card or of anything else on the page. */
  async middle(of: Locator): Promise<{ x: number; y: number }> {
    const box = await of.boundingBox()
    if (!box) throw new Error('It is not on the page.')
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  /** Presses at one place, moves in steps, lets go at the other: a drag as React Flow sees it. */
  async drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    await this.hold(from, to)
    await this.page.mouse.up()
  }

  /** A drag that has not let go yet. */
  async hold(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const { mouse } = this.page
    await mouse.move(from.x, from.y)
    await mouse.down()
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
    await mouse.move(to.x, to.y, { steps: 4 })
  }

  /** Drags a link out of a card's right handle. */
  async link(from: string, to: { x: number; y: number }): Promise<void> {
    const card = this.task(from)
    await card.hover()
    await this.drag(await this.middle(card.locator('.source')), to)
  }
}
