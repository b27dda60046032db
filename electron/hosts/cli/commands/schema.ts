import { pipelineJsonSchema } from '#shared/model/json-schema.ts'
import { type Command, DONE } from '../command.ts'

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'Print the JSON Schema of pipeline files',
  positionals: [],
  flags: { json: { type: 'boolean', help: 'The schema is JSON with and without it' } },
  json: ['The schema: { $schema, title, type, properties, required, additionalProperties, description, definitions }'],
  examples: ['dagwright schema > pipeline.schema.json'],
  async run(_args, io) {
    io.out.line(JSON.stringify(pipelineJsonSchema(), null, 2))
    return DONE
  },
}
