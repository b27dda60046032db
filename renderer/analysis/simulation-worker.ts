import type { SimulationAnswer, SimulationQuestion } from '#shared/analysis/simulation-answer.ts'
import SimulationWorker from './simulation.worker.ts?worker'

type Listener = (answer: SimulationAnswer) => void

let worker: Worker | null = null
let asked = 0
/** What the worker works on; it is asked one thing at a time, and then only the newest. */
let busy: Listener | null = null
let waiting: readonly [SimulationQuestion, Listener] | null = null

/** Asks a worker. A question that is overtaken by another before its turn is never answered. */
export function askSimulation(question: SimulationQuestion, listener: Listener): void {
  if (busy !== null) {
    waiting = [question, listener]
    return
  }
  busy = listener
  asked += 1
  worker ??= start()
  worker.postMessage({ id: asked, question })
}

function start(): Worker {
  const own = new SimulationWorker()
  own.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly answer: SimulationAnswer }>) => {
    if (data.id === asked) done(data.answer)
  }
  own.onerror = ({ message }) => {
    own.terminate()
    worker = null
    done({
      ok: false,
      problems: [
        {
          code: 'INTERNAL',
          severity: 'error',
          message: `The simulation failed: ${message}`,
          hint: 'This is a fault in Dagwright; please report it with the code.',
        },
      ],
    })
  }
  return own
}

function done(answer: SimulationAnswer): void {
  const listener = busy
  busy = null
  listener?.(answer)
  const next = waiting
  waiting = null
  if (next !== null) askSimulation(...next)
}
