import { scanShell } from '../../expression/language/shell.ts'
import { parseTemplate } from '../../expression/template.ts'
import type { JavascriptTask, PythonTask, ShellTask, Task } from '../../model/pipeline.ts'
import { translateCel } from './cel.ts'
import { jinjaTemplate, rawText } from './jinja.ts'
import { bare, pythonBlock, pythonDict, pythonString } from './python.ts'
import { soleExpression, type TaskContext } from './task-context.ts'

/** Tasks that run as a process of their own: `BashOperator`. */
export interface BashTask {
  /** `name=value`, after the common arguments. */
  readonly args: readonly string[]
  /** Of a mapped task: environment of one instance, as a dict in Python over `item`. */
  readonly instanceEnv: string
  readonly multipleOutputs: boolean
}

type ProcessTask = ShellTask | PythonTask | JavascriptTask

/** Given by Dagwright to every task; written only where a script names it. */
const GIVEN: Readonly<Record<string, string>> = {
  DAGWRIGHT_RUN_ID: '{{ run_id }}',
  DAGWRIGHT_TASK_ID: '{{ ti.task_id }}',
  DAGWRIGHT_INDEX: '{{ ti.map_index }}',
  DAGWRIGHT_ATTEMPT: '{{ ti.try_number }}',
  DAGWRIGHT_LOGICAL_DATE: '{{ ts }}',
}

export function bashTask(context: TaskContext, task: ProcessTask): BashTask {
  const items = new ItemVariables(context, task)
  const script = scriptOf(context, task, items)
  const outputs = script.includes('DAGWRIGHT_OUTPUT') || returnsOutputs(task)
  const env = environment(context, task, script)
  const mapped = task.forEach !== null
  const lines = [
    ...(task.when === null ? [] : [whenLine(context, task.when, items)]),
    ...(needsStrictMode(task, script)
      ? [`set -e${task.kind === 'shell' && task.shell === 'sh' ? '' : 'o pipefail'}`]
      : []),
    ...(mapped ? [...env].map(([name, value]) => `export ${name}=${value.shell}`) : []),
    ...(/DAGWRIGHT_TMP/.test(script) ? ['export DAGWRIGHT_TMP="$(mktemp -d)"'] : []),
    ...(outputs ? ['export DAGWRIGHT_OUTPUT="$(mktemp)"', OUTPUT_TRAP] : []),
    script,
  ]
  const command = lines.length === 1 ? oneLine(script) : lines.join('\n')
  const args = [`bash_command=${command.includes('\n') ? pythonBlock(command) : pythonString(command)}`]
  if (!mapped && env.size > 0) {
    args.push(`env=${pythonDict([...env].map(([name, value]) => [name, pythonString(value.plain)]))}`)
  }
  if (mapped || env.size > 0) args.push('append_env=True')
  args.push(cwdArgument(context, task))
  if (outputs) args.push(`output_processor=${context.file.helper('bash_outputs')}`)
  if (task.when === null && /\b99\b/.test(script)) args.push('skip_on_exit_code=None')
  context.file.importFrom('airflow.providers.standard.operators.bash', 'BashOperator')
  return { args, instanceEnv: items.dict(), multipleOutputs: outputs }
}

const OUTPUT_TRAP = `trap 'echo; base64 "$DAGWRIGHT_OUTPUT" | tr -d "\\n"; rm -f "$DAGWRIGHT_OUTPUT"' EXIT`

function returnsOutputs(task: ProcessTask): boolean {
  return task.kind === 'javascript' && /\bexport\s+default\b|\bas\s+default\b/.test(task.code)
}

function oneLine(script: string): string {
  return script.replace(/\n$/, '')
}

/** A single simple command needs none; Bash by itself goes on after a failed line. */
function needsStrictMode(task: Task, script: string): boolean {
  return task.kind === 'shell' && /[\n;|&]/.test(oneLine(script))
}

function whenLine(context: TaskContext, when: string, items: ItemVariables): string {
  const source = soleExpression(when)
  const variable = items.conditionVariable(source)
  if (variable !== null) return `[ "$${variable}" = true ] || exit 99`
  return `{% if not ${context.jinja(source, 'when').text} %}exit 99{% endif %}`
}

