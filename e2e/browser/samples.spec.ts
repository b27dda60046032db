import { spawn } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '../app.ts'
import { DIST, makeWorkspace } from '../workspace.ts'
import { expect, test } from './test.ts'

interface Theme {
  readonly sample: string
  readonly ends: 'Success' | 'Partial' | 'Failed'
  /** The state of cards, by their names. */
  readonly states: Readonly<Record<string, string>>
}

const THEMES: readonly Theme[] = [
  {
    sample: 'rules',
    ends: 'Partial',
    states: {
      'Read address': 'Failed',
      'Ask the sender': 'Success',
      'By express': 'Success',
      'By standard mail': 'Skipped',
      'Weigh again': 'Skipped',
      Deliver: 'Success',
      'Send a survey': 'Failed',
      Archive: 'Success',
      Camera: 'Success',
    },
  },
  {
    sample: 'mapping',
    ends: 'Success',
    states: {
      'List stations': 'Success',
      'Read a station': 'Failed',
      Clean: 'Upstream failed',
      Grid: 'Success',
      Report: 'Success',
    },
  },
  {
    sample: 'sql',
    ends: 'Success',
    states: {
      Customers: 'Success',
      'Cities are known': 'Success',
      'Daily sales': 'Success',
      'Tell the team': 'Success',
    },
  },
  {
    sample: 'retries',
    ends: 'Success',
    states: {
      'Flaky source': 'Success',
      'Picky source': 'Failed',
      "Yesterday's copy": 'Success',
      Merge: 'Success',
      'Page somebody': 'Skipped',
      'Note the success': 'Success',
    },
  },
  {
    sample: 'parameters',
    ends: 'Success',
    states: { Items: 'Success', 'Write invoice': 'Success', Remind: 'Skipped', 'Is positive': 'Success' },
  },
]

/** Every sample has parameters, so a form comes first. */
async function runWithDefaults(app: App): Promise<void> {
  await app.button('Run').click()
  await app.dialog(/^Run /).getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
}

for (const { sample, ends, states } of THEMES) {
  test(`the sample ${sample} opens without a problem and runs as its notes say`, async ({ open }) => {
    const app = await open(`sample ${sample}`)
    const problems = await app.panel('Problems')
    await expect(problems.getByText(/no problems/i)).toBeVisible()
    await app.command('Fit')
    await runWithDefaults(app)
    await app.ends(ends)
    for (const [name, state] of Object.entries(states)) await expect(app.task(name)).toContainText(state)
  })
}

test('the rows of a query and the violations of a check are shown where data is', async ({ open }) => {
  const app = await open('sample sql')
  await app.command('Fit')
  await runWithDefaults(app)
  await app.ends('Success')
  await app.task('Cities are known').click()
  const data = await app.panel('Data')
  await expect(data.getByText('Violations of cities_are_known')).toBeVisible()
  await expect(data.getByText('Customer 17')).toBeVisible()
  await app.task('Daily sales').click()
  await expect(data.getByText('7 rows')).toBeVisible()
  await expect(data.getByText('2026-11-16')).toBeVisible()

  // An output chosen of one task gives way to what another returned.
  await data.getByRole('button', { name: /^cities/ }).click()
  await expect(data.getByText('daily.cities')).toBeVisible()
  await app.task('Cities are known').click()
  await expect(data.getByText('Violations of cities_are_known')).toBeVisible()
})

test('the welcome screen lists the samples; choosing one opens a copy of it', async ({ page }) => {
  const workspace = await makeWorkspace({})
  const person = join(workspace.root, 'person')
  await mkdir(join(person, 'Documents'), { recursive: true })
  const host = spawn(process.execPath, [join(DIST, 'cli.mjs'), 'serve'], {
    cwd: person,
    env: { ...process.env, HOME: person, USERPROFILE: person, DAGWRIGHT_HOME: workspace.home },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const url = await new Promise<string>((resolve) => {
      host.stdout.setEncoding('utf8').on('data', (text: string) => {
        const found = /http:\/\/\S+/.exec(text)?.[0]
        if (found) resolve(found)
      })
    })
    await page.goto(url)
    await page.getByRole('button', { name: /^Retries and failure/ }).click()
    await expect(page.getByRole('application', { name: /^Canvas of A troubled feed/ })).toBeVisible()
    expect(await readdir(join(person, 'Documents'))).toEqual(['Dagwright retries'])

    await page.goto(url)
    const rush = page.getByRole('button', { name: /^Morning rush/ })
    const isCut = await rush.evaluate((item) => [...item.children].some((one) => one.scrollWidth > one.clientWidth))
    expect(isCut, 'what the sample is about is cut').toBe(false)
    await rush.click()
    await expect(page.getByRole('article', { name: 'Planner: rush.plan.yaml' })).toContainText('All 89 end in time')
  } finally {
    await page.goto('about:blank')
    const ended = new Promise((resolve) => host.on('exit', resolve))
    host.kill('SIGTERM')
    await ended
    await workspace.discard()
  }
})
