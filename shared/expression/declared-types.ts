import type { Environment } from '@marcbachmann/cel-js'
import type { Parameter, ParameterType } from '../model/pipeline.ts'
import { type Expression, findingOf, type Reference, typedEnvironment } from './expression.ts'
import type { Finding } from './finding.ts'

type Parameters = ReadonlyMap<string, Parameter>

/** What is known of an expression's value before any run. */
export interface StaticType {
  /** CEL's name of it: `bool`, `list<int>`; `dyn` where only a run can tell. */
  readonly type: string
  /** Why no run could evaluate it, whatever the values; null where one might. */
  readonly fault: Finding | null
}

const CEL_TYPES: Readonly<Record<ParameterType, string>> = {
  string: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'bool',
  array: 'list',
  object: 'map<string, dyn>',
}

/** How many keys lead to a value whose type is told; what stops before takes the surroundings as a map. */
const TOLD: Readonly<Partial<Record<Reference['root'], number>>> = {
  params: 1,
  run: 1,
  tasks: 2,
  env: 0,
  secrets: 0,
  index: 0,
}

const remembered = new WeakMap<Expression, { readonly environment: Environment; readonly result: StaticType }>()

/**
 * Tells the types of expressions where parameters have the types they are declared with. An expression is looked at once
 * more only when a declaration has changed.
 */
export function staticTypes(params: Parameters): (expression: Expression) => StaticType {
  const environment = environmentOf(params)
  return (expression) => {
    const known = remembered.get(expression)
    if (known?.environment === environment) return known.result
    const result = isTold(expression)
      ? checked(expression, environment, params)
      : { type: expression.type, fault: null }
    remembered.set(expression, { environment, result })
    return result
  }
}

function isTold({ references }: Expression): boolean {
  const told = references.filter(({ root }) => TOLD[root] !== undefined)
  return told.length > 0 && told.every(({ root, path }) => path.length >= (TOLD[root] ?? 0))
}

function checked(expression: Expression, environment: Environment, params: Parameters): StaticType {
  const { valid, type, error } = environment.check(expression.source)
  if (valid) return { type: type ?? expression.type, fault: null }
  return { type: expression.type, fault: isCertain(expression, error) ? faultOf(expression, error, params) : null }
}

const MOST_ENVIRONMENTS = 20
const environments = new Map<string, Environment>()

/** The same one for the same declarations. */
function environmentOf(params: Parameters): Environment {
  const types = [...params].map(([name, { type }]) => [name, CEL_TYPES[type]] as const)
  const key = JSON.stringify(types)
  const environment = environments.get(key) ?? typedEnvironment(types)
  if (environments.size >= MOST_ENVIRONMENTS) environments.clear()
  environments.set(key, environment)
  return environment
}

/** What CEL refuses of values, too: not comparisons of unlike types (which are false), nor a choice between two types. */
const CERTAIN: ReadonlySet<string> = new Set([
  'no_such_overload',
  'no_matching_overload',
  'cannot_index_type',
  'invalid_index_type',
])
const COMPARISON = /no such overload: .+ (?:==|!=|in) /

function isCertain(expression: Expression, error: unknown): boolean {
  const { code = '', summary = '', range } = error as { code?: string; summary?: string; range?: Finding }
  return CERTAIN.has(code) && !COMPARISON.test(summary) && range !== undefined && expression.isAlwaysReached(range)
}

function faultOf({ source, references }: Expression, error: unknown, params: Parameters): Finding {
  const declared = new Set(
    references.flatMap(({ root, path: [name] }) => {
      const type = root === 'params' && name !== undefined ? params.get(name)?.type : undefined
      return type === undefined ? [] : [`\`params.${name}\` is declared as ${type}`]
    }),
  )
  const said = declared.size === 0 ? '' : `${[...declared].join(', ')}. `
  return {
    ...findingOf(error, source, 'EXPRESSION_TYPE'),
    hint: `${said}Compare it with a value of its type, or convert it: \`int(…)\`, \`double(…)\`, \`string(…)\`.`,
  }
}
