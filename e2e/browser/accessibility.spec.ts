import AxeBuilder from '@axe-core/playwright'
import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const FLOW = pipelineOf(
  `  fetch: { kind: shell, layer: staging, run: "echo fetched" }
  clean: { kind: shell, needs: [fetch], run: "echo cleaned >&2; exit 4" }
  report: { kind: noop, needs: [clean] }
groups:
  all: { name: Everything, tasks: [fetch, clean] }
notes:
  - { id: n, text: "Look **here**", at: [0, -200], size: [240, 120] }
`,
  'params:\n  day: { type: string, default: monday, description: The day. }\n',
)

/** Every rule in the light theme; in the dark one what can differ: contrast. */
async function expectNoViolations(app: App, place: string) {
  await app.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const light = await new AxeBuilder({ page: app.page }).analyze()
  await app.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const dark = await new AxeBuilder({ page: app.page }).withRules('color-contrast').analyze()
  const found = [...light.violations, ...dark.violations].map(({ id, impact, nodes }) => ({
    rule: `${id} (${impact})`,
    nodes: nodes.slice(0, 6).map(({ target, any, all, none }) => {
      const [check] = [...any, ...all, ...none]
      return `${target.join(' ')}: ${check?.message}`
    }),
  }))
  expect.soft(found, place).toEqual([])
}

test('no screen of the window violates a rule', async ({ open }) => {
  test.setTimeout(150_000)
  const app = await open({ [FILE]: FLOW })
  await app.task('clean').click()
  await expectNoViolations(app, 'design')
  await app.button('Run').click()
  await expect(app.dialog('Run Flow')).toBeVisible()
  await expectNoViolations(app, 'run dialog')
  await app.dialog('Run Flow').getByRole('button', { name: 'Run', exact: true }).click()
  await expect(app.dialog('Run code from this folder?')).toBeVisible()
  await expectNoViolations(app, 'trust dialog')
  await app.trust()
  await app.ends('Failed')
  for (const [panel, side] of [
    ['Timeline', 'Outline'],
    ['Tasks', 'Runs'],
    ['Logs', 'Search'],
  ] as const) {
    await app.panel(panel)
    await app.side(side)
    await expectNoViolations(app, `${panel}, ${side}`)
  }
  await app.lens('Critical path')
  await app.panel('Critical path')
  await expect(app.page.getByText('Simulating…')).toHaveCount(0)
  await expectNoViolations(app, 'critical path')
  await app.lens('Heat')
  for (const panel of ['YAML', 'Data', 'Problems'] as const) {
    await app.panel(panel)
    await expect(app.page.getByText(/^(Loading|Looking)/)).toHaveCount(0)
    await expectNoViolations(app, `${panel}, heat`)
  }
})

test('no view of the history and of what-if violates a rule', async ({ open }) => {
  test.setTimeout(240_000)
  const app = await open('sample')
  for (const [name, views] of [
    ['What-if', ['Side by side', 'Next run', 'Slots and cost', 'Suppose']],
    ['History', ['Over time', 'Compare', 'Objectives', 'SQL']],
  ] as const) {
    const panel = await app.panel(name)
    for (const view of views) {
      await panel.getByRole('navigation').getByRole('button', { name: view, exact: true }).click()
      await expect(panel.getByText(/^(Loading|Reading|Simulating)/)).toHaveCount(0)
      await expectNoViolations(app, `${name}, ${view}`)
    }
  }
  await app.task('Routes').click()
  const panel = await app.panel('What-if')
  await panel.getByRole('button', { name: 'Suppose', exact: true }).click()
  await panel.getByRole('button', { name: 'Fails' }).click()
  await expect(app.page.getByRole('complementary', { name: 'Scenario' })).toContainText('failure of routes')
  await expectNoViolations(app, 'a scenario')
})

test('no view of differences violates a rule', async ({ open }) => {
  test.setTimeout(150_000)
  const app = await open({ [FILE]: FLOW })
  await app.task('report').click()
  await app.page.keyboard.press('Delete')
  await app.task('clean').click()
  await app.page.keyboard.press('Control+d')
  await app.lens('Diff')
  const changes = await app.panel('Changes')
  for (const shown of ['Task by task', 'Text', 'Text side by side']) {
    await changes.getByRole('combobox', { name: 'Show differences as' }).click()
    await app.page.getByRole('option', { name: shown, exact: true }).click()
    await expectNoViolations(app, `diff, ${shown}`)
  }
})

test('neither a conflict with the file on disk nor a removed task violates a rule', async ({ open }) => {
  test.setTimeout(150_000)
  const app = await open({ [FILE]: FLOW })
  await app.task('fetch').click()
  const owner = app.page.getByRole('tabpanel', { name: 'Task' }).getByRole('textbox', { name: 'Owner', exact: true })
  await owner.fill('me')
  await owner.press('Enter')
  await app.files.write(FILE, FLOW.replace('echo fetched', 'echo got it'))
  const dialog = app.dialog('The file changed on disk')
  await dialog.getByRole('radio', { name: 'Yours' }).click()
  await expectNoViolations(app, 'conflict')
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
  await app.task('report').click()
  await app.page.keyboard.press('Delete')
  await app.lens('Diff')
  await app.task('report').click()
  await expect(app.button('Bring back')).toBeVisible()
  await expectNoViolations(app, 'removed task')
})

test('no dialog violates a rule', async ({ open }) => {
  test.setTimeout(150_000)
  const app = await open({ [FILE]: FLOW })
  await expect(app.task('clean')).toBeVisible()
  for (const title of [
    'Export…',
    'Settings…',
    'Keys and gestures',
    'What this machine has',
    'New pipeline',
    'New plan of many pipelines',
    'Save as…',
    'Open a folder or pipeline…',
  ]) {
    await app.command(title)
    await expect(app.dialog().getByRole('heading').first()).toBeVisible()
    await expectNoViolations(app, title)
    await app.page.keyboard.press('Escape')
    await expect(app.dialog()).toHaveCount(0)
  }
  await app.page.keyboard.press('Control+k')
  await expectNoViolations(app, 'commands')
  await app.page.keyboard.press('Escape')
  await app.task('clean').click()
  for (const key of ['l', 'u', 'g']) {
    await app.page.keyboard.press(key)
    await expect(app.dialog().getByRole('option').first()).toBeVisible()
    await expectNoViolations(app, `asked by ${key}`)
    await app.page.keyboard.press('Escape')
    await expect(app.dialog()).toHaveCount(0)
  }
  await app.command('Replace the task with…')
  await expect(app.page.getByPlaceholder('Replace clean with')).toBeFocused()
  await expectNoViolations(app, 'replace')
})
