import AxeBuilder from '@axe-core/playwright'
import { type App, expect, pipelineOf, test } from './app.ts'

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

async function expectNoViolations(app: App, place: string) {
  const { violations } = await new AxeBuilder({ page: app.page }).analyze()
  const found = violations.map(({ id, impact, nodes }) => ({
    rule: `${id} (${impact})`,
    nodes: nodes
      .slice(0, 6)
      .map(
        (node) => `${node.target.join(' ')}: ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message}`,
      ),
  }))
  expect.soft(found, place).toEqual([])
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('no screen of the window violates a rule', async ({ open }) => {
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
      for (const panel of ['Timeline', 'Tasks', 'Logs', 'YAML', 'Data', 'Problems'] as const) {
        await app.panel(panel)
        await expect(app.page.getByText(/^Loading|^Reading/)).toHaveCount(0)
        await expectNoViolations(app, panel)
      }
      for (const side of ['Outline', 'Runs', 'Search'] as const) {
        await app.side(side)
        await expectNoViolations(app, side)
      }
      for (const lens of ['Critical path', 'Heat'] as const) {
        await app.lens(lens)
        await expect(app.page.getByText('Simulating…')).toHaveCount(0)
        await expectNoViolations(app, lens)
      }
    })

    test('no dialog violates a rule', async ({ open }) => {
      const app = await open({ [FILE]: FLOW })
      await expect(app.task('clean')).toBeVisible()
      for (const title of [
        'Export…',
        'Settings…',
        'Keys and gestures',
        'What this machine has',
        'New pipeline',
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
    })
  })
}

test('two tasks are added, linked and run by keyboard alone', async ({ open }) => {
  const app = await open({ [FILE]: 'dagwright: 1\nid: flow\nname: Flow\ntasks: {}\n' })
  const { keyboard } = app.page
  await app.canvas.or(app.page.getByText('This pipeline has no tasks yet.')).first().waitFor()
  for (const kind of ['shell', 'no-op']) {
    await keyboard.press('Control+k')
    await keyboard.type('add a task')
    await keyboard.press('Enter')
    await expect(app.page.getByPlaceholder('Add a task')).toBeFocused()
    await keyboard.type(kind)
    await keyboard.press('Enter')
    await expect(app.canvas).toBeFocused()
  }
  await app.command('Show Outline')
  const outline = app.page.getByRole('treegrid')
  await expect(outline.getByRole('row')).toHaveCount(3)
  for (let part = 0; part < 3; part++) {
    if (await outline.evaluate((element) => element === document.activeElement)) break
    await keyboard.press('F6')
    await keyboard.press('Tab')
  }
  await outline.focus()
  await keyboard.press('Home')
  await keyboard.press('l')
  await keyboard.press('Enter')
  await expect(app.page.getByRole('img', { name: /^Edge from/ })).toHaveCount(1)
  await keyboard.press('Control+Enter')
  await expect(app.button('Trust this folder and run')).toBeVisible()
  await app.button('Trust this folder and run').focus()
  await keyboard.press('Enter')
  await app.ends('Success')
})
