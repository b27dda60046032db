import type { RunSource } from '#shared/analysis/simulation-source.ts'
import { answerBottlenecks, type PlanInput } from './bottleneck-input.ts'

self.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly input: RunSource | PlanInput }>) => {
  self.postMessage({ id: data.id, answer: answerBottlenecks(data.input) })
}
