import { type DrawShare, drawShare } from '#shared/analysis/monte-carlo-share.ts'

/** Takes one share of the draws and posts reports; it is ended to cancel it. */
self.onmessage = ({ data }: MessageEvent<DrawShare>) => {
  drawShare(
    data,
    () => performance.now(),
    (report) => self.postMessage(report),
  )
}
