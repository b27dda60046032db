import { pipelineJsonSchema } from '#shared/model/json-schema.ts'
import type { Path } from '#shared/model/source.ts'

/**
 * What the file format says of a field, so that form and YAML view explain it in the same words.
 * @param base where the form stands: `['tasks', id]`, `['params', name]`, `[]`, …
 */
export function hintOf(base: Path, path: Path): string | undefined {
  schema ??= pipelineJsonSchema()
  let nodes: readonly SchemaNode[] = [schema]
  for (const step of [...base, ...path]) nodes = nodes.flatMap((node) => childrenOf(node, String(step)))
  for (const node of nodes) {
    if (typeof node.description === 'string') return node.description
  }
  return undefined
}

type SchemaNode = Readonly<Record<string, unknown>>
let schema: SchemaNode | null = null

function childrenOf(node: SchemaNode, step: string): readonly SchemaNode[] {
  const alternatives = [node, ...listOf(node.anyOf), ...listOf(node.allOf)].map(resolved)
  return alternatives.flatMap((option) => {
    const properties = isNode(option.properties) ? option.properties : {}
    const own = Object.hasOwn(properties, step) ? properties[step] : undefined
    const next = own ?? option.additionalProperties ?? option.items
    return isNode(next) ? [resolved(next)] : []
  })
}

/** A reference into the schema's own definitions, followed. */
function resolved(node: SchemaNode): SchemaNode {
  const name = typeof node.$ref === 'string' ? /^#\/(definitions|\$defs)\/(.+)$/.exec(node.$ref) : null
  const found = name === null ? undefined : valueIn(valueIn(schema, name[1]), name[2])
  return isNode(found) ? found : node
}

function valueIn(node: unknown, key: string | undefined): unknown {
  return isNode(node) && key !== undefined ? node[key] : undefined
}

function listOf(value: unknown): readonly SchemaNode[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
