import type { CheckTask, HttpTask, PythonTask, SqlTask, Task } from '../../model/pipeline.ts'
import { bare, call, type FormatPart, pythonDict, pythonFormat, pythonString, pythonValue } from './python.ts'
import { fitsFunction, scanScript } from './script-scan.ts'
import { piecesOf, soleExpression, type TaskContext } from './task-context.ts'

/** Tasks that run in Airflow's own Python: a function under `@task`. */
export interface FunctionTask {
  /** Lines between `@task(…)` and `def`. */
  readonly decorators: readonly string[]
  /** Lines of the body, not yet indented; a line may go on inside a string. */
  readonly body: readonly string[]
  readonly multipleOutputs: boolean
}

/** The lines that skip a task whose `when` is false. */
export function whenLines(context: TaskContext, when: string | null, field = 'when'): string[] {
  if (when === null) return []
  context.file.importFrom('airflow.sdk.exceptions', 'AirflowSkipException')
  const source = soleExpression(when)
  return [
    `if not ${context.python(source, field)}:`,
    `    raise AirflowSkipException(${pythonString(`${source} is false`)})`,
  ]
}

/** Null where the code is a script that a function would change the meaning of; it then runs as a process of its own. */
export function pythonFunction(context: TaskContext, task: PythonTask): FunctionTask | null {
  const env = [...context.pipeline.env, ...task.env]
  if (task.interpreter !== null || env.some(([, value]) => value.includes('${{'))) return null
  const pieces = piecesOf(task.code)
  const literal = pieces.map((piece) => (piece.type === 'text' ? piece.text : '0')).join('')
  const used = new Set(['script', 'task', 'AirflowSkipException', 'Variable', 'params', 'ti', 'item', 'run_id', 'ts'])
  if (!fitsFunction(literal, scanScript(literal), used)) return null
  const code = pieces
    .map((piece) => (piece.type === 'text' ? piece.text : context.python(piece.source, 'code')))
    .join('')
  const args: string[] = []
  if (env.length > 0) args.push(`env=${pythonDict(env.map(([name, value]) => [name, pythonString(value)]))}`)
  if (task.secrets.length > 0) args.push(`secrets=${pythonValue(task.secrets)}`)
  if (task.cwd !== null) args.push(`cwd=${pythonString(task.cwd)}`)
  return {
    decorators: [`@${context.file.helper('script')}(${args.join(', ')})`],
    body: [...whenLines(context, task.when), ...codeLines(code)],
    multipleOutputs: true,
  }
}

