import { describe, expect, it } from 'vitest'
import {
  readCondition,
  readDuration,
  readJsonList,
  readJsonOrText,
  readListOrExpression,
  readNumber,
  readNumbers,
} from './draft.ts'

const refused = { ok: false, message: expect.any(String) }

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of pipelines
describe('reading fields', () => {
  it.each([
    [readDuration('10m'), { ok: true, value: '10m' }],
    [readDuration(' '), { ok: true, value: undefined }],
    [readDuration('10'), refused],
    [readNumber('3', { integer: true, minimum: 1 }), { ok: true, value: 3 }],
    [readNumber('0', { minimum: 1 }), refused],
    [readNumber('1.5', { integer: true }), refused],
    [readNumber('0x10', {}), refused],
    [readNumber('', {}), { ok: true, value: undefined }],
    [readNumbers('1, 75'), { ok: true, value: [1, 75] }],
    [readNumbers('1, x'), refused],
    [readJsonOrText('5'), { ok: true, value: 5 }],
    [readJsonOrText('"5"'), { ok: true, value: '5' }],
    [readJsonOrText('five'), { ok: true, value: 'five' }],
    [readJsonList('["a"]'), { ok: true, value: ['a'] }],
    [readJsonList('{}'), refused],
    [readListOrExpression(' ${{ params.list }} '), { ok: true, value: '${{ params.list }}' }],
    [readListOrExpression('params.list'), refused],
    [readCondition('false'), { ok: true, value: false }],
    [readCondition('${{ params.full }}'), { ok: true, value: '${{ params.full }}' }],
    [readCondition('params.full'), refused],
  ])('%#', (reading, expected) => expect(reading).toEqual(expected))
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: expressions of pipelines
