import { planRush } from '#shared/analysis/planner.ts'
import type { Rush } from '#shared/analysis/planner-input.ts'

self.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly rush: Rush }>) => {
  self.postMessage({ id: data.id, answer: planRush(data.rush) })
}
