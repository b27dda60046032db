import type { CDPSession, Page } from '@playwright/test'

/** CPU milliseconds of a page's main thread: its script, and all its work. */
export interface Step {
  readonly script: number
  readonly work: number
}

/** What a person waits for: on the wall, and script and all work of the main thread meanwhile. */
export interface Wait extends Step {
  readonly wall: number
}

/** Opens what `costs` reads. */
export async function watchCosts(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return devtools
}

/** Since `watchCosts`. */
export async function costs(devtools: CDPSession): Promise<Step> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const milliseconds = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000
  return { script: milliseconds('ScriptDuration'), work: milliseconds('TaskDuration') }
}

/** `wait` answers the wall milliseconds. */
export async function waited(devtools: CDPSession, wait: () => Promise<number>): Promise<Wait> {
  const before = await costs(devtools)
  const wall = await wait()
  const after = await costs(devtools)
  return { wall, script: after.script - before.script, work: after.work - before.work }
}

export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The median of each. */
export function middleWait(waits: readonly Wait[]): Wait {
  return {
    wall: middle(waits.map(({ wall }) => wall)),
    script: middle(waits.map(({ script }) => script)),
    work: middle(waits.map(({ work }) => work)),
  }
}
