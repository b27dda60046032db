import { everyBeat } from './beat.ts'
import { motionAllowed } from './motion.ts'

/** From one eighth of a turn to the next, in milliseconds: with the other things that go by time. */
const STEP_MS = 250
const STEPS = 8

const turning = new Set<SVGSVGElement>()
let stop: (() => void) | null = null

/**
 * A ref of an icon that turns, all of them together and in steps. An animation of the style sheet, in steps as well, would
 * have the browser compose the window sixty times a second for as long as a run goes on, and tasks wait for that.
 */
export function turns(icon: SVGSVGElement | null): (() => void) | undefined {
  if (icon === null) return
  turning.add(icon)
  turn(icon)
  stop ??= everyBeat(STEP_MS, () => turning.forEach(turn))
  return () => {
    turning.delete(icon)
    icon.style.rotate = ''
    if (turning.size > 0) return
    stop?.()
    stop = null
  }
}

function turn(icon: SVGSVGElement): void {
  const step = motionAllowed() ? Math.round(performance.now() / STEP_MS) % STEPS : 0
  icon.style.rotate = `${step / STEPS}turn`
}