function cwdArgument(context: TaskContext, task: Task): string {
  const workdir = context.file.workdir()
  return task.cwd === null ? `cwd=${workdir}` : `cwd=os.path.join(${workdir}, ${pythonString(rawText(task.cwd))})`
}

interface EnvValue {
  /** As a value of `env`. */
  readonly plain: string
  /** As a word of Bash. */
  readonly shell: string
}

function environment(context: TaskContext, task: Task, script: string): Map<string, EnvValue> {
  const env = new Map<string, EnvValue>()
  for (const [name, value] of [...context.pipeline.env, ...task.env]) {
    env.set(name, {
      plain: jinjaTemplate(value, 'text', context, `env.${name}`),
      shell: value.includes('${{') ? jinjaTemplate(value, 'quote', context, `env.${name}`) : rawText(shellWord(value)),
    })
  }
  for (const name of task.secrets) {
    const template = `{{ var.value.get(${pythonString(name)}) }}`
    env.set(name, {
      plain: template,
      shell: `{{ var.value.get(${pythonString(name)}) | ${context.file.filter('quote')} }}`,
    })
  }
  for (const [name, value] of Object.entries(GIVEN)) {
    if (script.includes(name))
      env.set(name, { plain: value, shell: value.replace(' }}', ` | ${context.file.filter('quote')} }}`) })
  }
  if (script.includes('DAGWRIGHT_WORKSPACE'))
    env.set('DAGWRIGHT_WORKSPACE', { plain: '{{ task.dag.folder }}', shell: '"{{ task.dag.folder }}"' })
  return env
}

function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

function scriptOf(context: TaskContext, task: ProcessTask, items: ItemVariables): string {
  if (task.kind === 'shell') return shellScript(context, task, items)
  if (task.kind === 'python') {
    const code = jinjaTemplate(task.code, 'python', context, 'code', items.python)
    return heredoc(`${interpreterOf(context, task, 'python3')} -`, 'PYTHON', code)
  }
  const code = jinjaTemplate(task.code, 'tojson', context, 'code', items.javascript)
  const node = interpreterOf(context, task, 'node')
  if (!returnsOutputs(task)) return heredoc(`${node} --input-type=module`, 'JAVASCRIPT', code)
  // A module's relative imports are resolved beside it, so its file stands in the working directory.
  return [
    'module="$(mktemp "$PWD/.dagwright-XXXXXX.mjs")"',
    heredoc('cat > "$module"', 'JAVASCRIPT', code),
    `${node} --input-type=module - "$module" <<'RUN' || { status=$?; rm -f "$module"; exit $status; }`,
    'import { appendFileSync } from "node:fs"',
    'const { default: made } = await import(process.argv[2])',
    'const outputs = typeof made === "function" ? await made() : await made',
    'for (const [key, value] of Object.entries(outputs ?? {})) {',
    '  appendFileSync(process.env.DAGWRIGHT_OUTPUT, `${key}:=${JSON.stringify(value)}\\n`)',
    '}',
    'RUN',
    'rm -f "$module"',
  ].join('\n')
}

function interpreterOf(context: TaskContext, task: PythonTask | JavascriptTask, usual: string): string {
  if (task.interpreter === null) return usual
  context.loss(
    'interpreter',
    'Interpreters',
    "Airflow's workers do not share this machine's interpreters.",
    'The same command, which must exist on the workers.',
  )
  return rawText(shellWord(task.interpreter))
}

function shellScript(context: TaskContext, task: ShellTask, items: ItemVariables): string {
  if (task.shell !== 'powershell' && task.shell !== 'cmd') return unixScript(context, task, items)
  const script = jinjaTemplate(task.run, 'quote', context, 'run', items.shell)
  const program = task.shell === 'powershell' ? 'pwsh -NoProfile -NonInteractive -Command -' : 'cmd.exe /q'
  context.loss(
    'shell',
    'Shells',
    'Airflow runs Bash.',
    `The script is fed to \`${program}\`, which the workers must have.`,
  )
  return heredoc(program, 'SCRIPT', script)
}

