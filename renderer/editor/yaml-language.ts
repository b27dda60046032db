import type * as Monaco from 'monaco-editor/editor'
import { configureMonacoYaml, type JSONSchema } from 'monaco-yaml'
import { isPlanPath } from '#shared/analysis/planner-document.ts'
import { planJsonSchema } from '#shared/analysis/planner-file.ts'
import { pipelineJsonSchema } from '#shared/model/json-schema.ts'
import { completionItem } from './completion-item.ts'
import { suggestionsAt } from './suggestions.ts'
import YamlWorker from './yaml.worker.ts?worker'

type MonacoApi = typeof Monaco

/** What the addresses of editors begin with: of those that hold a pipeline, and of those that hold a plan of many. */
const SCHEME = 'inmemory://pipeline/'
const PLAN_SCHEME = 'inmemory://plan/'

export function pipelineAddress(path: string): string {
  return (isPlanPath(path) ? PLAN_SCHEME : SCHEME) + path.split('/').map(encodeURIComponent).join('/')
}

let configured = false

/** Completion and hover by the schema of the file format, and completion of what stands in the document. Once. */
export function configureYaml(monaco: MonacoApi, text: () => string): void {
  if (configured) return
  configured = true
  configureMonacoYaml(withWorkers(monaco) as unknown as Parameters<typeof configureMonacoYaml>[0], {
    // Our own problems say more, and nothing may be marked twice.
    validate: false,
    format: { enable: false },
    hoverSchemaSource: false,
    disableDefaultProperties: true,
    schemas: [
      {
        uri: 'dagwright://pipeline.schema.json',
        fileMatch: [`${SCHEME}**`],
        schema: untitled(pipelineJsonSchema()) as JSONSchema,
      },
      {
        uri: 'dagwright://plan.schema.json',
        fileMatch: [`${PLAN_SCHEME}**`],
        schema: planJsonSchema() as JSONSchema,
      },
    ],
  })
  monaco.languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' ', '[', '.', ',', '{'],
    provideCompletionItems: (model, position) => {
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1)
      const above = () => model.getLinesContent().slice(0, position.lineNumber - 1)
      const item = completionItem(monaco, model, position)
      return { suggestions: suggestionsAt(text(), above(), before).map(item) }
    },
  })
}

/** Without its title, which would head every hover. */
function untitled({ title: _, ...schema }: Readonly<Record<string, unknown>>): object {
  return schema
}

/**
 * monaco-yaml 5.5 asks for a worker by module name, which Monaco took until 0.52; since then `createWebWorker` wants the
 * worker itself. The two messages are what Monaco's own languages send theirs first: one to wake it, one with its data.
 */
function withWorkers(monaco: MonacoApi): object {
  const createWebWorker = ({ createData }: { readonly createData?: unknown }) => {
    const worker = new YamlWorker()
    worker.postMessage('ignore')
    worker.postMessage(createData)
    return monaco.editor.createWebWorker({ worker })
  }
  return { ...monaco, editor: { ...monaco.editor, createWebWorker } }
}
