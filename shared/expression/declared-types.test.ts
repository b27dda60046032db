import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, Parameter, ParameterType } from '../model/pipeline.ts'
import { staticTypes } from './declared-types.ts'
import { compileExpression, type Expression } from './expression.ts'
import { scopeOf } from './scope.testing.ts'

const TYPES: Readonly<Record<string, ParameterType>> = {
  n: 'integer',
  r: 'number',
  s: 'string',
  b: 'boolean',
  l: 'array',
  o: 'object',
}

function declared(types: Readonly<Record<string, ParameterType>>): ReadonlyMap<string, Parameter> {
  const rest = { default: undefined, description: '', enum: null, minimum: null, maximum: null }
  return new Map(Object.entries(types).map(([name, type]) => [name, { ...rest, type }]))
}

function compiled(source: string): Expression | null {
  const result = compileExpression(source)
  return result.ok ? result.value : null
}

const told = (source: string, params = declared(TYPES)) => {
  const { type, fault } = staticTypes(params)(compiled(source)!)
  return fault ? `${fault.start}-${fault.end} ${fault.message}` : type
}

describe('the type of an expression before a run', () => {
  it.each([
    ['params.n', 'int'],
    ['params["n"] * 2.5', 'double'],
    ['params.r', 'double'],
    ['params.s', 'string'],
    ['params.b', 'bool'],
    ['size(params.l)', 'int'],
    ['params.l[0]', 'dyn'],
    ['params.o.key.inner', 'dyn'],
    ['run.id', 'string'],
    ['run.dataInterval.start', 'string'],
    ['index', 'int'],
    ['env.A', 'string'],
    ['tasks.a.state', 'string'],
    ['tasks["a-b"].outputs.n', 'dyn'],
    ['item', 'dyn'],
    // What is declared nowhere is complained of elsewhere.
    ['params.nothing', 'dyn'],
    // The surroundings as a whole are a map like any other.
    ['size(params)', 'int'],
    ['"n" in params', 'bool'],
    ['size(run.dataInterval)', 'int'],
    // Comparing unlike types is false, a choice between two types has one of them, and what is not reached does no harm.
    ['params.n == "1"', 'bool'],
    ['params.n in ["1"]', 'bool'],
    ['params.b ? params.n : params.r', 'dyn'],
    ['params.b ? params.n > 1 : params.s > 1', 'bool'],
    ['params.b || params.s', 'bool'],
  ])('%s', (source, type) => expect(told(source)).toBe(type))

  it.each([
    ['!params.n', '0-9 `!params.n`: no such overload: !int'],
    ['params.s > 1 && params.b', 'bool'],
    ['size(params.s + 1) > 2', '5-17 `size(params.s + 1) > 2`: no such overload: string + int'],
    ['params.n.startsWith("1")', /no matching overload/],
    ['params.s.inner', /Cannot index type/],
  ])('%s can be evaluated with no value', (source, message) => {
    if (typeof message === 'string') expect(told(source)).toBe(message)
    else expect(told(source)).toMatch(message)
  })

  it('follows a declaration that changes, also where a name means something to JavaScript', () => {
    const params = (type: ParameterType) => declared(JSON.parse(`{ "__proto__": "${type}", "constructor": "${type}" }`))
    const expressions = ['params["__proto__"]', 'params.constructor'].map((source) => compiled(source)!)
    for (const [type, cel] of [
      ['integer', 'int'],
      ['string', 'string'],
    ] as const) {
      for (const expression of expressions) expect(staticTypes(params(type))(expression).type).toBe(cel)
    }
  })

  it('is that of every value it gives, and what is refused no values can save', () => {
    const { expressions } = fc.letrec<{ expressions: string }>((tie) => ({
      expressions: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom(
          'params.n',
          'params.r',
          'params.s',
          'params.b',
          'params.l',
          'params.o',
          '1',
          '2.5',
          '"a"',
          'true',
          'index',
        ),
        fc
          .tuple(
            tie('expressions'),
            fc.constantFrom('+', '-', '*', '<', '>=', '==', '!=', 'in', '&&', '||'),
            tie('expressions'),
          )
          .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
        fc.tuple(tie('expressions'), tie('expressions'), tie('expressions')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
        tie('expressions').map((inner) => `size(${inner})`),
        tie('expressions').map((inner) => `!(${inner})`),
        tie('expressions').map((inner) => `${inner}[0]`),
        tie('expressions').map((inner) => `[1, "b"].exists(x, x == ${inner})`),
      ),
    }))
    const values = fc.record<Record<string, Json>>({
      n: fc.integer({ min: -9, max: 9 }),
      r: fc.double({ noNaN: true, noDefaultInfinity: true }),
      s: fc.string(),
      b: fc.boolean(),
      l: fc.constantFrom<Json>([], [1], ['a', 2.5]),
      o: fc.constantFrom<Json>({}, { a: 1 }),
    })
    let refused = 0
    fc.assert(
      fc.property(expressions, values, (source, params) => {
        const expression = compiled(source)
        if (expression === null) return
        const { type, fault } = staticTypes(declared(TYPES))(expression)
        const result = expression.evaluate({ ...scopeOf(params, { floatParams: new Set(['r']) }), index: 0 })
        if (fault) {
          refused++
          expect(result.ok).toBe(false)
        } else if (result.ok && type !== 'dyn' && result.value !== null) {
          const kinds = { int: 'number', double: 'number', string: 'string', bool: 'boolean' } as Record<string, string>
          expect(typeof result.value).toBe(kinds[type] ?? 'object')
        }
      }),
      { numRuns: 3000, seed: 7 },
    )
    expect(refused).toBeGreaterThan(100)
  })
})
