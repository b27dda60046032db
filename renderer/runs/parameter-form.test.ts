import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, Parameter, ParameterType } from '#shared/model/pipeline.ts'
import { changedParameters, parameterText, readParameter } from './parameter-form.ts'

function parameter(type: ParameterType, rest: Partial<Parameter> = {}): Parameter {
  return { type, default: undefined, description: '', enum: null, minimum: null, maximum: null, ...rest }
}

const jsonValue = fc.jsonValue() as fc.Arbitrary<Json>
const typed: fc.Arbitrary<readonly [Parameter, Json]> = fc.oneof(
  fc.string({ minLength: 1 }).map((value) => [parameter('string'), value] as const),
  fc.maxSafeInteger().map((value) => [parameter('integer'), value === 0 ? 0 : value] as const),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => [parameter('number'), value === 0 ? 0 : value] as const),
  fc.boolean().map((value) => [parameter('boolean'), value] as const),
  fc.array(jsonValue).map((value) => [parameter('array'), value] as const),
  fc.dictionary(fc.string(), jsonValue).map((value) => [parameter('object'), value] as const),
)

describe('readParameter', () => {
  it('reads back what it shows, for every type', () => {
    fc.assert(
      fc.property(typed, ([declared, value]) => {
        const reading = readParameter(declared, parameterText(declared, value))
        expect(reading.ok && JSON.stringify(reading.value)).toBe(JSON.stringify(value))
      }),
    )
  })

  it.each([
    ['integer', '1.5', 'A whole number is needed.'],
    ['integer', '1e400', '“1e400” is not a number.'],
    ['number', '0x10', '“0x10” is not a number.'],
    ['number', 'Infinity', '“Infinity” is not a number.'],
    ['boolean', 'yes', 'Choose true or false.'],
    ['array', '{}', 'A JSON list is needed, e.g. ["a", "b"].'],
    ['object', '[]', 'A JSON object is needed, e.g. {"key": "value"}.'],
    ['integer', ' ', 'A value is needed: this parameter has no default.'],
  ] as const)('refuses %s %j', (type, text, message) => {
    expect(readParameter(parameter(type), text)).toEqual({ ok: false, message })
  })

  it('takes an empty field as the default, and an empty text where there is none', () => {
    expect(readParameter(parameter('integer', { default: 3 }), '')).toEqual({ ok: true, value: undefined })
    expect(readParameter(parameter('string', { default: 'x' }), '')).toEqual({ ok: true, value: undefined })
    expect(readParameter(parameter('string'), '')).toEqual({ ok: true, value: '' })
  })

  it('keeps to choices and limits', () => {
    expect(readParameter(parameter('integer', { minimum: 2 }), '1')).toEqual({ ok: false, message: 'At least 2.' })
    expect(readParameter(parameter('integer', { maximum: 2 }), '3')).toEqual({ ok: false, message: 'At most 2.' })
    const choice = parameter('string', { enum: ['a', 'b'] })
    expect(readParameter(choice, '"b"')).toEqual({ ok: true, value: 'b' })
    expect(readParameter(choice, '"c"')).toEqual({ ok: false, message: 'Choose one of "a", "b".' })
  })
})

describe('changedParameters', () => {
  it('lists what differs from the defaults', () => {
    const parameters = new Map([
      ['same', parameter('integer', { default: 1 })],
      ['other', parameter('array', { default: [1] })],
    ])
    expect(changedParameters({ same: 1, other: [2], gone: 'x' }, parameters)).toEqual([
      { name: 'other', value: [2], default: [1] },
      { name: 'gone', value: 'x', default: undefined },
    ])
  })
})
