import { type App, pipelineOf } from '../app.ts'
import { changedLines } from './lines.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const TEXT = pipelineOf(
  `  # What begins it all.
  first:
    kind: shell # bash
    run: echo one
    timeout: 10m
    retries: 2

  second:
    kind: sql
    needs: [first]
    sql: select 1   # one cell
    env: { A: "1" }
`,
  'concurrency: 4\n',
)

/** A field of the task's form, by its label. */
function field(app: App, name: string) {
  return form(app).getByRole('textbox', { name, exact: true })
}

function form(app: App) {
  return app.page.getByRole('tabpanel', { name: 'Task' })
}

async function saved(app: App) {
  await app.save()
  return changedLines(TEXT, await app.files.read(FILE))
}

test('a field changes its own line only', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.task('first').click()
  await field(app, 'Timeout').fill('90s')
  await field(app, 'Timeout').press('Tab')
  expect(await saved(app)).toEqual({ removed: ['    timeout: 10m'], added: ['    timeout: 90s'] })
})

test('a field that was not there is added, and reset takes it out again', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.task('second').click()
  await field(app, 'Owner').fill('ada')
  await field(app, 'Owner').press('Tab')
  expect(await saved(app)).toEqual({ removed: [], added: ['    owner: ada'] })
  await form(app).getByRole('button', { name: 'Reset owner' }).click()
  await app.save()
  expect(await app.files.read(FILE)).toBe(TEXT)
})

test('what is written in one visit to a field is one step of undo, however slowly', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.task('second').click()
  await field(app, 'Name').pressSequentially('The second')
  // Longer than a pause that begins a step in the text editor.
  await app.page.waitForTimeout(1_200)
  await field(app, 'Name').pressSequentially(' one')
  await expect(app.task('The second one')).toBeVisible()
  await app.canvas.press('Control+z')
  await expect(app.task('second')).toBeVisible()
  await expect(app.button('Nothing to undo')).toBeDisabled()
})

test('choices and switches are written', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.task('second').click()
  await form(app).getByRole('combobox', { name: 'Trigger rule' }).click()
  await app.page.getByRole('option', { name: 'None fails', exact: true }).click()
  await form(app).getByRole('switch', { name: 'Required' }).click()
  expect(await saved(app)).toEqual({
    removed: [],
    added: ['    triggerRule: none_failed', '    required: false'],
  })
})

test('code is edited in its own editor and keeps its comments', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.task('first').click()
  await form(app).getByRole('textbox', { name: 'Script' }).focus()
  await app.page.keyboard.press('Control+End')
  await app.page.keyboard.type(' two')
  expect(await saved(app)).toEqual({ removed: ['    run: echo one'], added: ['    run: echo one two'] })
})

test('expressions in code: names are offered, and a mistake is marked where it stands', async ({ open }) => {
  const app = await open({
    [FILE]: TEXT.replace('tasks:\n', 'params: { city: { type: string, default: x }, "home-town": 1 }\ntasks:\n'),
  })
  await app.task('first').click()
  const script = form(app).getByRole('textbox', { name: 'Script' })
  await script.focus()
  const type = async (text: string) => {
    await app.page.keyboard.press('Control+End')
    await app.page.keyboard.type(text)
  }
  await type(' ${{ params.')
  await app.page.getByRole('option', { name: /^city/ }).waitFor()
  await app.page.keyboard.type('ci')
  await app.page.keyboard.press('Tab')
  await expect(form(app).locator('.view-line').first()).toHaveText('echo one ${{ params.city}}')
  await expect(form(app).locator('.squiggly-error')).toHaveCount(0)
  await type(' # ${{ params.city }}')
  await expect(form(app).locator('.squiggly-error')).toHaveCount(1)
  await expect(form(app).getByRole('alert')).toContainText('stands in a comment')
})

test('a connection is chosen among those of the workspace; an unknown one is told', async ({ open }) => {
  const app = await open({
    [FILE]: TEXT.replace('sql: select 1 ', 'connection: crn\n    sql: select 1 '),
    'dagwright.yaml':
      'connections: { crm: { type: sqlite, url: crm.sqlite }, web: { type: http, url: "http://localhost" } }\n',
  })
  await app.page
    .getByRole('button', { name: /flow\.dag|Flow/ })
    .first()
    .click()
  await app.task('second').click()
  await expect(form(app).getByRole('alert')).toContainText('Did you mean crm?')
  await form(app).getByRole('combobox', { name: 'Connection' }).click()
  await expect(app.page.getByRole('option')).toHaveText([/None/, /crn.*unknown/, /crm.*sqlite/])
  await app.page.getByRole('option', { name: /crm/ }).click()
  await expect(form(app).getByRole('alert')).toHaveCount(0)
  await app.save()
  expect(await app.files.read(FILE)).toContain('connection: crm')
})

