import type { MonteCarloInput } from '#shared/analysis/monte-carlo.ts'
import { type DrawReport, DrawSum, sharesOf } from '#shared/analysis/monte-carlo-share.ts'
import type { Problem } from '#shared/model/problem.ts'
import MonteCarloWorker from './monte-carlo.worker.ts?worker'

const FAULT: Problem = {
  code: 'INTERNAL',
  severity: 'error',
  message: 'The simulation failed.',
  hint: 'This is a fault in Dagwright; please report it with the code.',
}

export interface DrawListener {
  /** About ten times a second, and after the last draw. */
  readonly drawn: (sum: DrawSum) => void
  /** Why there are no draws; nothing more comes. */
  readonly refused: (problems: readonly Problem[]) => void
}

/** Draws in a worker for each core. Returns the way to stop; after it nothing more is told. */
export function makeDraws(input: MonteCarloInput, draws: number, listener: DrawListener): () => void {
  const sum = new DrawSum(input)
  const workers: Worker[] = []
  const stop = () => {
    for (const worker of workers.splice(0)) worker.terminate()
  }
  const refuse = (problems: readonly Problem[]) => {
    if (workers.length === 0) return
    stop()
    listener.refused(problems)
  }
  for (const share of sharesOf(input, draws, navigator.hardwareConcurrency)) {
    const worker = new MonteCarloWorker()
    worker.onmessage = ({ data }: MessageEvent<DrawReport>) => {
      if (data.type === 'refused') return refuse(data.problems)
      if (workers.length === 0) return
      sum.add(data.tally)
      if (sum.drawn >= draws) stop()
      listener.drawn(sum)
    }
    worker.onerror = ({ message }) => refuse([{ ...FAULT, message: `${FAULT.message} ${message}` }])
    workers.push(worker)
    worker.postMessage(share)
  }
  return stop
}
