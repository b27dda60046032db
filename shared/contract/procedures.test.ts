import { expect, test } from 'vitest'
import { contract } from './procedures.ts'

test('a parameter may have any name', async () => {
  const { inputSchema } = contract.runs.start['~orpc']
  const params: unknown = JSON.parse('{"__proto__": 1, "constructor": [2]}')
  const read = await inputSchema!['~standard'].validate({ workspace: '/w', path: 'a.dag.yaml', params })
  expect(read.issues).toBe(undefined)
  expect(Object.entries('value' in read ? read.value.params : {})).toEqual([
    ['__proto__', 1],
    ['constructor', [2]],
  ])
  expect(await inputSchema!['~standard'].validate({ workspace: '/w', path: 'a', params: [1] })).toHaveProperty('issues')
})
