import { describe, expect, it } from 'vitest'
import type { Json } from '../model/pipeline.ts'
import { compileExpression } from './expression.ts'
import { scopeOf } from './scope.testing.ts'
import { evaluateTemplate, parseTemplate } from './template.ts'

function evaluated(source: string, scope = scopeOf()): Json {
  const compiled = compileExpression(source)
  if (!compiled.ok) throw new Error(compiled.findings[0].message)
  const value = compiled.value.evaluate(scope)
  if (!value.ok) throw new Error(value.findings[0].message)
  return value.value
}

describe('values', () => {
  it.each<[string, Json, Record<string, Json>]>([
    ['params.n + 1', 4, { n: 3 }],
    ['params.n * 1.5', 4.5, { n: 3 }],
    ['1 / 2', 0, {}],
    ['params.s + "!"', 'x!', { s: 'x' }],
    ['params.l.map(v, v * 2)', [2, 4], { l: [1, 2] }],
    ['params.o', { a: [1, 'b', null] }, { o: { a: [1, 'b', null] } }],
    ['params.l[0] == 1 ? "one" : "other"', 'one', { l: [1] }],
    ['has(params.missing)', false, {}],
    ['9007199254740993', '9007199254740993', {}],
  ])('%s', (source, expected, params) => {
    expect(evaluated(source, scopeOf(params))).toEqual(expected)
  })

  it('keeps a parameter of type number floating point where it is whole', () => {
    expect(evaluated('params.rate / 4', scopeOf({ rate: 2 }))).toBe(0)
    expect(evaluated('params.rate / 4', scopeOf({ rate: 2 }, { floatParams: new Set(['rate']) }))).toBe(0.5)
  })

  it('reads states and outputs of tasks, whatever their ids', () => {
    const tasks = new Map([
      ['a-b', { state: 'success', outputs: { n: 2 } }],
      ['__proto__', { state: 'failed', outputs: JSON.parse('{"__proto__": 7}') as Record<string, Json> }],
      ['constructor', { state: 'success', outputs: {} }],
    ])
    const scope = scopeOf({}, { tasks })
    expect(evaluated('tasks["a-b"].outputs.n + 1', scope)).toBe(3)
    expect(evaluated('tasks.__proto__.state', scope)).toBe('failed')
    expect(evaluated('tasks.__proto__.outputs["__proto__"]', scope)).toBe(7)
    expect(evaluated('tasks.constructor.state', scope)).toBe('success')
  })

  it('finds nothing that is only on the prototype of objects', () => {
    for (const source of ['params.constructor', 'params.__proto__', 'tasks.toString']) {
      expect(() => evaluated(source, scopeOf())).toThrow(/No such key/)
    }
  })
})

describe('findings', () => {
  const findingOf = (source: string) => {
    const compiled = compileExpression(source)
    return compiled.ok ? null : compiled.findings[0]
  }
  it('offers the index form where an id with a hyphen reads as a subtraction', () => {
    const finding = findingOf('tasks.a-b.outputs.n')
    expect(finding).toMatchObject({ code: 'EXPRESSION_HYPHEN', hint: 'Write `tasks["a-b"].outputs.n`.' })
    expect(findingOf('tasks.a.outputs.n - params.b')).toBeNull()
  })
  it('names an unknown name and where it stands', () => {
    expect(findingOf('1 + foo')).toMatchObject({ code: 'EXPRESSION_UNKNOWN_NAME', start: 4, end: 7 })
  })
  it('does not take the variable of a macro for a name', () => {
    expect(findingOf('params.l.filter(x, x > index)')).toBeNull()
    expect(findingOf('params.l.map(tasks, tasks + nope)')).toMatchObject({ message: expect.stringContaining('nope') })
  })
  it('lists what an expression looks at', () => {
    const compiled = compileExpression('tasks.a.outputs.b[params.i] + tasks["c-d"].state')
    expect(compiled.ok && compiled.value.references.map(({ root, path }) => [root, ...path])).toEqual([
      ['tasks', 'a', 'outputs', 'b'],
      ['params', 'i'],
      ['tasks', 'c-d', 'state'],
    ])
  })
  it.each(['', '   ', '1 +', '"open'])('refuses %j', (source) => expect(findingOf(source)).not.toBeNull())
})

describe('templates', () => {
  it.each<[string, Json]>([
    ['plain', 'plain'],
    ['${{ params.n }}', 3],
    ['  ${{ params.n }}\n', 3],
    ['n = ${{ params.n }}, l = ${{ params.l }}', 'n = 3, l = [1,"}}"]'],
    ['${{ {"a": {"b": params.n}} }}', { a: { b: 3 } }],
    ['${{ "}}" + \'{{\' }}!', '}}{{!'],
    ['${{ null }}x', 'x'],
    ["${{ // don't }\n1 + 1 }}", 2],
    ["${{ 1 // it's one }}", 1],
    ["${{ '''it's }} here''' }}", "it's }} here"],
    ["${{ 'a\\'}}' }}", "a'}}"],
  ])('%j', (text, expected) => {
    const template = parseTemplate(text)
    if (!template.ok) throw new Error(template.findings[0].message)
    expect(evaluateTemplate(template.value, scopeOf({ n: 3, l: [1, '}}'] }))).toEqual({ ok: true, value: expected })
  })
  it('says where an expression is not closed', () => {
    expect(parseTemplate('a ${{ params.n }')).toMatchObject({
      ok: false,
      findings: [{ code: 'EXPRESSION_UNCLOSED', start: 2 }],
    })
  })
  it('places a finding within the whole text', () => {
    expect(parseTemplate('ab ${{ nope }}')).toMatchObject({ ok: false, findings: [{ start: 7, end: 11 }] })
  })
})
