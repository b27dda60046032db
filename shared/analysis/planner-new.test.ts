import { expect, test } from 'vitest'
import { readRush } from './planner-file.ts'
import { newPlanText } from './planner-new.ts'

test('a new plan can be planned as it is', () => {
  const { rush, problems } = readRush(newPlanText('Morning "rush": 1', []))
  expect(problems).toEqual([])
  expect(rush).toMatchObject({ name: 'Morning "rush": 1', pipelines: [{ id: 'first' }] })
})

test('a new plan is of the pipelines that there are, each under an id of its own', () => {
  const { rush, files, problems } = readRush(
    newPlanText('p', ['sales.dag.yaml', 'old/Sales.dag.yaml', '2 odd #.dag.yaml']),
  )
  expect(problems).toEqual([])
  expect(files.map(({ path }) => path)).toEqual(['sales.dag.yaml', 'old/Sales.dag.yaml', '2 odd #.dag.yaml'])
  expect(rush?.pipelines.map(({ id }) => id)).toEqual(['sales', 'Sales_2', '_2_odd'])
})
