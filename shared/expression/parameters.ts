import { typeMismatch } from '../model/parameter-type.ts'
import type { Json, Parameter, Pipeline } from '../model/pipeline.ts'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import { didYouMean } from '../model/suggestion.ts'

/**
 * The parameters of a run: what was given, checked against their declarations, and the defaults of the rest.
 * `fromText`: the given values are texts of a command line or a form and are read by the parameter's type.
 */
export function resolveParameters(
  pipeline: Pipeline,
  given: Readonly<Record<string, Json>>,
  options: { readonly fromText: boolean },
): Result<Record<string, Json>> {
  const problems: Problem[] = []
  const values: [string, Json][] = []
  for (const name of Object.keys(given)) {
    if (!pipeline.params.has(name)) problems.push(unknownParameter(name, [...pipeline.params.keys()]))
  }
  for (const [name, parameter] of pipeline.params) {
    const raw = Object.hasOwn(given, name) ? given[name] : undefined
    const value =
      raw === undefined ? parameter.default : options.fromText && typeof raw === 'string' ? read(parameter, raw) : raw
    const complaint = value === undefined ? 'has no value and no default' : typeMismatch(parameter, value)
    if (complaint === null) values.push([name, value as Json])
    else problems.push(badValue(name, complaint, parameter))
  }
  return problems.length > 0 ? failure(...problems) : success(Object.fromEntries(values))
}

/** The value a text stands for; the text itself where it stands for none of that type. */
function read(parameter: Parameter, text: string): Json {
  const trimmed = text.trim()
  switch (parameter.type) {
    case 'string':
      return text
    case 'integer':
      return /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : text
    case 'number':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text
    case 'boolean':
      if (/^(true|yes|on|1)$/i.test(trimmed)) return true
      return /^(false|no|off|0)$/i.test(trimmed) ? false : text
    default:
      try {
        return JSON.parse(text) as Json
      } catch {
        return text
      }
  }
}

function unknownParameter(name: string, known: readonly string[]): Problem {
  const all = known.length > 0 ? `It has ${known.map((id) => `\`${id}\``).join(', ')}.` : 'It has none.'
  return {
    code: 'PARAMETER_UNKNOWN',
    severity: 'error',
    message: `The pipeline has no parameter \`${name}\`.`,
    hint: didYouMean(name, known, all),
    path: ['params', name],
  }
}

function badValue(name: string, complaint: string, parameter: Parameter): Problem {
  return {
    code: 'PARAMETER_INVALID',
    severity: 'error',
    message: `Parameter \`${name}\` ${complaint}.`,
    ...(parameter.description ? { hint: parameter.description } : {}),
    path: ['params', name],
  }
}
