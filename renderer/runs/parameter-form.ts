import type { Json, Parameter } from '#shared/model/pipeline.ts'

/**
 * A parameter as a person types it. `text` is what stands in the field; for a choice or a switch it is the JSON of the value.
 */
export type ParameterReading =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly message: string }

/** What the field shows for a value. undefined: an empty field, which means "the default". */
export function parameterText(parameter: Parameter, value: Json | undefined): string {
  if (value === undefined) return ''
  if (parameter.type === 'string' && parameter.enum === null)
    return typeof value === 'string' ? value : JSON.stringify(value)
  return parameter.type === 'array' || parameter.type === 'object'
    ? JSON.stringify(value, null, 2)
    : JSON.stringify(value)
}

/**
 * Reads a field.
 * @returns the value; undefined for an empty field of a parameter that has a default; else what is wrong, as a sentence
 */
export function readParameter(parameter: Parameter, text: string): ParameterReading {
  const isText = parameter.type === 'string' && parameter.enum === null
  if (isText ? text === '' && parameter.default !== undefined : text.trim() === '') {
    if (parameter.default !== undefined) return { ok: true, value: undefined }
    if (!isText) return { ok: false, message: 'A value is needed: this parameter has no default.' }
  }
  const parsed: ParameterReading = isText ? { ok: true, value: text } : parseTyped(parameter, text.trim())
  return parsed.ok && parsed.value !== undefined ? checkRange(parameter, parsed.value) : parsed
}

function parseTyped(parameter: Parameter, text: string): ParameterReading {
  switch (parameter.type) {
    case 'integer':
    case 'number':
      return parseNumber(parameter.type, text)
    case 'boolean':
      return text === 'true' || text === 'false'
        ? { ok: true, value: text === 'true' }
        : { ok: false, message: 'Choose true or false.' }
    case 'array':
    case 'object':
    case 'string':
      return parseJson(parameter.type, text)
  }
}

function parseNumber(type: 'integer' | 'number', text: string): ParameterReading {
  const value = Number(text)
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value)) {
    return { ok: false, message: `“${text}” is not a number.` }
  }
  if (type === 'integer' && !Number.isSafeInteger(value)) {
    return {
      ok: false,
      message: Number.isInteger(value) ? 'This whole number is too large.' : 'A whole number is needed.',
    }
  }
  return { ok: true, value }
}

function parseJson(type: 'array' | 'object' | 'string', text: string): ParameterReading {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, message: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  if (type === 'array' && !Array.isArray(value))
    return { ok: false, message: 'A JSON list is needed, e.g. ["a", "b"].' }
  if (type === 'object' && (value === null || typeof value !== 'object' || Array.isArray(value))) {
    return { ok: false, message: 'A JSON object is needed, e.g. {"key": "value"}.' }
  }
  return { ok: true, value }
}

function checkRange(parameter: Parameter, value: Json): ParameterReading {
  if (parameter.enum !== null && !parameter.enum.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value))) {
    return {
      ok: false,
      message: `Choose one of ${parameter.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}.`,
    }
  }
  if (typeof value === 'number') {
    if (parameter.minimum !== null && value < parameter.minimum) {
      return { ok: false, message: `At least ${parameter.minimum}.` }
    }
    if (parameter.maximum !== null && value > parameter.maximum) {
      return { ok: false, message: `At most ${parameter.maximum}.` }
    }
  }
  return { ok: true, value }
}

/** The parameters of a run that differ from the pipeline's defaults, in the order given. */
export function changedParameters(
  values: Readonly<Record<string, Json>>,
  parameters: ReadonlyMap<string, Parameter>,
): readonly { readonly name: string; readonly value: Json; readonly default: Json | undefined }[] {
  return Object.entries(values)
    .map(([name, value]) => ({ name, value, default: parameters.get(name)?.default }))
    .filter((entry) => JSON.stringify(entry.value) !== JSON.stringify(entry.default))
}
