import { describe, expect, it } from 'vitest'
import { pipelineJsonSchema } from './json-schema.ts'
import { TASK_KINDS } from './pipeline.ts'
import { fieldsOfKind } from './task-schema.ts'

type Node = { readonly [key: string]: unknown }

/** Every schema object in the tree, with where it is. */
function* walk(node: unknown, path: string): Generator<readonly [string, Node]> {
  if (Array.isArray(node)) for (const [index, item] of node.entries()) yield* walk(item, `${path}/${index}`)
  else if (typeof node === 'object' && node !== null) {
    yield [path, node as Node]
    for (const [key, item] of Object.entries(node)) yield* walk(item, `${path}/${key}`)
  }
}

describe('the JSON Schema', () => {
  const schema = pipelineJsonSchema()
  const properties = schema.properties as Readonly<Record<string, Node>>

  it('is the same each time, key for key', () => {
    expect(JSON.stringify(pipelineJsonSchema())).toBe(JSON.stringify(schema))
  })
  it('refers only to definitions it has', () => {
    for (const [, node] of walk(schema, '')) {
      if (typeof node.$ref !== 'string') continue
      const steps = node.$ref.replace(/^#\//, '').split('/')
      expect(
        steps.reduce<unknown>((at, step) => (at as Node | undefined)?.[step], schema),
        node.$ref,
      ).toBeDefined()
    }
  })
  it('describes every field of every kind, and refuses all others', () => {
    const task = (properties.tasks!.additionalProperties as Node).anyOf as readonly Node[]
    const shapes = task.map((shape) => {
      const name = typeof shape.$ref === 'string' ? shape.$ref.split('/').at(-1)! : undefined
      return name === undefined ? shape : ((schema.definitions as Node)[name] as Node)
    })
    for (const [index, kind] of TASK_KINDS.entries()) {
      const shape = shapes.find((candidate) => ((candidate.properties as Node).kind as Node).const === kind)
      expect(shape, kind).toBeDefined()
      expect(shape!.additionalProperties).toBe(false)
      const fields = shape!.properties as Readonly<Record<string, Node>>
      expect(Object.keys(fields).sort()).toEqual([...fieldsOfKind(kind)].sort())
      for (const [field, node] of Object.entries(fields))
        expect(JSON.stringify(node), `${kind}.${field} (${index})`).toContain('"description"')
    }
  })
  it('has patterns that are regular expressions everywhere', () => {
    for (const [path, node] of walk(schema, '')) {
      if (typeof node.pattern === 'string') expect(() => new RegExp(node.pattern as string, 'u'), path).not.toThrow()
    }
  })
})
