import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './test.ts'

/** What one run of it holds is a little more than 200 kB. */
const PIPELINE = `dagwright: 1
id: flow
tasks:
  print: { kind: shell, run: 'head -c 150000 /dev/urandom | base64' }
`

test('runs make room for newer ones, by count and by size; the list follows, and the newest always stays', async ({
  open,
}) => {
  const app = await open({ 'flow.dag.yaml': PIPELINE, 'dagwright.yaml': 'retention: { runs: 2 }\n' })
  const kept = () => readdirSync(join(app.files.root, '.dagwright/runs/flow')).sort()
  const list = app.page.getByRole('tabpanel', { name: 'Runs' })
  const run = app.page.getByRole('banner').getByRole('button', { name: 'Run', exact: true })
  /** Runs once more; resolves to the new run when the run before it is not the newest any more. */
  const runOnce = async (before: readonly string[]) => {
    await run.click()
    await expect.poll(() => kept().at(-1)).not.toBe(before.at(-1))
    await app.ends('Success')
    return kept().at(-1)!
  }
  const keeps = async (runs: readonly string[]) => {
    await expect.poll(kept).toEqual(runs)
    await expect(list.locator('[data-index]')).toHaveCount(runs.length)
  }

  await app.run()
  await app.ends('Success')
  const [first] = kept() as [string]
  await app.side('Runs')
  await keeps([first])
  const second = await runOnce(kept())
  await keeps([first, second])
  const third = await runOnce(kept())
  await keeps([second, third])
  // Edited while the app is open.
  await app.files.write('dagwright.yaml', 'retention: { size: 700KB }\n')
  const fourth = await runOnce(kept())
  await keeps([second, third, fourth])
  const fifth = await runOnce(kept())
  await keeps([third, fourth, fifth])
  await app.files.write('dagwright.yaml', 'retention: { size: 100KB }\n')
  const last = await runOnce(kept())
  await keeps([last])
  await expect(app.notices()).toHaveCount(0)
  // What is not understood is said before anything is removed.
  await app.files.write('dagwright.yaml', 'retention: { size: lots }\n')
  await run.click()
  await expect(app.notices()).toContainText('dagwright.yaml')
  await keeps([last])
})
