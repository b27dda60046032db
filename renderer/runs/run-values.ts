import type { Json, Pipeline } from '#shared/model/pipeline.ts'
import { parameterText, readParameter } from './parameter-form.ts'

/** Texts of the fields by parameter. Missing: untouched, so the default counts. */
export type FormTexts = ReadonlyMap<string, string>

export interface FormReading {
  readonly params: Readonly<Record<string, Json>>
  /** Parameter to what is wrong with it. Empty: the run can start. */
  readonly errors: ReadonlyMap<string, string>
}

/** The values that differ from nothing at all: a parameter left at its default is not sent. */
export function readForm(pipeline: Pipeline, texts: FormTexts): FormReading {
  const params: Record<string, Json> = Object.create(null)
  const errors = new Map<string, string>()
  for (const [name, parameter] of pipeline.params) {
    const reading = readParameter(parameter, texts.get(name) ?? '')
    if (!reading.ok) errors.set(name, reading.message)
    else if (reading.value !== undefined) params[name] = reading.value
  }
  return { params, errors }
}

const keyOf = (workspace: string, path: string) => `dagwright.params.${workspace}\n${path}`

/** What was given to the last run from this window, as texts; parameters that are gone or changed type do not come back. */
export function rememberedTexts(workspace: string, path: string, pipeline: Pipeline): FormTexts {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(workspace, path)) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return new Map()
    const texts = Object.entries(stored).map(([name, value]): [string, string] | null => {
      const parameter = pipeline.params.get(name)
      if (parameter === undefined) return null
      const text = parameterText(parameter, value as Json)
      return readParameter(parameter, text).ok ? [name, text] : null
    })
    return new Map(texts.filter((entry) => entry !== null))
  } catch {
    return new Map()
  }
}

export function rememberParams(workspace: string, path: string, params: Readonly<Record<string, Json>>): void {
  localStorage.setItem(keyOf(workspace, path), JSON.stringify(params))
}
