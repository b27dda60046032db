import { z } from 'zod'
import { fileSchema } from './schema.ts'

/** Of the file format: one shape per task kind, with the descriptions shown on hover. */
export function pipelineJsonSchema(): Readonly<Record<string, unknown>> {
  return jsonSchemaOf(fileSchema)
}

/** JSON Schema (draft 7, which the YAML editor understands). The same input gives the same text, key for key. */
export function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Editors complete the keys of a map from `properties`; `propertyNames` alone would only be an obstacle.
      if (jsonSchema.oneOf) {
        jsonSchema.anyOf = jsonSchema.oneOf
        delete jsonSchema.oneOf
      }
    },
  }) as Readonly<Record<string, unknown>>
}
