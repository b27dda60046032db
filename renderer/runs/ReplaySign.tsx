import { History } from 'lucide-react'
import { runEnd } from '#shared/journal/run-view.ts'
import { runClock, useTick } from '../state/clock.ts'
import { leaveReplay } from '../state/replay.ts'
import { useRuns } from '../state/runs.ts'
import { Button } from '../ui/Button.tsx'
import { clockText } from './clock-text.ts'
import styles from './ReplaySign.module.css'

/** Over the canvas, while it shows the chosen run as it was: says so, and leads back. */
export function ReplaySign() {
  const at = useRuns((state) => state.replayAt)
  const whole = useRuns((state) => state.whole)
  const live = useRuns((state) => state.live)
  useTick(live && at !== null)
  if (at === null || whole === null) return null
  const end = runEnd(whole, runClock(whole))
  return (
    <div className={styles.sign} role="status" aria-label="Replay">
      <History size={14} aria-hidden />
      <span>
        Replay <span className="tabular">{clockText(at, end)}</span> /{' '}
        <span className="tabular">{clockText(end, end)}</span>
      </span>
      <Button size="small" onClick={leaveReplay}>
        {live ? 'Back to live' : 'Back to the end'}
      </Button>
    </div>
  )
}
