import type { Change, Scenario } from '#shared/analysis/scenario.ts'
import { workspaceRoot } from './workspace.ts'

export interface SavedScenario {
  readonly id: string
  readonly name: string
  readonly scenario: Scenario
}

/** Scenarios are a way of looking, so they live with the window and not in the file: by workspace and pipeline. */
export function readScenarios(pipeline: string): readonly SavedScenario[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(pipeline)) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isSaved) : []
  } catch {
    return []
  }
}

export function writeScenarios(pipeline: string, saved: readonly SavedScenario[]): void {
  localStorage.setItem(keyOf(pipeline), JSON.stringify(saved))
}

function keyOf(pipeline: string): string {
  return `dagwright.scenarios.${JSON.stringify([workspaceRoot(), pipeline])}`
}

function isSaved(value: unknown): value is SavedScenario {
  if (!isRecord(value) || typeof value.id !== 'string' || typeof value.name !== 'string') return false
  return Array.isArray(value.scenario) && value.scenario.every(isChange)
}

/** Whether the plan can make it is asked of the plan. */
function isChange(value: unknown): value is Change {
  if (!isRecord(value)) return false
  if ('pool' in value) return typeof value.pool === 'string' && typeof value.slots === 'number'
  if ('slots' in value) return typeof value.slots === 'number'
  if (typeof value.task !== 'string') return false
  const numbers = [value.factor, value.split, value.late].filter((number) => typeof number === 'number')
  return numbers.length === 1 || value.gone === true || value.fails === true
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
