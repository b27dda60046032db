import { type App, pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

const FILE = 'flow.dag.yaml'
const FLOW = pipelineOf(`  # the first
  a: { kind: noop }
  b: { kind: shell, run: "echo one", needs: [a] }   # kept
  far: { kind: noop }
  c: { kind: noop, needs: [b] }
  end: { kind: noop }
`)

const unsaved = (app: App) => app.page.getByRole('img', { name: 'Unsaved changes' })

/** In the inspector, without saving. */
async function change(app: App, task: string, field: string, value: string) {
  await app.task(task).click()
  const box = app.page.getByRole('tabpanel', { name: 'Task' }).getByRole('textbox', { name: field, exact: true })
  await box.fill(value)
  await box.press('Enter')
  await expect(unsaved(app)).toBeVisible()
}

test('what both changed in different tasks is merged, shown and undone', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await change(app, 'c', 'Owner', 'me')
  const theirs = `${FLOW.replace('echo one', 'echo two')}  d: { kind: noop, needs: [a] }\n`
  await app.files.write(FILE, theirs)
  await expect(app.task('d')).toBeVisible()
  const notice = app.notices().filter({ hasText: 'Its changes are merged into yours' })
  await notice.getByRole('button', { name: 'Show changes' }).click()
  const changes = app.page.getByRole('tabpanel', { name: 'Changes' })
  await expect(changes.getByRole('combobox', { name: 'Compare with' })).toHaveText(/Since the file changed on disk/)
  await expect(changes.getByRole('region', { name: 'Changes of d', exact: true })).toBeVisible()
  await expect(changes.getByRole('region', { name: 'Changes of b', exact: true })).toContainText('echo two')
  await expect(changes.getByRole('region', { name: 'Changes of c', exact: true })).toHaveCount(0)
  await app.save()
  const saved = await app.files.read(FILE)
  const mine = /\{ kind: noop, owner: me, needs: \[b\] \}|\{ kind: noop, needs: \[b\], owner: me \}/
  expect(saved).toMatch(mine)
  expect(saved.replace(mine, '{ kind: noop, needs: [b] }')).toBe(theirs)
  await app.canvas.press('Control+z')
  await expect(app.task('d')).toHaveCount(0)
  await app.canvas.press('Control+z')
  await expect(app.button('Nothing to undo')).toBeDisabled()
})

test('tasks that both added at the same place are both kept', async ({ open }) => {
  const app = await open({ [FILE]: FLOW })
  await app.task('c').click()
  await app.page.keyboard.press('Control+d')
  await expect(app.task('c_2')).toBeVisible()
  await app.files.write(FILE, `${FLOW}  theirs: { kind: noop }\n`)
  await expect(app.task('theirs')).toBeVisible()
  await expect(app.task('c_2')).toBeVisible()
  await expect(app.status).toContainText('No problems')
  await app.save()
  expect((await app.files.read(FILE)).startsWith(FLOW)).toBe(true)
})

test.describe('where both changed the same line', () => {
  const asked = async (app: App) => {
    await change(app, 'b', 'Owner', 'me')
    await change(app, 'c', 'Owner', 'me')
    await app.files.write(
      FILE,
      FLOW.replace('"echo one"', '"echo two"')
        .replace('c: { kind: noop,', 'c: { kind: noop, layer: mart,')
        .concat('# end\n'),
    )
    const dialog = app.dialog('The file changed on disk')
    await expect(dialog).toContainText('Both changed')
    return dialog
  }

  test('a person chooses, place by place, and undo takes the merge back', async ({ open }) => {
    const app = await open({ [FILE]: FLOW })
    await change(app, 'b', 'Owner', 'me')
    await app.files.write(FILE, FLOW.replace('"echo one"', '"echo two"').concat('# end\n'))
    const dialog = app.dialog('The file changed on disk')
    const place = dialog.getByRole('region', { name: 'Conflict 1 of 1' })
    await expect(place.getByRole('region', { name: 'Yours, line 7' })).toContainText('owner: me')
    await expect(place.getByRole('region', { name: 'On disk, line 7' })).toContainText('echo two')
    await expect(dialog.getByRole('button', { name: 'Merge (1 to choose)' })).toBeDisabled()
    await place.getByRole('radio', { name: 'On disk' }).click()
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    await expect(dialog).toHaveCount(0)
    await expect.poll(() => app.files.read(FILE)).toContain('echo two')
    await expect(unsaved(app)).toHaveCount(0)
    await app.canvas.press('Control+z')
    await expect(unsaved(app)).toBeVisible()
    await app.save()
    expect(await app.files.read(FILE)).toMatch(/owner: me/)
  })

  test('by keyboard alone: mine of the one, theirs of the other', async ({ open }) => {
    const app = await open({ [FILE]: FLOW })
    const dialog = await asked(app)
    const { keyboard } = app.page
    const press = async (name: string) => {
      const radio = dialog.getByRole('region', { name }).getByRole('radio', { name: 'Yours' })
      for (let tab = 0; tab < 20; tab++) {
        if (await radio.evaluate((element) => element === document.activeElement)) return
        await keyboard.press('Tab')
      }
      throw new Error('Tab does not get there.')
    }
    await press('Conflict 1 of 2')
    await keyboard.press('Space')
    await press('Conflict 2 of 2')
    await keyboard.press('ArrowRight')
    await dialog.getByRole('button', { name: 'Merge', exact: true }).focus()
    await keyboard.press('Enter')
    await app.save()
    const saved = await app.files.read(FILE)
    expect(saved).toContain('# end')
    expect(saved).toMatch(/b: .*echo one.*owner: me/)
    expect(saved).toContain('c: { kind: noop, layer: mart, needs: [b] }')
  })

  for (const answer of ['Take the one on disk', 'Write mine over it']) {
    test(answer, async ({ open }) => {
      const app = await open({ [FILE]: FLOW })
      const dialog = await asked(app)
      await dialog.getByRole('button', { name: answer }).click()
      const mine = answer.startsWith('Write')
      await expect.poll(() => app.files.read(FILE)).toContain(mine ? 'owner: me' : '# end')
      await expect(unsaved(app)).toHaveCount(0)
    })
  }

  test('later: saving asks again', async ({ open }) => {
    const app = await open({ [FILE]: FLOW })
    const dialog = await asked(app)
    await app.page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(app.page.getByRole('textbox', { name: 'Owner', exact: true })).toBeFocused()
    await app.page.keyboard.press('Control+s')
    await expect(app.dialog('The file changed on disk')).toBeVisible()
    expect(await app.files.read(FILE)).toContain('# end')
  })
})
