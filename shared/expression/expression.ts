import { type ASTNode, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js'
import type { Json } from '../model/pipeline.ts'
import { type Finding, found, type Outcome } from './finding.ts'
import { SCOPE_ROOTS, type Scope, type ScopeRoot } from './scope.ts'
import { fromCel, toCel } from './value.ts'

/** A name the expression looks at, as far as it is fixed: `tasks["a"].outputs.n` is root `tasks`, path ['a', 'outputs', 'n']. */
export interface Reference {
  readonly root: ScopeRoot
  readonly path: readonly string[]
  readonly start: number
  readonly end: number
}

export interface Expression {
  readonly source: string
  readonly references: readonly Reference[]
  /** CEL's name of the type it gives: `bool`, `list<int>`; `dyn` where only a run can tell. */
  readonly type: string
  /** True for `ident(…)`, which SQL writes as an identifier rather than a value. */
  readonly identifier: boolean
  /** Whether evaluating cannot get past this place: no choice and no `&&` or `||` lies before it. */
  isAlwaysReached(place: { readonly start: number; readonly end: number }): boolean
  evaluate(scope: Scope): Outcome<Json>
}

/** CEL's own arithmetic knows no int with double; people do. `1 / 2` stays the int 0, as CEL defines it. */
function makeEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  })
  const operators: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  }
  for (const [operator, apply] of Object.entries(operators)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => apply(Number(a), b))
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => apply(a, Number(b)))
  }
  environment.registerFunction('ident(dyn): dyn', (name: unknown) => name)
  return environment
}

const environment = makeEnvironment()

/**
 * For checks alone: it knows the types of what has one before a run. `params`: CEL types by name.
 * Evaluating stays with values as they are.
 */
export function typedEnvironment(params: readonly (readonly [name: string, type: string])[]): Environment {
  const types: Record<string, string> = Object.create(null)
  for (const [name, type] of params) types[name] = type
  return makeEnvironment()
    .registerVariable({ name: 'params', schema: types })
    .registerVariable({
      name: 'run',
      schema: { id: 'string', logicalDate: 'string', dataInterval: 'map<string, string>' },
    })
    .registerVariable('index', 'int')
    .registerVariable('env', 'map<string, string>')
    .registerVariable('secrets', 'map<string, string>')
    .registerType({ name: 'EndedTask', schema: { state: 'string', outputs: 'map<string, dyn>' } })
    .registerVariable('tasks', 'map<string, EndedTask>')
}

/** Compiles the CEL between `${{` and `}}`. Findings are relative to `source`. */
export function compileExpression(source: string): Outcome<Expression> {
  if (source.trim() === '') {
    return found({
      code: 'EXPRESSION_EMPTY',
      message: 'There is nothing between `${{` and `}}`.',
      start: 0,
      end: source.length,
    })
  }
  let program: ReturnType<Environment['parse']>
  try {
    program = environment.parse(source)
  } catch (error) {
    return found(findingOf(error, source, 'EXPRESSION_SYNTAX'))
  }
  const { references, unknown } = namesOf(program.ast)
  const findings = [...hyphens(program.ast), ...unknown.map(unknownName)]
  if (findings.length > 0) return found(...findings)
  // What this refuses no run could evaluate, whatever the values: evaluating begins with the same check.
  const { valid, type, error } = program.check()
  if (!valid) return found(findingOf(error, source, 'EXPRESSION_TYPE'))
  return {
    ok: true,
    value: {
      source,
      references,
      type: type ?? 'dyn',
      identifier: program.ast.op === 'call' && program.ast.args[0] === 'ident',
      isAlwaysReached: (place) => isAlwaysReached(program.ast, place),
      evaluate: (scope) => {
        try {
          return { ok: true, value: fromCel(program(contextOf(scope, references))) }
        } catch (error) {
          return found(findingOf(error, source, 'EXPRESSION_FAILED'))
        }
      },
    },
  }
}

function isAlwaysReached(node: ASTNode, place: { readonly start: number; readonly end: number }): boolean {
  const next = childrenOf(node).find(({ start, end }) => start <= place.start && place.end <= end)
  if (next === undefined) return true
  if (node.op === '&&' || node.op === '||') return false
  if (node.op === '?:' && next !== node.args[0]) return false
  if (node.op === 'rcall' && MACROS.has(node.args[0]) && next !== node.args[1]) return false
  return isAlwaysReached(next, place)
}

interface WrittenText {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** What a text names that may not compile for other reasons; null where its syntax cannot be read. */
export function namesIn(
  source: string,
): { readonly references: readonly Reference[]; readonly given: readonly WrittenText[] } | null {
  try {
    const { ast } = environment.parse(source)
    return { references: namesOf(ast).references, given: givenTexts(ast) }
  } catch {
    return null
  }
}

/** The texts that stand where they are what the expression gives, alone or in a list; not those it only compares with. */
function givenTexts(node: ASTNode): readonly WrittenText[] {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'string' ? [{ text: node.args, start: node.start, end: node.end }] : []
    case '?:':
      return node.args.slice(1).flatMap(givenTexts)
    case 'list':
      return node.args.flatMap(givenTexts)
    case 'map':
      return node.args.flatMap(([, value]) => givenTexts(value))
    case '[]':
      return givenTexts(node.args[0])
    // A text that is joined to another one is only a part of what is given.
    case '+':
      return node.args.filter(({ op }) => op !== 'value').flatMap(givenTexts)
    case 'rcall':
      if (node.args[0] === 'filter') return givenTexts(node.args[1])
      return node.args[0] === 'map' ? givenTexts(node.args[2].at(-1)!) : []
    default:
      return []
  }
}

