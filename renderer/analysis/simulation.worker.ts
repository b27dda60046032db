import { answerSimulation, type SimulationQuestion } from '#shared/analysis/simulation-answer.ts'

self.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly question: SimulationQuestion }>) => {
  self.postMessage({ id: data.id, answer: answerSimulation(data.question) })
}
