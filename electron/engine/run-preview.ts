import type { Outcomes } from '#shared/analysis/outcomes.ts'
import type { Expression } from '#shared/expression/expression.ts'
import { hideUnknown } from '#shared/expression/partial.ts'
import { secretsByName, type TaskCode, taskCode } from '#shared/expression/task-code.ts'
import { parseTemplate } from '#shared/expression/template.ts'
import type { Json, Task } from '#shared/model/pipeline.ts'
import { branchChoice, condition, itemsOf } from './answers.ts'
import { bindExpressions, ExpressionError, type Expressions } from './expressions.ts'
import type { RunRequest } from './ports.ts'
import { RunScope } from './run-scope.ts'

export interface PreviewedTask {
  readonly code: TaskCode
  readonly problem: string | null
  /** null: its list is not known yet, or it is not mapped. */
  readonly items: readonly Json[] | null
}

export interface RunPreview {
  readonly tasks: ReadonlyMap<string, PreviewedTask>
  /** What is known of conditions, branches and lists. */
  readonly outcomes: Outcomes
}

type Facts = Pick<RunRequest, 'header' | 'pipeline' | 'satisfied'>

/**
 * What can be told of a run before it begins: code with the values that are known, and conditions and lists that depend
 * on nothing the run makes. `takesPart`: the others count as success, with the outputs they are satisfied by.
 */
export function previewRun(facts: Facts, takesPart: (task: string) => boolean): RunPreview {
  const preview = new Preview(facts, takesPart)
  const tasks = facts.pipeline.tasks.filter(({ id }) => takesPart(id))
  // What follows another task instance by instance has that one's list, wherever in the file it stands.
  const previewed = new Map(tasks.map((task) => [task.id, preview.task(task)]))
  return { tasks: previewed, outcomes: preview.outcomes(tasks) }
}

class Preview {
  private readonly facts: Facts
  private readonly scope: RunScope
  /** Tasks whose outputs are known. */
  private readonly known = new Set<string>()
  private readonly lists = new Map<string, readonly Json[] | null>()

  constructor(facts: Facts, takesPart: (task: string) => boolean) {
    this.facts = facts
    this.scope = new RunScope(facts.header, facts.pipeline)
    for (const { id, forEach } of facts.pipeline.tasks) {
      const given = facts.satisfied.has(id) || facts.satisfied.has(`${id}[0]`)
      // Whether pins or successes cover all instances of a mapped task shows only once it has its list.
      if (takesPart(id) && (!given || forEach !== null)) continue
      this.scope.admitUnselected(id, facts.satisfied)
      this.known.add(id)
    }
  }

  task(task: Task): PreviewedTask {
    const items = task.forEach === null ? null : this.itemsOf(task)
    const empty: TaskCode = { language: 'text', code: '', env: {} }
    try {
      return { code: this.codeOf(task, items), problem: null, items }
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      return { code: empty, problem: error.message, items }
    }
  }

  outcomes(tasks: readonly Task[]): Outcomes {
    const answers: Outcomes['answers'][number][] = []
    const counts = new Map<string, number>()
    for (const task of tasks) {
      const say = (question: 'when' | 'edge' | 'branch', text: string | null, upstream: string | null) => {
        const value = text === null ? undefined : this.answerOf(task, question, text)
        if (value !== undefined) answers.push({ question, task: task.id, index: null, upstream, value })
      }
      say('when', task.when, null)
      say('branch', task.branch, null)
      for (const need of task.needs) say('edge', need.when, need.task)
      const items = this.lists.get(task.id)
      if (items !== undefined && items !== null) counts.set(task.id, items.length)
    }
    return { answers, counts }
  }

  /** undefined: only the run can tell. null: it is an error. */
  private answerOf(task: Task, question: 'when' | 'edge' | 'branch', text: string) {
    try {
      const sight = this.sightOf(task, null)
      if (!this.isWhollyKnown(text, sight)) return undefined
      const expressions = this.expressionsFor(task, sight)
      if (question !== 'branch') return condition(text, expressions)
      const { tasks } = this.facts.pipeline
      const direct = tasks.filter(({ needs }) => needs.some((need) => need.task === task.id)).map(({ id }) => id)
      return branchChoice(text, direct, expressions)
    } catch (error) {
      if (error instanceof ExpressionError) return null
      throw error
    }
  }