test('the id is renamed with what refers to it', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.task('first').click()
  await field(app, 'Id').fill('begin')
  await field(app, 'Id').press('Enter')
  await expect(app.edge('begin', 'second')).toBeAttached()
  const lines = await saved(app)
  expect(lines.removed).toEqual(['  first:', '    needs: [first]'])
})

test('a dependency is added and removed', async ({ open }) => {
  const app = await open({ [FILE]: `${TEXT}  third: { kind: noop }\n` })
  await app.task('third').click()
  await form(app).getByRole('button', { name: 'Add a dependency' }).click()
  await app.page.getByRole('option', { name: 'second' }).click()
  await expect(app.edge('second', 'third')).toBeAttached()
  await form(app).getByRole('button', { name: 'Remove the dependency on second' }).click()
  await expect(app.edge('second', 'third')).toHaveCount(0)
})

for (const { label, value, message } of [
  { label: 'Timeout', value: 'soon', message: /90s|10m|duration/i },
  { label: 'Priority', value: '1.5', message: /whole number/i },
  { label: 'Retries', value: '-1', message: /at least 0/i },
  { label: 'When', value: '${{ params. }}', message: /.+/ },
]) {
  test(`${label} says what is wrong with "${value}"`, async ({ open }) => {
    const app = await open({ [FILE]: TEXT })
    await app.task('first').click()
    await field(app, label).fill(value)
    await field(app, label).press('Tab')
    await expect(form(app).getByRole('alert')).toContainText(message)
    expect(await app.files.read(FILE)).toBe(TEXT)
  })
}

test('the pipeline has a form of its own', async ({ open }) => {
  const app = await open({ [FILE]: TEXT })
  await app.page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Pipeline' }).click()
  const pipeline = app.page.getByRole('tabpanel', { name: 'Pipeline' })
  await pipeline.getByRole('textbox', { name: 'Name', exact: true }).fill('Other flow')
  await pipeline.getByRole('textbox', { name: 'Name', exact: true }).press('Tab')
  await expect(app.tab).toHaveText('Other flow')
  expect(await saved(app)).toEqual({ removed: ['name: Flow'], added: ['name: Other flow'] })
})

test('the defaults have the fields of a task, and count for all of them until they are taken back', async ({
  open,
}) => {
  const app = await open({ [FILE]: TEXT })
  await app.page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Pipeline' }).click()
  const defaults = app.page.locator('section').filter({
    has: app.page.getByRole('button', { name: 'Defaults for tasks' }),
  })
  await defaults.getByRole('button', { name: 'Defaults for tasks' }).click()
  await defaults.getByRole('combobox', { name: 'Trigger rule' }).click()
  await app.page.getByRole('option', { name: 'None fails', exact: true }).click()
  await defaults.getByRole('switch', { name: 'Required' }).click()
  await defaults.getByRole('switch', { name: 'Cache' }).click()
  await defaults.getByRole('textbox', { name: 'Priority' }).fill('3')
  await defaults.getByRole('textbox', { name: 'Priority' }).press('Tab')
  await app.save()
  const { added, removed } = changedLines(TEXT, await app.files.read(FILE))
  expect(removed).toEqual([])
  expect(added.filter((line) => line !== '')).toEqual([
    'defaults:',
    '  triggerRule: none_failed',
    '  required: false',
    '  cache: true',
    '  priority: 3',
  ])

  // A task shows what counts for it, and says otherwise where it should.
  const tabs = app.page.getByRole('tablist', { name: 'Inspector' })
  await app.task('second').click()
  await tabs.getByRole('tab', { name: 'Task' }).click()
  await expect(form(app).getByRole('combobox', { name: 'Trigger rule' })).toHaveText('None fails')
  await expect(form(app).getByRole('switch', { name: 'Required' })).not.toBeChecked()
  await expect(field(app, 'Priority')).toHaveAttribute('placeholder', '3 (defaults)')
  await form(app).getByRole('switch', { name: 'Cache' }).click()
  await app.save()
  expect(changedLines(TEXT, await app.files.read(FILE)).added).toContain('    cache: false')

  await tabs.getByRole('tab', { name: 'Pipeline' }).click()
  for (const name of ['trigger rule', 'required', 'cache']) {
    await defaults.getByRole('button', { name: `Reset ${name}` }).click()
  }
  await defaults.getByRole('button', { name: 'Reset priority' }).click()
  for (let step = 0; step < 9; step++) await app.canvas.press('Control+z')
  await expect(app.button('Nothing to undo')).toBeDisabled()
  await app.save()
  expect(await app.files.read(FILE)).toBe(TEXT)
})

