import { Worker } from 'node:worker_threads'
import { type PipelineDocument, parseDocument } from '#shared/model/document.ts'
import type { Task } from '#shared/model/pipeline.ts'

/** What a text means and what is wrong with it, without its syntax tree. */
export type ParsedText = Pick<PipelineDocument, 'pipeline' | 'problems'>

export interface ParseRequest {
  readonly text: string
  /** Pools of `dagwright.yaml`. */
  readonly sharedPools: ReadonlyMap<string, number>
}

/** What the thread answers: a part of the pipeline's tasks. Whoever gets one that is not the last asks for the next. */
export interface ParsedPortion {
  /** In the first: all but the tasks. */
  readonly head: ParsedText | null
  readonly tasks: readonly Task[]
  readonly last: boolean
}

/** Reads and checks pipeline files. Never rejects, as `parseDocument` never throws. */
export type DocumentParser = (text: string, sharedPools: ReadonlyMap<string, number>) => Promise<ParsedText>

/**
 * Texts of more than `most` UTF-16 units are read in a thread, so that this process answers meanwhile: a millisecond
 * takes about 1,000 of them. `entry`: absolute path of main.ts beside this, or of its bundle. Where no thread can be had
 * they are read here.
 */
export function documentParser(entry: string, most: number): DocumentParser {
  return async (text, sharedPools) => {
    const request = { text, sharedPools }
    return text.length > most ? ((await parseInThread(entry, request)) ?? parseHere(request)) : parseHere(request)
  }
}

function parseHere({ text, sharedPools }: ParseRequest): ParsedText {
  const { pipeline, problems } = parseDocument(text, { sharedPools })
  return { pipeline, problems }
}

function parseInThread(entry: string, request: ParseRequest): Promise<ParsedText | null> {
  return new Promise((resolve) => {
    const worker = new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: 12 } })
    const tasks: Task[] = []
    let parsed: ParsedText | null = null
    worker.on('message', (portion: ParsedPortion) => {
      parsed ??= portion.head
      tasks.push(...portion.tasks)
      if (!portion.last) worker.postMessage('more')
      else resolve(parsed && { ...parsed, pipeline: parsed.pipeline && { ...parsed.pipeline, tasks } })
    })
    worker.once('error', () => resolve(null))
    worker.once('exit', () => resolve(null))
    worker.postMessage(request)
  })
}