/** Lines that begin inside a string stay part of the line before. */
function codeLines(code: string): string[] {
  const text = code.replace(/\s+$/, '')
  const { insideString } = scanScript(text)
  const lines: string[] = []
  text.split('\n').forEach((line, number) => {
    if (insideString[number]) lines[lines.length - 1] += `\n${line}`
    else lines.push(line)
  })
  const speaks = lines.some((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  return speaks ? lines : [...lines.filter((line) => line !== ''), 'pass']
}

/** DuckDB SQL. A person without Dagwright would write the same: the client is imported where it is used. */
export function sqlFunction(context: TaskContext, task: SqlTask): FunctionTask {
  const outputs = [...task.outputs].map(([name, query]): [string, string] => [
    name,
    `${context.file.helper('query_value')}(connection, ${sqlText(context, query, `outputs.${name}`)})`,
  ])
  return {
    decorators: [],
    body: [
      ...whenLines(context, task.when),
      `with ${openDatabase(context, task)} as connection:`,
      `    connection.execute(${sqlText(context, task.sql, 'sql')})`,
      ...(outputs.length === 0
        ? []
        : ['    return {', ...outputs.map(([name, value]) => `        ${pythonString(name)}: ${value},`), '    }']),
    ],
    multipleOutputs: outputs.length > 0,
  }
}

export function checkFunction(context: TaskContext, task: CheckTask): FunctionTask {
  const query = `connection.execute(${sqlText(context, task.sql, 'sql')})`
  const verdict =
    task.severity === 'error'
      ? [`    ${context.file.helper('fail_on_rows')}(${query})`]
      : [
          `    rows = ${query}.fetchall()`,
          '    if rows:',
          '        print(f"Warning: {len(rows)} violations, the first: {rows[0]}")',
        ]
  return {
    decorators: [],
    body: [...whenLines(context, task.when), `with ${openDatabase(context, task)} as connection:`, ...verdict],
    multipleOutputs: false,
  }
}

function openDatabase(context: TaskContext, task: SqlTask | CheckTask): string {
  context.loss(
    task.database === null ? 'sql' : 'database',
    'DuckDB',
    'Airflow has no DuckDB of its own, and only one process at a time can open a DuckDB file: these tasks wait for each other.',
    'A Python function over the `duckdb` package, which the workers need; the file lies beside the DAG.',
  )
  const args = [pythonString(task.database ?? `${context.pipeline.id}.duckdb`)]
  if (task.cwd !== null) args.push(`cwd=${pythonString(task.cwd)}`)
  if (task.kind === 'sql' && task.transaction === 'none') args.push('transaction=False')
  return `${context.file.helper('duckdb_connection')}(${args.join(', ')})`
}

/** A string in Python: an f-string where expressions stand in it, with values as literals of SQL. */
function sqlText(context: TaskContext, sql: string, field: string): string {
  const parts = piecesOf(sql).map((piece): FormatPart => {
    if (piece.type === 'text') return { text: piece.text }
    const value = context.python(piece.source, field)
    return {
      code: `${context.file.helper(/^ident\(/.test(piece.source) ? 'sql_identifier' : 'sql_literal')}(${bare(value)})`,
    }
  })
  return pythonFormat(parts)
}

export function httpFunction(context: TaskContext, task: HttpTask): FunctionTask {
  const value = (text: string, field: string) => {
    const pieces = piecesOf(text)
    const parts = pieces.map((piece) =>
      piece.type === 'text'
        ? pythonString(piece.text)
        : `${context.file.helper('text')}(${context.python(piece.source, field)})`,
    )
    return parts.length === 0 ? '""' : parts.join(' + ')
  }
  const headers = [...task.headers].map(([name, text]): [string, string] => [name, value(text, `headers.${name}`)])
  const args = [
    `"${task.method}"`,
    addressOf(context, task.url),
    pythonDict(headers),
    task.body === null ? 'None' : value(task.body, 'body'),
    task.expect === null ? 'None' : pythonValue(task.expect),
  ]
  const outputs = [...task.outputs].map(([name, text]) => {
    const source = soleExpression(text)
    return `    ${pythonString(name)}: ${context.python(source, `outputs.${name}`, 'response')},`
  })
  const [first, ...rest] = call(context.file.helper('http_request'), args)
  return {
    decorators: [],
    body: [
      ...whenLines(context, task.when),
      outputs.length === 0 ? first! : `response = ${first}`,
      ...rest,
      ...(outputs.length === 0 ? [] : ['return {', ...outputs, '}']),
    ],
    multipleOutputs: outputs.length > 0,
  }
}

/** Texts and values by turns, beginning with a text: a value is encoded as `renderUrl` does it. */
function addressOf(context: TaskContext, url: string): string {
  const parts: string[] = []
  for (const piece of piecesOf(url)) {
    const isText = piece.type === 'text'
    if (isText !== (parts.length % 2 === 0)) parts.push('""')
    parts.push(isText ? pythonString(piece.text) : bare(context.python(piece.source, 'url')))
  }
  if (parts.length <= 1) return parts[0] ?? '""'
  return `${context.file.helper('address')}(${parts.join(', ')})`
}

/** An empty operator never runs, so one with a condition is a function. */
export function noopFunction(context: TaskContext, task: Task): FunctionTask {
  const lines = whenLines(context, task.when)
  return { decorators: [], body: lines.length === 0 ? ['pass'] : lines, multipleOutputs: false }
}
