import { mentionsIn } from '../expression/check.ts'
import { PROSE, writtenMention } from './edit-rename.ts'
import type { Json } from './pipeline.ts'
import { recordOf } from './reading.ts'

type Fields = { readonly [key: string]: Json }

/**
 * The fields of a task as the file writes them, with what they say of other tasks said of them by new ids: `needs`,
 * `branch`, `forEach.each` and the expressions, those by their syntax trees. Ids that are not in the map stay.
 */
export function renamedFields(fields: Fields, ids: ReadonlyMap<string, string>): Fields {
  const renamed: { [key: string]: Json } = Object.create(null)
  for (const [key, value] of Object.entries(fields)) {
    renamed[key] = PROSE.includes(key) ? value : renamedField(key, value, ids, fields.kind === 'http')
  }
  return renamed
}

function renamedField(key: string, value: Json, ids: ReadonlyMap<string, string>, http: boolean): Json {
  const idNow = (id: Json | undefined) => (typeof id === 'string' ? (ids.get(id) ?? id) : id)
  if (key === 'needs' && Array.isArray(value)) {
    return value.map((need: Json) => {
      const { task, ...rest } = recordOf(need)
      return typeof need === 'string' ? idNow(need)! : renamedTexts({ ...rest, task: idNow(task) ?? null }, ids, key)
    })
  }
  if (key === 'branch' && typeof value === 'string' && ids.has(value)) return ids.get(value)!
  const each = key === 'forEach' ? recordOf(value).each : undefined
  if (typeof each === 'string') return { ...recordOf(value), each: ids.get(each) ?? each }
  return renamedTexts(value, ids, key, http && key === 'outputs')
}

function renamedTexts(value: Json, ids: ReadonlyMap<string, string>, field: string, bare = false): Json {
  if (typeof value === 'string') return renamedText(value, ids, bare, field === 'branch')
  if (Array.isArray(value)) return value.map((item: Json) => renamedTexts(item, ids, field, bare))
  if (typeof value !== 'object' || value === null) return value
  const renamed: { [key: string]: Json } = Object.create(null)
  for (const [key, item] of Object.entries(value)) renamed[key] = renamedTexts(item, ids, field, bare)
  return renamed
}

function renamedText(text: string, ids: ReadonlyMap<string, string>, bare: boolean, texts: boolean): string {
  let renamed = text
  for (const mention of mentionsIn(text, 'tasks', { bare, texts }).toReversed()) {
    const id = ids.get(mention.id)
    if (id === undefined) continue
    renamed = renamed.slice(0, mention.start) + writtenMention(id, mention, '"') + renamed.slice(mention.end)
  }
  return renamed
}
