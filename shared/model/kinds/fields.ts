import { z } from 'zod'
import { textField } from '../field-schema.ts'

/** Fields that several kinds have. */
export const interpreter = (what: string) =>
  textField.optional().meta({ description: `Program that runs the code. Default: the workspace's, else ${what}.` })
export const database = textField.optional().meta({
  description: "DuckDB file, relative to the working directory. Default: the pipeline's own database.",
})
export const connection = textField.optional().meta({ description: 'Named connection of dagwright.yaml.' })
export const code = (what: string) =>
  z
    .string({ error: `must be ${what}` })
    .meta({ description: `${what[0]!.toUpperCase()}${what.slice(1)}; may hold \${{ }}.` })
