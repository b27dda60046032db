import { parentPort, workerData } from 'node:worker_threads'
import { type DrawShare, drawShare } from '#shared/analysis/monte-carlo-share.ts'

/** A thread of `dagwright simulate`: draws the share it was started with. */
drawShare(
  workerData as DrawShare,
  () => performance.now(),
  (report) => parentPort?.postMessage(report),
)
