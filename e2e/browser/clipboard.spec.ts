import { expect, test } from './test.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

test('a chart is copied as a picture that stands alone, and as a table', async ({ open, page }) => {
  const app = await open('sample')
  const history = await app.panel('History')
  await expect(history.getByRole('slider', { name: 'Duration of Flight delays by run' })).toBeVisible()
  const copy = async (what: string) => {
    await history.getByRole('button', { name: /^Copy Duration/ }).click()
    await page.getByRole('menuitem', { name: what }).click()
    await expect(app.notices().last()).toContainText('was copied')
    return page.evaluate(() => navigator.clipboard.readText())
  }
  const csv = await copy('Copy as CSV')
  expect(csv.split('\n')[0]).toContain(',')
  expect(csv.trim().split('\n')).toHaveLength(1 + 6)

  const svg = await copy('Copy as SVG')
  const drawn = await page.evaluate(async (text) => {
    const image = new Image()
    image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
    await image.decode()
    return { width: image.naturalWidth, height: image.naturalHeight }
  }, svg)
  expect(drawn.width).toBeGreaterThan(200)
  expect(svg).toContain('<title>Duration of Flight delays by run</title>')
  expect(svg).not.toMatch(/class=|var\(--/)
})

test('a chart that cannot be copied says what to do instead', async ({ open, page }) => {
  const app = await open('sample')
  const history = await app.panel('History')
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } })
  })
  await history.getByRole('button', { name: /^Copy Duration/ }).click()
  await page.getByRole('menuitem', { name: 'Copy as SVG' }).click()
  await expect(app.notices().last()).toContainText('Save it as a file instead')
})
