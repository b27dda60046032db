import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const GOOD = pipelineOf('  a: { kind: noop }\n  b: { kind: noop, needs: [a] }\n')

/** The one problem that counts, with its code and line, and the file unchanged on disk. */
async function problem(app: App, code: RegExp, line: number) {
  const panel = await app.panel('Problems')
  const first = panel.getByRole('region', { name: 'errors' }).getByRole('button').first()
  await expect(first).toContainText(code)
  await expect(first).toContainText(`line ${line}`)
  return first
}

test.describe('a file with', () => {
  test('broken YAML is named with its line, cannot be run, and is mended in the editor', async ({ open }) => {
    const app = await open({ [FILE]: 'dagwright: 1\nid: flow\ntasks: {a: {kind: noop\n' })
    await expect(app.page.getByRole('alert').filter({ hasText: 'cannot be read' })).toBeVisible()
    await problem(app, /YAML|SYNTAX/, 4)
    await app.files.write(FILE, GOOD)
    await expect(app.task('b')).toBeVisible()
    await expect(app.status).toContainText('No problems')
  })

  test('an unknown key gets a suggestion', async ({ open }) => {
    const app = await open({ [FILE]: GOOD.replace('needs:', 'need:') })
    const found = await problem(app, /UNKNOWN_KEY/, 6)
    await expect(found).toContainText('needs')
  })

  test('a missing need is drawn and marked, and does not run', async ({ open }) => {
    const app = await open({ [FILE]: GOOD.replace('[a]', '[ghost]') })
    await problem(app, /UNKNOWN_TASK|NEED/, 6)
    await expect(app.task('b')).toContainText('1 problem')
    await app.button('Run').click()
    await expect(app.page.getByText('The pipeline has errors and cannot run.').first()).toBeVisible()
  })

  test('a cycle is drawn and named', async ({ open }) => {
    const app = await open({ [FILE]: GOOD.replace('a: { kind: noop }', 'a: { kind: noop, needs: [b] }') })
    const found = await problem(app, /CYCLE/, 5)
    await expect(found).toContainText(/a → b → a|b → a → b/)
    await expect(app.edge('a', 'b')).toBeAttached()
    await expect(app.edge('b', 'a')).toBeAttached()
  })

  test('a newer format version is refused clearly', async ({ open }) => {
    const app = await open({ [FILE]: GOOD.replace('dagwright: 1', 'dagwright: 99') })
    await problem(app, /NEWER_FORMAT/, 1)
  })

  test('bytes that are no text is refused with a code', async ({ open }) => {
    const app = await open({ [FILE]: GOOD, 'bin.dag.yaml': Buffer.from([0, 1, 2, 255, 254, 0, 7]) })
    await app.command('bin.dag.yaml')
    await expect(app.notices()).toContainText('FILE_NOT_TEXT')
    await app.command('flow.dag.yaml')
    await expect(app.task('a')).toBeVisible()
  })
})

test.describe('a file that is open', () => {
  test('and changes on disk is taken, and that can be undone', async ({ open }) => {
    const app = await open({ [FILE]: GOOD })
    await expect(app.task('b')).toBeVisible()
    await app.files.write(FILE, `${GOOD}  c: { kind: noop, needs: [b] }\n`)
    await expect(app.task('c')).toBeVisible()
    await expect(app.page.getByRole('img', { name: 'Unsaved changes' })).toHaveCount(0)
    await app.canvas.press('Control+z')
    await expect(app.task('c')).toHaveCount(0)
  })

  test('and is deleted can be written anew', async ({ open }) => {
    const app = await open({ [FILE]: GOOD })
    await expect(app.task('b')).toBeVisible()
    await app.files.remove(FILE)
    await expect(app.page.getByRole('alert').filter({ hasText: 'deleted or moved' })).toBeVisible()
    await app.button('Write it anew').click()
    await expect.poll(() => app.files.read(FILE).catch(() => '')).toBe(GOOD)
    await expect(app.page.getByRole('alert').filter({ hasText: 'deleted or moved' })).toHaveCount(0)
  })

  test('and has unsaved work gets it back after the page is lost', async ({ open }) => {
    const app = await open({ [FILE]: GOOD })
    await app.task('b').click()
    await app.page.keyboard.press('Control+d')
    await expect(app.task('b_2')).toBeVisible()
    await expect.poll(() => app.files.read(`.dagwright/recovery/${FILE}.json`).catch(() => '')).toContain('b_2')
    app.page.on('dialog', (dialog) => void dialog.accept())
    await app.page.reload()
    await app.button('Restore it').click()
    await expect(app.task('b_2')).toBeVisible()
    expect(await app.files.read(FILE)).toBe(GOOD)
  })
})

test('a missing interpreter fails the task with what to do, and the app goes on', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf('  py: { kind: python, interpreter: no-such-python, code: "print(1)" }\n'),
  })
  await app.run()
  await app.ends('Failed')
  const tasks = await app.panel('Tasks')
  await expect(tasks.getByRole('row', { name: /^py/ })).toContainText(
    /no-such-python, which is no interpreter .*correct/,
  )
  await expect(app.button('Run')).toBeEnabled()
})

test('20 MB of output is capped, and the app stays usable', async ({ open }) => {
  const app = await open({
    [FILE]: pipelineOf(`  loud:
    kind: shell
    run: |
      echo the first line
      head -c 20000000 /dev/zero | tr '\\0' 'x' | fold -w 99
      echo
      echo the last line
`),
  })
  await app.run()
  await app.ends('Success')
  await app.task('loud').click()
  const logs = await app.panel('Logs')
  const log = logs.getByRole('region', { name: 'Log of loud, attempt 1' })
  await expect(log.getByText('the last line')).toBeVisible({ timeout: 30_000 })
  await logs.getByRole('textbox', { name: 'Search in the log' }).fill('the first line')
  await expect(logs.getByText('1 of 1')).toBeVisible()
  await app.lens('Critical path')
  await expect(app.task('loud')).toContainText('critical')
})
