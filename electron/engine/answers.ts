import { MOST_COMBINATIONS } from '#shared/model/matrix.ts'
import type { Json, Task } from '#shared/model/pipeline.ts'
import { ExpressionError, type Expressions } from './expressions.ts'
import { isList } from './outputs.ts'

/** Answers to the scheduler's questions. All throw an ExpressionError. */

/** A condition's value. `text`: one whole `${{ }}`. */
export function condition(text: string, expressions: Expressions): boolean {
  const value = expressions.value(text)
  if (typeof value === 'boolean') return value
  throw new ExpressionError(`${bare(text)} must be true or false, and is ${shown(value)}.`)
}

/** Ids of the downstreams a branch chose. `direct`: the ids it may choose from. */
export function branchChoice(text: string, direct: readonly string[], expressions: Expressions): readonly string[] {
  const value = expressions.value(text)
  const chosen = isList(value) ? value : value === null ? [] : [value]
  for (const id of chosen) {
    if (typeof id !== 'string' || !direct.includes(id)) {
      throw new ExpressionError(
        `The branch chose ${shown(id)}, which is not one of its direct downstreams (${direct.join(', ') || 'there are none'}).`,
      )
    }
  }
  return chosen as readonly string[]
}

/**
 * The items a mapped task repeats over. A single text, number or truth value counts as a list of one: a SQL output of
 * one cell is such a value, and whether a query finds one row or more must not decide whether the run fails.
 */
export function itemsOf(forEach: NonNullable<Task['forEach']>, expressions: Expressions): readonly Json[] {
  if (forEach.type === 'each') throw new Error('A task that follows another has the items of that one.')
  if (forEach.type === 'list') return listOf(forEach.list, expressions)
  const lists = [...forEach.matrix].map(([key, values]) => [key, listOf(values, expressions)] as const)
  const count = lists.reduce((product, [, list]) => product * list.length, 1)
  if (lists.length === 0 || count === 0) return []
  if (count > MOST_COMBINATIONS) {
    throw new ExpressionError(
      `The matrix has ${count.toLocaleString('en')} combinations; a task repeats over ${MOST_COMBINATIONS.toLocaleString('en')} at most.`,
    )
  }
  let combinations: Record<string, Json>[] = [{}]
  for (const [key, list] of lists) {
    combinations = combinations.flatMap((combination) => list.map((value) => ({ ...combination, [key]: value })))
  }
  return combinations
}

function listOf(list: readonly Json[] | string, expressions: Expressions): readonly Json[] {
  if (typeof list !== 'string') {
    return list.map((item) => (typeof item === 'string' && item.includes('${{') ? expressions.value(item) : item))
  }
  const value = expressions.value(list)
  if (isList(value)) return value
  if (value !== null && typeof value !== 'object') return [value]
  throw new ExpressionError(`${bare(list)} must be a list to repeat over, and is ${shown(value)}.`)
}

function bare(text: string): string {
  return `\`${text.trim().replace(/^\$\{\{\s*([\s\S]*?)\s*\}\}$/, '$1')}\``
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
