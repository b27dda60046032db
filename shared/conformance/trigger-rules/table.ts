import type { TriggerRule } from '../../model/pipeline.ts'

/** How an upstream ended: s success, f failed, c cancelled, k skipped, u upstream_failed. */
export type Ending = 's' | 'f' | 'c' | 'k' | 'u'
export type RuleVerdict = 'success' | 'skipped' | 'upstream_failed'

type Counts = Readonly<Record<'s' | 'f' | 'k' | 'u' | 'n' | 'done', number>>
type Condition = (counts: Counts) => boolean
export type RuleTable = ReadonlyMap<TriggerRule, readonly (readonly [RuleVerdict, Condition])[]>

const COLUMNS = ['success', 'skipped', 'upstream_failed'] as const satisfies readonly RuleVerdict[]

/** The rules of `table.md` (its text), each with its conditions. Throws where a line cannot be understood. */
export function readRuleTable(markdown: string): RuleTable {
  const rows = markdown.split('\n').flatMap((line) => {
    const [, rule, ...conditions] = line.split('|').map((cell) => cell.trim())
    return rule === undefined || !/^[a-z_]+$/.test(rule) || rule === 'rule' ? [] : [{ rule, conditions }]
  })
  return new Map(
    rows.map(({ rule, conditions }) => [
      rule as TriggerRule,
      COLUMNS.map((verdict, column) => [verdict, readCondition(conditions[column] ?? '')] as const),
    ]),
  )
}

/**
 * What a rule says of upstreams that end one after the other, and after how many of them: 0 for a verdict that waits for
 * none. Throws where the table has none even when all are done.
 */
export function verdictOf(
  table: RuleTable,
  rule: TriggerRule,
  endings: readonly Ending[],
): { readonly verdict: RuleVerdict; readonly after: number } {
  for (let after = 0; after <= endings.length; after++) {
    const counts = countsOf(endings.slice(0, after), endings.length)
    const found = table.get(rule)?.find(([, holds]) => holds(counts))
    if (found !== undefined) return { verdict: found[0], after }
  }
  throw new Error(`The table has no verdict of ${rule} on ${endings.join(' ')}.`)
}

function countsOf(ended: readonly Ending[], n: number): Counts {
  const count = (...of: Ending[]) => ended.filter((one) => of.includes(one)).length
  return { s: count('s'), f: count('f', 'c'), k: count('k'), u: count('u'), n, done: ended.length }
}

function readCondition(text: string): Condition {
  if (text === '–') return () => false
  if (text === 'at once, waits for nothing') return () => true
  const comparisons = text.split(/, | and /).map(readComparison)
  return (counts) => comparisons.every((holds) => holds(counts))
}

function readComparison(text: string): Condition {
  const [, sum = '', operator, right = ''] = /^([a-z+]+) ([=<>]) (\w+)$/.exec(text) ?? []
  const terms = [...sum.split('+'), ...(right === '0' ? [] : [right])]
  if (operator === undefined || terms.some((term) => !['s', 'f', 'k', 'u', 'n', 'done'].includes(term))) {
    throw new Error(`The condition \`${text}\` cannot be understood.`)
  }
  return (counts) => {
    const left = sum.split('+').reduce((total, term) => total + counts[term as keyof Counts], 0)
    const other = right === '0' ? 0 : counts[right as keyof Counts]
    return operator === '=' ? left === other : operator === '<' ? left < other : left > other
  }
}
