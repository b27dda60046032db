import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import type { ParameterType } from '../../model/pipeline.ts'

/**
 * CEL as Python or as Jinja. Both know attribute-free indexing, comparisons, `and`, `or`, `not`, `in`, `a if b else c`,
 * lists and dicts; they differ in calls and in how they reach Airflow's context.
 */
export type Dialect = 'python' | 'jinja'

/** What the expression needs around it. */
export interface Translation {
  readonly text: string
  /** Context variables of a task function that it reads: `params`, `ti`, … */
  readonly context: ReadonlySet<string>
  /** Names at module level: `Variable`, `re`. */
  readonly names: ReadonlySet<string>
  /** `ident(…)` at the top: in SQL an identifier rather than a value. */
  readonly identifier: boolean
}

/** What the names in an expression mean where it stands. */
export interface CelScope {
  readonly parameterType: (name: string) => ParameterType | undefined
  /** True where the task has many instances, whose outputs form a list. */
  readonly mapped: (task: string) => boolean
  /** The value of an environment variable as far as the file fixes it. */
  readonly env: ReadonlyMap<string, string>
  /** Source for `item`; null where there is none. */
  readonly item: string | null
  /** Source for `response`; null where there is none. */
  readonly response: string | null
}

const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true })

/** Null where Airflow's templating or Python has no equal; callers report the loss. */
export function translateCel(source: string, dialect: Dialect, scope: CelScope): Translation | null {
  let ast: ASTNode
  try {
    ast = environment.parse(source).ast
  } catch {
    return null
  }
  const identifier = ast.op === 'call' && ast.args[0] === 'ident' && ast.args[1].length === 1
  const translator = new Translator(dialect, scope)
  const text = translator.translate(identifier && ast.op === 'call' ? ast.args[1][0]! : ast)
  if (text === null) return null
  return { text, context: translator.context, names: translator.names, identifier }
}

/** Names that `params.NAME` would take for a method. */
const DICT_METHODS = new Set(
  'clear copy deserialize dump fromkeys get get_param items keys pop popitem serialize setdefault suppress_exception update validate values'.split(
    ' ',
  ),
)

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in'])
const ARITHMETIC = new Set(['+', '-', '*'])

/** Methods of strings that have the same meaning under another name. */
const METHODS: Readonly<Record<string, string>> = {
  startsWith: 'startswith',
  endsWith: 'endswith',
  lowerAscii: 'lower',
  upperAscii: 'upper',
  split: 'split',
  trim: 'strip',
  replace: 'replace',
}

class Translator {
  readonly context = new Set<string>()
  readonly names = new Set<string>()
  private readonly dialect: Dialect
  private readonly scope: CelScope

  constructor(dialect: Dialect, scope: CelScope) {
    this.dialect = dialect
    this.scope = scope
  }

  translate(node: ASTNode): string | null {
    const root = this.rooted(node)
    if (root !== undefined) return root
    if (COMPARISONS.has(node.op) || ARITHMETIC.has(node.op))
      return this.binary(node.args as [ASTNode, ASTNode], node.op)
    switch (node.op) {
      case 'value':
        return literal(node.args)
      case '.':
        return this.join(node.args[0], (object) => `${object}[${quote(node.args[1])}]`)
      case '[]':
        return this.pair(node.args, (object, key) => `${object}[${key}]`)
      case '&&':
        return this.binary(node.args, 'and')
      case '||':
        return this.binary(node.args, 'or')
      case '!_':
        return this.join(node.args, (operand) => `(not ${operand})`)
      case '-_':
        return this.join(node.args, (operand) => `(-${operand})`)
      case '/':
      case '%':
        return this.division(node.args, node.op)
      case '?:':
        return this.all(node.args, ([test, yes, no]) => `(${yes} if ${test} else ${no})`)
      case 'list':
        return this.all(node.args, (items) => `[${items.join(', ')}]`)
      case 'map':
        return this.all(node.args.flat(), (parts) => {
          const entries = node.args.map((_, index) => `${parts[2 * index]}: ${parts[2 * index + 1]}`)
          return `{${entries.join(', ')}}`
        })
      case 'call':
        return this.call(node.args[0], node.args[1])
      case 'rcall':
        return this.method(node.args[0], node.args[1], node.args[2])
      default:
        return null
    }
  }

  /** A chain that begins at one of Dagwright's names; undefined where the node is no such chain. */
  private rooted(node: ASTNode): string | null | undefined {
    const path = pathOf(node)
    if (path === null) return undefined
    const [root, ...keys] = path
    switch (root) {
      case 'params':
        return this.uses('params', this.parameter(keys))
      case 'tasks':
        return keys[1] === 'outputs' && keys[2] !== undefined ? this.output(keys[0]!, keys[2], keys.slice(3)) : null
      case 'run':
        return this.run(keys.join('.'))
      case 'env':
        return this.scope.env.has(keys[0] ?? '') && keys.length === 1 ? quote(this.scope.env.get(keys[0]!)!) : null
      case 'secrets':
        return keys.length === 1 ? this.secret(keys[0]!) : null
      case 'item':
        return this.scope.item === null ? null : indexed(this.scope.item, keys)
      case 'response':
        return this.scope.response === null ? null : indexed(this.scope.response, keys)
      case 'index':
        return keys.length === 0 ? this.uses('ti', 'ti.map_index') : null
      default:
        return null
    }
  }

  private parameter(keys: readonly string[]): string {
    const [first, ...rest] = keys
    const dotted =
      this.dialect === 'jinja' && first !== undefined && /^[a-z]\w*$/i.test(first) && !DICT_METHODS.has(first)
    return dotted ? indexed(`params.${first}`, rest) : indexed('params', keys)
  }

