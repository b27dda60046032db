import { parentPort } from 'node:worker_threads'
import { parseDocument } from '#shared/model/document.ts'
import type { ParsedPortion, ParsedText, ParseRequest } from './parser.ts'

/** So many are taken in by the app in some milliseconds. */
const PORTION_TASKS = 500

/** A thread that reads one pipeline file, answers, and ends: its memory, ten times the file's, goes with it. */
parentPort?.once('message', ({ text, sharedPools }: ParseRequest) => {
  const { pipeline, problems } = parseDocument(text, { sharedPools })
  answer({ pipeline: pipeline && { ...pipeline, tasks: [] }, problems }, [...(pipeline?.tasks ?? [])])
})

/** Tells a portion, and the next when asked for it: all at once would stop the app for as long as it takes to copy. */
function answer(head: ParsedText | null, tasks: ParsedPortion['tasks']): void {
  const rest = tasks.slice(PORTION_TASKS)
  const portion: ParsedPortion = { head, tasks: tasks.slice(0, PORTION_TASKS), last: rest.length === 0 }
  parentPort?.postMessage(portion)
  if (!portion.last) parentPort?.once('message', () => answer(null, rest))
}