/**
 * Quotes mean nothing inside double quotes and here-documents, where Bash would execute `$( )` in a value: there stands
 * a variable, assigned before. Arithmetic takes numbers only.
 */
function unixScript(context: TaskContext, task: ShellTask, items: ItemVariables): string {
  const template = parseTemplate(task.run)
  const places = template.ok ? scanShell(task.run, template.value.holes) : []
  const assigned = new Map<string, string>()
  let hole = 0
  const script = jinjaTemplate(task.run, 'quote', context, 'run', (source) => {
    const place = places[hole++]
    if (place === 'arithmetic') return items.bare(source) ?? `{{ ${context.jinja(source, 'run').text} | int }}`
    if (place !== 'expanded') return items.shell(source)
    const own = items.expanded(source)
    if (own !== null) return own
    const value = jinjaTemplate(`\${{ ${source} }}`, 'quote', context, 'run')
    let name = source.replace(/\W+/g, '_').replace(/^[_\d]+|_+$/g, '') || 'value'
    while (task.run.replaceAll(source, '').includes(name) || (assigned.get(name) ?? value) !== value) name += '_'
    assigned.set(name, value)
    return `\${${name}}`
  })
  return [...assigned].map(([name, value]) => `${name}=${value}\n`).join('') + script
}

/** A quoted here-document: Bash changes nothing in it. */
function heredoc(command: string, word: string, body: string): string {
  let end = word
  while (body.split('\n').includes(end)) end = `${end}_`
  return `${command} <<'${end}'\n${body.endsWith('\n') || body === '' ? body : `${body}\n`}${end}`
}

/** `item.year` → ITEM_YEAR */
function variableName(source: string): string {
  const words = source.replace(/^item\b/, '').match(/[A-Za-z0-9]+/g) ?? []
  return ['item', ...words].join('_').toUpperCase()
}

/** Environment variables through which an instance of a mapped task learns of its item. */
class ItemVariables {
  readonly shell = (source: string) => this.reference(source, (name) => `"$${name}"`, 'text')
  readonly expanded = (source: string) => this.reference(source, (name) => `\${${name}}`, 'text')
  readonly bare = (source: string) => this.reference(source, (name) => `$${name}`, 'text')
  readonly python = (source: string) =>
    this.reference(source, (name) => `__import__("json").loads(__import__("os").environ["${name}"])`, 'json')
  readonly javascript = (source: string) => this.reference(source, (name) => `JSON.parse(process.env.${name})`, 'json')
  private readonly variables = new Map<string, string>()
  private readonly context: TaskContext
  private readonly task: Task

  constructor(context: TaskContext, task: Task) {
    this.context = context
    this.task = task
  }

  conditionVariable(source: string): string | null {
    return this.reference(source, (name) => name, 'json', 'ITEM_WHEN')
  }

  /** `{"ITEM": text(item)}` */
  dict(): string {
    return pythonDict([...this.variables])
  }

  /** Null where the expression has nothing to do with the item: Jinja writes it. */
  private reference(
    source: string,
    write: (name: string) => string,
    as: 'text' | 'json',
    wanted = variableName(source),
  ): string | null {
    if (this.task.forEach === null || !/\bitem\b/.test(source)) return null
    const scope = { parameterType: () => undefined, mapped: () => false, env: new Map(), item: 'item', response: null }
    const translation = translateCel(source, 'python', scope)
    // Beside the item only what is known when the instances are made can be in it.
    if (translation === null || [...translation.context].some((name) => name !== 'item')) return null
    const value =
      as === 'json'
        ? this.json(bare(translation.text))
        : `${this.context.file.helper('text')}(${bare(translation.text)})`
    const plain =
      `ITEM_${source.replace(/^item\b/, '').replace(/\W+/g, '_')}`.toUpperCase().replace(/^ITEM_+$|_+$/g, '') || 'ITEM'
    const base = plain.replace(/_+/g, '_')
    let name = base
    for (let number = 2; this.variables.has(name) && this.variables.get(name) !== value; number++)
      name = `${wanted}_${number}`
    this.variables.set(name, value)
    return write(name)
  }

  private json(text: string): string {
    this.context.file.import('json')
    return `json.dumps(${text})`
  }
}