  private codeOf(task: Task, items: readonly Json[] | null): TaskCode {
    const sight = this.sightOf(task, items !== null && items.length > 0 ? 0 : null)
    const expressions = this.expressionsFor(task, sight)
    const hide = (text: string) => hideUnknown(text, (expression) => this.isKnown(expression, sight))
    const texts = (render: (text: string) => string) => (text: string) => {
      const hidden = hide(text)
      return hidden.restore(render(hidden.text))
    }
    return taskCode(task, process.platform === 'win32', {
      text: texts(expressions.text),
      url: texts(expressions.url),
      code: (language, text) => {
        const hidden = hide(text)
        const { code, env } = expressions.code(language, hidden.text)
        return { code: hidden.restore(code), env }
      },
    })
  }

  private itemsOf(task: Task): readonly Json[] | null {
    const { forEach, id } = task
    const before = this.lists.get(id)
    if (before !== undefined || forEach === null) return before ?? null
    this.lists.set(id, null)
    const items = forEach.type === 'each' ? this.followedItems(forEach.task) : this.listOf(task)
    this.lists.set(id, items)
    if (items !== null) this.scope.expanded(id, items)
    return items
  }

  private followedItems(id: string): readonly Json[] | null {
    const followed = this.facts.pipeline.tasks.find((task) => task.id === id)
    return followed === undefined ? null : this.itemsOf(followed)
  }

  private listOf(task: Task): readonly Json[] | null {
    const { forEach } = task
    if (forEach === null || forEach.type === 'each') return null
    const lists = forEach.type === 'list' ? [forEach.list] : [...forEach.matrix.values()]
    const texts = lists.flat().filter((item) => typeof item === 'string')
    try {
      const sight = this.sightOf(task, null)
      if (!texts.every((text) => this.isWhollyKnown(text, sight))) return null
      return itemsOf(forEach, this.expressionsFor(task, sight))
    } catch (error) {
      if (error instanceof ExpressionError) return null
      throw error
    }
  }

  private isKnown({ references }: Expression, { index, env }: Sight): boolean {
    return references.every(({ root, path: [name] }) => {
      if (root === 'tasks') return name !== undefined && this.known.has(name)
      if (root === 'run') return name !== undefined && name !== 'id'
      if (root === 'env') return name !== undefined && env.has(name)
      if (root === 'item' || root === 'index') return index !== null
      return root !== 'response'
    })
  }

  private isWhollyKnown(text: string, sight: Sight): boolean {
    const template = parseTemplate(text)
    return template.ok && template.value.holes.every(({ expression }) => this.isKnown(expression, sight))
  }

  /** With the variables whose values are known; the task's may name the pipeline's. */
  private sightOf(task: Task, index: number | null): Sight {
    const outer = this.knownValues(task, this.facts.pipeline.env, { index, env: new Map() })
    return { index, env: new Map([...outer, ...this.knownValues(task, task.env, { index, env: outer })]) }
  }

  private knownValues(task: Task, env: ReadonlyMap<string, string>, sight: Sight): ReadonlyMap<string, string> {
    const expressions = this.expressionsFor(task, sight)
    const known = [...env].filter(([, text]) => this.isWhollyKnown(text, sight))
    return new Map(known.map(([name, text]) => [name, expressions.text(text)]))
  }

  private expressionsFor(task: Task, { index, env }: Sight): Expressions {
    return bindExpressions(this.scope.scopeFor(task.id, index, env, secretsByName(task.secrets)))
  }
}

/** What the expressions of a task can see of it before the run. `index`: of the instance that stands for all. */
interface Sight {
  readonly index: number | null
  readonly env: ReadonlyMap<string, string>
}
