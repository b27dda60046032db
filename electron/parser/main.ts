import { parentPort } from 'node:worker_threads'
import { parseDocument } from '#shared/model/document.ts'
import type { ParseRequest } from './parser.ts'

/** A thread that reads one pipeline file, answers, and ends: its memory, ten times the file's, goes with it. */
parentPort?.once('message', ({ text, sharedPools }: ParseRequest) => {
  const { pipeline, problems } = parseDocument(text, { sharedPools })
  parentPort?.postMessage({ pipeline, problems })
})
