import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const PIPELINE = pipelineOf(
  `  load:
    kind: shell
    run: exit 3
  clean:
    kind: shell
    needs: [load]
    run: echo cleaned
  report:
    kind: shell
    needs: [clean]
    run: echo reported
  slow:
    kind: shell
    when: \${{ params.mode == 'slow' }}
    run: echo \${{ params.mode }}
  late:
    kind: shell
    needs: [slow]
    run: echo \${{ tasks.slow.outputs.word }}
`,
  'params: { mode: { type: string, default: fast } }\n',
)

test('every task says why it ended so, and names are links', async ({ open }, info) => {
  const app = await open({ [FILE]: PIPELINE })
  await app.page.keyboard.press('Control+Enter')
  await app.page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click()
  await app.trust()
  await app.ends('Failed')
  await app.task('report').click()
  const sentence = app.page.locator('[data-why]')
  await expect(sentence).toHaveText('Upstream clean could not run (load ended with exit code 3)')
  await app.page.screenshot({ path: info.outputPath('why.png') })
  await sentence.getByRole('button', { name: 'load' }).click()
  await expect(sentence).toHaveText('Ended with exit code 3')

  const tasks = await app.panel('Tasks')
  await expect(tasks.getByRole('row', { name: /^slow/ })).toContainText("params.mode == 'slow' is false")
  await tasks
    .getByRole('row', { name: /^clean/ })
    .getByRole('button', { name: 'load', exact: true })
    .last()
    .click()
  await expect(sentence).toHaveText('Ended with exit code 3')
  await app.page.screenshot({ path: info.outputPath('tasks.png') })
})

test('a run is previewed before it is started', async ({ open }, info) => {
  const app = await open({ [FILE]: PIPELINE })
  await app.page.keyboard.press('Control+Enter')
  const dialog = app.page.getByRole('dialog')
  await dialog.getByLabel('mode').fill('slow')
  await dialog.getByRole('button', { name: 'Preview run' }).click()
  const preview = dialog.getByRole('region', { name: 'Preview of the run' })
  await expect(preview).toContainText('5 of 5 tasks would run')
  await preview.locator('summary', { hasText: /^slow/ }).click()
  await preview.locator('summary', { hasText: /^late/ }).click()
  await expect(preview).toContainText('DW_1=slow')
  await expect(preview).toContainText('echo ${{ tasks.slow.outputs.word }}')
  await app.page.screenshot({ path: info.outputPath('preview.png') })
  await dialog.getByRole('button', { name: 'Back to the form' }).click()
  await dialog.getByLabel('mode').fill('fast')
  await dialog.getByRole('button', { name: 'Preview run' }).click()
  await expect(preview).toContainText("skipped: params.mode == 'slow' is false")
})
