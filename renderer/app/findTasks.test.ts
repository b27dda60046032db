import { expect, test } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import { findTasks } from './findTasks.ts'
import { outlineRows, parentRow } from './outlineRows.ts'

const pipeline = parseDocument(`dagwright: 1
id: p
tasks:
  fetch: { kind: shell, run: "curl Data.csv", owner: Ann, layer: staging }
  clean: { kind: sql, sql: "select *\\nfrom fetch where x > 0", needs: [fetch], tags: [slow] }
  report: { kind: python, name: Monthly report, code: print(1), needs: [clean] }
groups:
  all: { name: All, tasks: [inner, report] }
  inner: { name: Inner, tasks: [clean] }
`).pipeline!

const found = (text: string) =>
  findTasks(pipeline, text, (id) => (id === 'clean' ? 'failed' : null)).map((hit) => hit.task.id)

test('words match name, id and code; names come first', () => {
  expect(found('fetch')).toEqual(['fetch', 'clean'])
  expect(found('monthly')).toEqual(['report'])
  expect(found('DATA.CSV')).toEqual(['fetch'])
  expect(found('monthly nothing')).toEqual([])
})

test('filters narrow down and combine', () => {
  expect(found('kind:sql')).toEqual(['clean'])
  expect(found('state:failed')).toEqual(['clean'])
  expect(found('owner:ann layer:staging')).toEqual(['fetch'])
  expect(found('tag:slow kind:shell')).toEqual([])
  expect(found('http://x')).toEqual([])
})

test('a hit in the code shows its line', () => {
  expect(findTasks(pipeline, 'x >', () => null)[0]!.line).toBe('from fetch where x > 0')
})

test('the outline nests groups and leaves out what is closed', () => {
  const rows = (closed: readonly string[]) =>
    outlineRows(pipeline, new Set(closed)).map((row) => `${row.depth} ${row.key}`)
  expect(rows([])).toEqual(['0 group\nall', '1 group\ninner', '2 clean', '1 report', '0 fetch'])
  expect(rows(['inner'])).toEqual(['0 group\nall', '1 group\ninner', '1 report', '0 fetch'])
  expect(rows(['all'])).toEqual(['0 group\nall', '0 fetch'])
  const placed = outlineRows(pipeline, new Set()).map(({ position, siblings }) => `${position}/${siblings}`)
  expect(placed).toEqual(['1/2', '1/2', '1/1', '2/2', '2/2'])
  expect([0, 1, 2, 3, 4].map((index) => parentRow(outlineRows(pipeline, new Set()), index))).toEqual([-1, 0, 1, 0, -1])
})