  private output(task: string, key: string, rest: readonly string[]): string {
    const ids = this.scope.mapped(task) ? `[${quote(task)}]` : quote(task)
    return this.uses('ti', indexed(`ti.xcom_pull(task_ids=${ids}, key=${quote(key)})`, rest))
  }

  private run(field: string): string | null {
    switch (field) {
      case 'id':
        return this.uses('run_id', 'run_id')
      case 'logicalDate':
        return this.uses('ts', 'ts')
      case 'dataInterval.start':
        return this.uses('data_interval_start', 'data_interval_start.isoformat()')
      case 'dataInterval.end':
        return this.uses('data_interval_end', 'data_interval_end.isoformat()')
      default:
        return null
    }
  }

  private secret(name: string): string {
    if (this.dialect === 'jinja')
      return /^[A-Za-z]\w*$/.test(name) ? `var.value.${name}` : `var.value.get(${quote(name)})`
    this.names.add('Variable')
    return `Variable.get(${quote(name)})`
  }

  private call(name: string, args: readonly ASTNode[]): string | null {
    if (name === 'has' && args[0]?.op === '.') {
      const [object, key] = args[0].args
      return this.join(object, (text) => `(${quote(key)} in ${text})`)
    }
    const [python, filter] = FUNCTIONS[name] ?? []
    if (python === undefined || args.length !== 1) return null
    return this.join(args[0]!, (text) => (this.dialect === 'python' ? `${python}(${text})` : `(${text} | ${filter})`))
  }

  private method(name: string, object: ASTNode, args: readonly ASTNode[]): string | null {
    if (name === 'size' && args.length === 0) return this.call('size', [object])
    if (name === 'contains' && args.length === 1)
      return this.pair([object, args[0]!], (text, part) => `(${part} in ${text})`)
    if (name === 'join') return this.all([object, ...args], ([list, mark = '""']) => `${mark}.join(${list})`)
    if (name === 'matches' && args.length === 1 && this.dialect === 'python') {
      this.names.add('re')
      return this.pair([object, args[0]!], (text, pattern) => `bool(re.search(${pattern}, ${text}))`)
    }
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
    if (method === undefined) return null
    return this.all([object, ...args], ([text, ...rest]) => `${text}.${method}(${rest.join(', ')})`)
  }

  /** CEL divides whole numbers to whole numbers, Python does not: only where the types are known. */
  private division(args: readonly [ASTNode, ASTNode], operator: '/' | '%'): string | null {
    const types = args.map((arg) => this.numberType(arg))
    if (types.includes('double')) return this.binary(args, operator)
    // CEL rounds towards zero, `//` and `%` downwards: the same for what is known not to be negative.
    const [dividend, divisor] = args
    const safe = types.every((type) => type === 'int') && divisor.op === 'value' && Number(divisor.args) > 0
    if (!safe) return null
    return this.pair([dividend, divisor], (a, b) =>
      operator === '/'
        ? `(${a} // ${b} if ${a} >= 0 else -(-${a} // ${b}))`
        : `(${a} % ${b} if ${a} >= 0 else -(-${a} % ${b}))`,
    )
  }

  private numberType(node: ASTNode): 'int' | 'double' | null {
    if (node.op === 'value')
      return typeof node.args === 'bigint' ? 'int' : typeof node.args === 'number' ? 'double' : null
    const path = pathOf(node)
    if (path?.[0] !== 'params' || path.length !== 2) return null
    const type = this.scope.parameterType(path[1]!)
    return type === 'integer' ? 'int' : type === 'number' ? 'double' : null
  }

  private uses(variable: string, text: string): string {
    this.context.add(variable)
    return text
  }

  private binary(args: readonly [ASTNode, ASTNode], operator: string): string | null {
    return this.pair(args, (left, right) => `(${left} ${operator} ${right})`)
  }

  private join(node: ASTNode, write: (text: string) => string): string | null {
    const text = this.translate(node)
    return text === null ? null : write(text)
  }

  private pair(nodes: readonly [ASTNode, ASTNode], write: (a: string, b: string) => string): string | null {
    return this.all(nodes, ([a, b]) => write(a!, b!))
  }

  private all(nodes: readonly ASTNode[], write: (texts: string[]) => string): string | null {
    const texts = nodes.map((node) => this.translate(node))
    return texts.every((text) => text !== null) ? write(texts) : null
  }
}

/** Name in Python, filter in Jinja. */
const FUNCTIONS: Readonly<Record<string, readonly [python: string, filter: string]>> = Object.assign(
  Object.create(null),
  { size: ['len', 'length'], string: ['str', 'string'], int: ['int', 'int'], double: ['float', 'float'] },
)

/** The keys of `a.b["c"]` as long as they are fixed; null for anything else. */
function pathOf(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args]
  if (node.op === '.') {
    const path = pathOf(node.args[0])
    return path && [...path, node.args[1]]
  }
  if (node.op === '[]' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    const path = pathOf(node.args[0])
    return path && [...path, node.args[1].args]
  }
  return null
}

function indexed(object: string, keys: readonly string[]): string {
  return object + keys.map((key) => `[${quote(key)}]`).join('')
}

/** A string that Python and Jinja read alike: both know backslash escapes and \\uXXXX. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]|[^\x20-\x7e]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    const code = character.codePointAt(0)!.toString(16)
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`
  })}"`
}

function literal(value: unknown): string | null {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return Number.isInteger(value) ? `${value}.0` : String(value)
  return null
}
