import { create } from 'zustand'
import { RunReplay } from '#shared/journal/replay.ts'
import { runEnd } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { motionAllowed } from '../ui/motion.ts'
import { runClock } from './clock.ts'
import { useRuns } from './runs.ts'

/** How fast time goes by; the instant itself stands in the runs store, as `replayAt`. */
interface Replay {
  readonly playing: boolean
  /** Times as fast as the run was. */
  readonly speed: number
}

export const REPLAY_SPEEDS: readonly number[] = [1, 2, 5, 10, 30, 100]

export const useReplay = create<Replay>(() => ({ playing: false, speed: 1 }))

/** Of the run that is replayed; another one is made for another run, and for one that was folded anew. */
let replay: { readonly of: unknown; readonly run: RunReplay } | null = null

function replayOfChosen(): RunReplay | null {
  const { whole, events } = useRuns.getState()
  if (whole === null || events.length === 0) return null
  if (replay?.of !== whole) replay = { of: whole, run: new RunReplay(events) }
  replay.run.extend(events)
  return replay.run
}

/** Where a replay of the chosen run ends: its makespan, or now while it is live. 0 where none is chosen. */
export function replayEnd(): Micros {
  const { whole } = useRuns.getState()
  return whole === null ? 0 : runEnd(whole, runClock(whole))
}

/** Shows the chosen run as it was at `t`, on every screen; what lies before its start or after its end is cut. */
export function seekReplay(t: Micros): void {
  const run = replayOfChosen()
  if (run === null) return
  const end = replayEnd()
  const at = Math.max(0, Math.min(t, end))
  // What was written after the last instance ended belongs to the end.
  run.seek(at >= end ? Number.POSITIVE_INFINITY : at)
  useRuns.setState({ view: run.view, version: run.view.version, replayAt: at })
}

/** To the next instant at which something happened, or the last one. */
export function stepReplay(step: 1 | -1): void {
  const run = replayOfChosen()
  if (run === null) return
  pauseReplay()
  const end = replayEnd()
  const at = useRuns.getState().replayAt ?? end
  seekReplay(run.neighbour(at, step) ?? (step > 0 ? end : 0))
}

/** Shows the run as it is: its end, or live. */
export function leaveReplay(): void {
  pauseReplay()
  const { whole } = useRuns.getState()
  useRuns.setState({ view: whole, version: whole?.version ?? 0, replayAt: null })
}

export function setReplaySpeed(speed: number): void {
  useReplay.setState({ speed })
}

export function pauseReplay(): void {
  if (useReplay.getState().playing) useReplay.setState({ playing: false })
}

/** Goes on from where the replay stands; from its end or without one, from the beginning. */
export function playReplay(): void {
  const { replayAt, whole } = useRuns.getState()
  if (whole === null || useReplay.getState().playing) return
  seekReplay(replayAt === null || replayAt >= replayEnd() ? 0 : replayAt)
  useReplay.setState({ playing: true })
  play(whole)
}

export function toggleReplay(): void {
  if (useReplay.getState().playing) pauseReplay()
  else playReplay()
}

/** Where things shall not move, time goes on in steps of this. */
const STILL_MS = 500

function play(whole: unknown): void {
  let last = performance.now()
  const frame = (now: number) => {
    const { whole: present, replayAt, live } = useRuns.getState()
    const { playing, speed } = useReplay.getState()
    if (!playing || present !== whole || replayAt === null) {
      pauseReplay()
      return
    }
    if (motionAllowed() || now - last >= STILL_MS) {
      const next = replayAt + Math.max(0, now - last) * 1_000 * speed
      last = now
      if (next >= replayEnd() && live) {
        leaveReplay()
        return
      }
      seekReplay(next)
      if (next >= replayEnd()) pauseReplay()
    }
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}
