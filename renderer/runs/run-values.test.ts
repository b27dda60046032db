import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { readForm, rememberedTexts, rememberParams } from './run-values.ts'

function pipelineWith(params: string): Pipeline {
  const { pipeline } = parseDocument(`dagwright: 1\nid: p\nparams:\n${params}tasks:\n  a: { kind: noop }\n`)
  if (pipeline === null) throw new Error('The pipeline cannot be read.')
  return pipeline
}

const PIPELINE = pipelineWith(`  count: { type: integer, default: 3 }
  name: { type: string }
  list: { type: array }
  __proto__: { type: boolean, default: false }
`)

describe('readForm', () => {
  it('sends what was typed, and leaves defaults to the pipeline', () => {
    const reading = readForm(
      PIPELINE,
      new Map([
        ['list', '[1]'],
        ['__proto__', 'true'],
      ]),
    )
    expect([...reading.errors]).toEqual([])
    expect(Object.entries(reading.params)).toEqual([
      ['name', ''],
      ['list', [1]],
      ['__proto__', true],
    ])
  })

  it('names each parameter that cannot be read', () => {
    const reading = readForm(
      PIPELINE,
      new Map([
        ['count', 'x'],
        ['gone', 'y'],
      ]),
    )
    expect([...reading.errors.keys()]).toEqual(['count', 'list'])
  })
})

describe('remembered parameters', () => {
  const stored = new Map<string, string>()
  beforeEach(() => {
    stored.clear()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('come back for the same file of the same workspace', () => {
    const { params } = readForm(
      PIPELINE,
      new Map([
        ['count', '7'],
        ['name', 'x'],
        ['list', '["a"]'],
      ]),
    )
    rememberParams('/w', 'p.dag.yaml', params)
    const texts = rememberedTexts('/w', 'p.dag.yaml', PIPELINE)
    expect(readForm(PIPELINE, texts)).toEqual({ params, errors: new Map() })
    expect(rememberedTexts('/other', 'p.dag.yaml', PIPELINE).size).toBe(0)
  })

  it('leave out what is gone or of another type by now', () => {
    rememberParams('/w', 'p', { count: 'seven', name: 'x', gone: 1 })
    expect([...rememberedTexts('/w', 'p', PIPELINE)]).toEqual([['name', 'x']])
  })

  it('are none where the store holds something else', () => {
    for (const text of ['', '{', '[]', 'null', '3']) {
      stored.set('dagwright.params./w\np', text)
      expect(rememberedTexts('/w', 'p', PIPELINE).size).toBe(0)
    }
  })
})
