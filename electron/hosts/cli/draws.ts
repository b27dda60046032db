import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { MonteCarloInput } from '#shared/analysis/monte-carlo.ts'
import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import { type DrawReport, DrawSum, sharesOf } from '#shared/analysis/monte-carlo-share.ts'
import { AppError } from '#shared/contract/error.ts'
import { places } from './local-host.ts'

/**
 * Makes the draws on all cores; `onProgress` hears how many are made about ten times a second. An abort ends it early,
 * with what was drawn by then; null where nothing was.
 */
export async function makeDraws(
  input: MonteCarloInput,
  draws: number,
  signal: AbortSignal,
  onProgress: (drawn: number) => void,
): Promise<MonteCarloResult | null> {
  const sum = new DrawSum(input)
  const take = (report: DrawReport) => {
    if (report.type === 'drawn') sum.add(report.tally)
    // Whoever asks has simulated once before: what can't be planned never comes here.
    else throw new AppError({ code: 'INTERNAL', message: report.problems[0]?.message ?? 'The draws were refused.' })
    onProgress(sum.drawn)
  }
  await Promise.all(sharesOf(input, draws, availableParallelism()).map((share) => workerEnds(share, signal, take)))
  return sum.result()
}

function workerEnds(share: object, signal: AbortSignal, take: (report: DrawReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(places.draws, { workerData: share })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop)
    worker.on('message', (report: DrawReport) => {
      try {
        take(report)
      } catch (error) {
        reject(error)
        stop()
      }
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    if (signal.aborted) stop()
  })
}