test('what is wrong with a default stands at its field', async ({ open }) => {
  const app = await open({
    [FILE]: TEXT.replace('tasks:\n', 'params: { limit: { type: integer, default: 3 } }\ntasks:\n'),
  })
  await app.page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Pipeline' }).click()
  const pipeline = app.page.getByRole('tabpanel', { name: 'Pipeline' })
  await pipeline.getByRole('button', { name: 'Defaults for tasks' }).click()
  await pipeline.getByRole('textbox', { name: 'When' }).fill('${{ params.limit }}')
  await pipeline.getByRole('textbox', { name: 'When' }).press('Tab')
  await expect(pipeline.getByRole('alert')).toContainText('must be true or false, and is of type int. Write')
  await expect(pipeline.getByRole('alert')).toContainText('params.limit > 0')
  await pipeline.getByRole('textbox', { name: 'When' }).fill('${{ params.limit > 0 }}')
  await expect(pipeline.getByRole('alert')).toHaveCount(0)
})

test('a pool is renamed with the tasks that use it; what can be none is refused at its place', async ({ open }) => {
  const text = pipelineOf(
    `  one: { kind: noop, pool: warehouse } # alone
  both: { kind: noop, pool: { name: warehouse, slots: 2 } }
`,
    'pools: { warehouse: 2 } # shared\n',
  )
  const app = await open({ [FILE]: text })
  await app.page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: 'Pipeline' }).click()
  const pipeline = app.page.getByRole('tabpanel', { name: 'Pipeline' })
  const slots = pipeline.getByRole('textbox', { name: 'Slots of warehouse' })
  for (const nothing of ['0', '']) {
    await slots.fill(nothing)
    await slots.press('Tab')
    await expect(slots).toHaveAccessibleDescription('At least 1.')
  }
  await slots.fill('2')
  await pipeline.getByRole('button', { name: 'Add a pool' }).click()
  await pipeline.getByPlaceholder('Name, then Enter').fill('große Halle')
  await pipeline.getByPlaceholder('Name, then Enter').press('Enter')
  await expect(app.notices().filter({ hasText: "A pool's name must begin with a letter" })).toBeVisible()

  const name = pipeline.getByRole('textbox', { name: 'Name', exact: true }).last()
  await name.fill('lake')
  await name.press('Enter')
  await app.save()
  const { added } = changedLines(text, await app.files.read(FILE))
  expect(added).toEqual([
    'pools: { lake: 2 } # shared',
    '  one: { kind: noop, pool: lake } # alone',
    '  both: { kind: noop, pool: { name: lake, slots: 2 } }',
  ])
  await app.button('Undo: Rename in pools').click()
  await app.save()
  expect(await app.files.read(FILE)).toBe(text)
})

test('a task that begins settings of its own for retries keeps those of the defaults', async ({ open }) => {
  const text = pipelineOf(
    '  one: { kind: noop }\n',
    'defaults: { retries: { limit: 3, delay: 5s, backoff: exponential } }\n',
  )
  const app = await open({ [FILE]: text })
  await app.task('one').click()
  await form(app).getByRole('button', { name: 'Delay and backoff…' }).click()
  await expect(form(app).getByRole('combobox', { name: 'Backoff' })).toHaveText('Exponential')
  await expect(field(app, 'Delay')).toHaveAttribute('placeholder', '5s (defaults)')
  await expect(field(app, 'Factor')).toBeVisible()
  await app.save()
  expect(changedLines(text, await app.files.read(FILE)).added).toEqual(['  one: { kind: noop, retries: { limit: 3 } }'])
})
