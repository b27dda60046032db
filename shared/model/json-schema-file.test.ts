import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pipelineJsonSchema } from './json-schema.ts'

describe('pipeline.schema.json', () => {
  it('is the schema of the format; write it anew with `npx dagwright schema > shared/model/pipeline.schema.json`', () => {
    const file = readFileSync(new URL('./pipeline.schema.json', import.meta.url), 'utf8')
    expect(JSON.parse(file)).toEqual(pipelineJsonSchema())
  })
})
