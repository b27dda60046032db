import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { simulate } from '../analysis/simulation.ts'
import { instanceLabel } from '../journal/event.ts'
import { parseDocument } from '../model/document.ts'
import { TRIGGER_RULES } from '../model/pipeline.ts'
import { SECOND, secondsOf } from '../model/time.ts'
import { type HostOptions, TestHost } from '../scheduler/host.testing.ts'
import type { Plan } from '../scheduler/plan.ts'
import { verifyReplay } from '../scheduler/replay.ts'
import { type ConformanceCase, loadCase } from './case.ts'
import { causeText, differences, type Observation, observe, startLabel } from './observation.ts'
import { runnable } from './runnable.ts'
import { interferenceOf, modelOfCase, planOfCase } from './simulated.ts'
import { ALL_ENDINGS, ruleCase } from './trigger-rules/gadgets.ts'
import { readRuleTable } from './trigger-rules/table.ts'

const folder = new URL('.', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

function read(file: string): ConformanceCase {
  const loaded = loadCase(readFileSync(new URL(file, folder), 'utf8'))
  if (!loaded.ok) throw new Error(`${file}: ${JSON.stringify(loaded.problems)}`)
  return loaded.value
}

function planOf(conformance: ConformanceCase): Plan {
  const plan = planOfCase(conformance)
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return plan.value
}

const table = readRuleTable(readFileSync(new URL('trigger-rules/table.md', folder), 'utf8'))
const cases = [
  ...files.map((name) => ({ name, load: () => read(name) })),
  ...TRIGGER_RULES.map((rule) => ({
    name: `${rule} over every combination of up to three upstreams`,
    load: () => ruleCase(table, [rule], ALL_ENDINGS),
  })),
]

function interferedWith(conformance: ConformanceCase, plan: Plan): Pick<HostOptions, 'cancelAt' | 'timeout' | 'marks'> {
  const { cancelAt, timeout, marks = [] } = interferenceOf(conformance, plan)
  return {
    ...(cancelAt === undefined ? {} : { cancelAt }),
    ...(timeout === undefined ? {} : { timeout }),
    marks: marks.map(({ at, ...mark }) => ({ t: at, ...mark })),
  }
}

test('there are cases', () => {
  expect(files.length).toBeGreaterThanOrEqual(80)
  expect([...table.keys()].sort()).toEqual([...TRIGGER_RULES].sort())
})

describe.each(cases)('$name', ({ load }) => {
  test('scheduler', () => {
    const conformance = load()
    const plan = planOf(conformance)
    const model = modelOfCase(conformance, plan)
    const host = new TestHost(
      plan,
      {
        pipeline: conformance.parsed,
        slots: plan.slots,
        basis: (id) => conformance.parsed.tasks.find((task) => task.id === id)?.estimate?.likely ?? SECOND,
        duration: model.duration,
        outcome: model.outcome,
        retryable: model.retryable,
        retryDelay: model.retryDelay,
        found: (task, index) => model.found?.(task, index) ?? -1,
        count: model.count,
        answer: (question, task, index, upstream) => {
          const { value, chosen, failed } = model.answer(question, task, index, upstream)
          return { value, chosen, ...(failed ? { error: 'injected' } : {}) }
        },
      },
      1,
      { unruly: false, ...interferedWith(conformance, plan) },
    )
    host.run()
    expect(differences(conformance, observe(host.journal))).toEqual([])
    expect(verifyReplay(plan, host.journal)).toBeNull()
  })

  test('simulator', () => {
    const conformance = load()
    const plan = planOf(conformance)
    const options = interferenceOf(conformance, plan)
    const { state, makespan, instances, starts } = simulate(plan, modelOfCase(conformance, plan), options)
    const label = (task: number, index: number | null) => instanceLabel(plan.ids[task] as string, index)
    const seen: Observation = {
      state,
      makespan: secondsOf(makespan),
      states: new Map(instances.map((one) => [label(one.task, one.index), one.state])),
      starts: starts.map(({ task, index, attempt, time, cause }) => ({
        label: startLabel(plan.ids[task] as string, index, attempt),
        time: secondsOf(time),
        cause: causeText(cause),
      })),
      reasons: new Map(Object.entries(conformance.expect.reasons)),
    }
    expect(differences(conformance, seen)).toEqual([])
  })

  test('turns into a pipeline file that can run', () => {
    const conformance = load()
    if (conformance.notReal !== undefined) return
    const { pipeline, problems } = parseDocument(runnable(conformance, 0.1))
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(pipeline?.tasks.map(({ id, kind }) => [id, kind])).toEqual(
      conformance.parsed.tasks.map(({ id }) => [id, 'shell']),
    )
  })
})
