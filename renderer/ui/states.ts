import {
  AlarmClockOff,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleStop,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  RotateCw,
  SkipForward,
  Unlink,
  Unplug,
} from 'lucide-react'
import type { AttemptState, InstanceState, RunState } from '#shared/journal/event.ts'

/** Every state of a task, an attempt or a run. */
export type AnyState = InstanceState | AttemptState | RunState

export interface StateStyle {
  /** For people, sentence case. */
  readonly label: string
  /** A shape of its own: never told by colour alone. */
  readonly icon: LucideIcon
  /** A CSS colour. */
  readonly color: string
}

const style = (label: string, icon: LucideIcon, token: string): StateStyle => ({
  label,
  icon,
  color: `var(--state-${token})`,
})

export const STATE_STYLES: Readonly<Record<AnyState, StateStyle>> = {
  pending: style('Pending', CircleDashed, 'pending'),
  queued: style('Queued', Hourglass, 'queued'),
  running: style('Running', LoaderCircle, 'running'),
  retrying: style('Retrying', RotateCw, 'retrying'),
  success: style('Success', CircleCheck, 'success'),
  failed: style('Failed', CircleX, 'failed'),
  skipped: style('Skipped', SkipForward, 'skipped'),
  upstream_failed: style('Upstream failed', Unlink, 'upstream_failed'),
  cancelled: style('Cancelled', CircleStop, 'cancelled'),
  lost: style('Lost', Unplug, 'lost'),
  timed_out: style('Timed out', AlarmClockOff, 'failed'),
  partial: style('Partial', CircleAlert, 'retrying'),
  interrupted: style('Interrupted', CirclePause, 'lost'),
}
