import { airflowExporter } from './airflow/airflow.ts'
import type { Exporter, Importer } from './format.ts'
import { jsonExporter } from './json/json.ts'
import { mermaidExporter } from './mermaid/mermaid.ts'
import { wfcommonsImporter } from './wfcommons/wfcommons.ts'

/** Every target, in the order in which people are offered them. */
export const EXPORTERS: readonly Exporter[] = [airflowExporter, mermaidExporter, jsonExporter]

export function exporterOf(id: string): Exporter | undefined {
  return EXPORTERS.find((exporter) => exporter.id === id)
}

export const IMPORTERS: readonly Importer[] = [wfcommonsImporter]

export function importerOf(id: string): Importer | undefined {
  return IMPORTERS.find((importer) => importer.id === id)
}