/** Only what the expression names is converted: a scope may hold a thousand tasks' outputs. */
function contextOf(scope: Scope, references: readonly Reference[]): Record<string, unknown> {
  const context: Record<string, unknown> = Object.create(null)
  const roots = new Set(references.map((reference) => reference.root))
  if (roots.has('params')) context.params = paramsOf(scope)
  if (roots.has('env')) context.env = toCel(Object.fromEntries(scope.env))
  if (roots.has('secrets')) context.secrets = toCel(Object.fromEntries(scope.secrets))
  if (roots.has('run')) context.run = toCel(scope.run)
  if (roots.has('item') && scope.item !== undefined) context.item = toCel(scope.item)
  if (roots.has('index') && scope.index !== undefined) context.index = toCel(scope.index)
  if (roots.has('response') && scope.response !== undefined) context.response = toCel(scope.response)
  if (roots.has('tasks')) context.tasks = tasksOf(scope, references)
  return context
}

function paramsOf(scope: Scope): unknown {
  const params = new Map<string, unknown>()
  for (const [name, value] of Object.entries(scope.params)) params.set(name, toCel(value, scope.floatParams?.has(name)))
  return params
}

function tasksOf(scope: Scope, references: readonly Reference[]): unknown {
  const tasks = new Map<string, unknown>()
  const named = references.filter((reference) => reference.root === 'tasks')
  const ids = named.some((reference) => reference.path.length === 0)
    ? [...scope.tasks.keys()]
    : named.map((reference) => reference.path[0])
  for (const id of ids) {
    const task = scope.tasks.get(id)
    if (task) tasks.set(id, toCel({ state: task.state, outputs: task.outputs }))
  }
  return tasks
}

interface Names {
  readonly references: Reference[]
  readonly unknown: { readonly name: string; readonly start: number; readonly end: number }[]
}

const MACROS: ReadonlySet<string> = new Set(['map', 'filter', 'all', 'exists', 'exists_one'])

function namesOf(root: ASTNode): Names {
  const names: Names = { references: [], unknown: [] }
  visit(root, new Set())
  return names

  function visit(node: ASTNode, bound: ReadonlySet<string>): void {
    const chain = chainOf(node)
    if (chain && !bound.has(chain.name)) {
      if (isRoot(chain.name)) {
        names.references.push({ root: chain.name, path: chain.path, start: node.start, end: node.end })
      } else names.unknown.push({ name: chain.name, start: chain.node.start, end: chain.node.end })
      for (const index of chain.dynamic) visit(index, bound)
      return
    }
    if (node.op === 'rcall' && MACROS.has(node.args[0]) && node.args[2][0]?.op === 'id') {
      visit(node.args[1], bound)
      const within = new Set(bound).add(node.args[2][0].args)
      for (const argument of node.args[2].slice(1)) visit(argument, within)
      return
    }
    for (const child of childrenOf(node)) visit(child, bound)
  }
}

const isRoot = (name: string): name is ScopeRoot => (SCOPE_ROOTS as readonly string[]).includes(name)

/** `a.b["c"]` read from its root as far as the keys are fixed; null where the node is no such chain. */
function chainOf(
  node: ASTNode,
): { name: string; node: ASTNode; path: string[]; open: boolean; dynamic: ASTNode[] } | null {
  if (node.op === 'id') return { name: node.args, node, path: [], open: true, dynamic: [] }
  if (node.op === '.' || node.op === '.?') {
    const chain = chainOf(node.args[0])
    if (chain?.open) chain.path.push(node.args[1])
    return chain
  }
  if (node.op === '[]' || node.op === '[?]') {
    const [target, key] = node.args
    const chain = chainOf(target)
    if (!chain) return null
    if (key.op === 'value' && typeof key.args === 'string') {
      if (chain.open) chain.path.push(key.args)
    } else {
      chain.open = false
      chain.dynamic.push(key)
    }
    return chain
  }
  return null
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'list':
      return node.args
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args as readonly ASTNode[]
  }
}

/** `tasks.a-b.x` is a subtraction to CEL and a task id to people. */
function hyphens(root: ASTNode): Finding[] {
  const findings: Finding[] = []
  const pending: ASTNode[] = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    pending.push(...childrenOf(node))
    if (node.op !== '-') continue
    const left = chainOf(node.args[0])
    const right = chainOf(node.args[1])
    const isTask = left?.name === 'tasks' && left.path.length === 1 && node.args[0].op === '.'
    if (!isTask || !right || isRoot(right.name)) continue
    const id = `${left.path[0]}-${right.name}`
    const rest = right.path.map((key) => `.${key}`).join('')
    findings.push({
      code: 'EXPRESSION_HYPHEN',
      message: `\`${node.input.slice(node.start, node.end)}\` is a subtraction.`,
      hint: `Write \`tasks["${id}"]${rest}\`.`,
      start: node.start,
      end: node.end,
    })
  }
  return findings
}

function unknownName({ name, start, end }: Names['unknown'][number]): Finding {
  return {
    code: 'EXPRESSION_UNKNOWN_NAME',
    message: `There is no \`${name}\` in expressions.`,
    hint: `Expressions know ${SCOPE_ROOTS.map((root) => `\`${root}\``).join(', ')}; a text needs quotes.`,
    start,
    end,
  }
}

/** The library's complaint, as ours. */
export function findingOf(error: unknown, source: string, code: `EXPRESSION_${'SYNTAX' | 'TYPE' | 'FAILED'}`): Finding {
  if (!(error instanceof ParseError || error instanceof EvaluationError || error instanceof Error)) throw error
  const located = error as { summary?: string; range?: { start: number; end: number } }
  return {
    code,
    message: `\`${source.trim()}\`: ${located.summary ?? error.message}`,
    start: located.range?.start ?? 0,
    end: Math.max(located.range?.end ?? source.length, (located.range?.start ?? 0) + 1),
  }
}
