import type { RushAnswer } from '#shared/analysis/planner.ts'
import type { Rush } from '#shared/analysis/planner-input.ts'
import { failure, type Result } from '#shared/model/problem.ts'
import PlannerWorker from '../planner.worker.ts?worker'

type Answer = Result<RushAnswer>

/** Plans in a worker of its own. Returns the way to give up: then there is no answer. */
export function askPlanner(rush: Rush, listener: (answer: Answer) => void): () => void {
  const worker = new PlannerWorker()
  const end = (answer: Answer) => {
    worker.terminate()
    listener(answer)
  }
  worker.onmessage = ({ data }: MessageEvent<{ readonly answer: Answer }>) => end(data.answer)
  worker.onerror = ({ message }) =>
    end(
      failure({
        code: 'INTERNAL',
        severity: 'error',
        message: `The planner failed: ${message}`,
        hint: 'This is a fault in Dagwright; please report it with the code.',
      }),
    )
  worker.postMessage({ id: 1, rush })
  return () => worker.terminate()
}
