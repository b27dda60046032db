import { Pause, Play, StepBack, StepForward } from 'lucide-react'
import type { Micros } from '#shared/model/time.ts'
import { leaveReplay, REPLAY_SPEEDS, setReplaySpeed, stepReplay, toggleReplay, useReplay } from '../state/replay.ts'
import { useRuns } from '../state/runs.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Select } from '../ui/Select.tsx'
import { clockText } from './clock-text.ts'
import styles from './ReplayControls.module.css'

const SPEEDS = REPLAY_SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))

/** Plays the run back; the ruler of the timeline is where it is dragged. */
export function ReplayControls({ end, live }: { readonly end: Micros; readonly live: boolean }) {
  const at = useRuns((state) => state.replayAt)
  const playing = useReplay((state) => state.playing)
  const speed = useReplay((state) => state.speed)
  return (
    <fieldset className={styles.controls} aria-label="Replay">
      <IconButton
        size="small"
        icon={StepBack}
        label="To the event before"
        shortcut=","
        onClick={() => stepReplay(-1)}
      />
      <IconButton
        size="small"
        icon={playing ? Pause : Play}
        label={playing ? 'Pause the replay' : 'Replay the run'}
        shortcut="Space"
        onClick={toggleReplay}
      />
      <IconButton
        size="small"
        icon={StepForward}
        label="To the next event"
        shortcut="."
        onClick={() => stepReplay(1)}
      />
      <Select
        size="small"
        label="Speed of the replay"
        value={String(speed)}
        options={SPEEDS}
        onChange={(value) => setReplaySpeed(Number(value))}
      />
      {at !== null && (
        <>
          <span className={styles.clock}>
            Replay {clockText(at, end)} / {clockText(end, end)}
          </span>
          <Button size="small" onClick={leaveReplay}>
            {live ? 'Back to live' : 'Back to the end'}
          </Button>
        </>
      )}
    </fieldset>
  )
}
