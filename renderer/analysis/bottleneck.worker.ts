import { answerBottlenecks, type PlanInput, type RunInput } from './bottleneck-input.ts'

self.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly input: RunInput | PlanInput }>) => {
  self.postMessage({ id: data.id, answer: answerBottlenecks(data.input) })
}
