import { durationText } from '#shared/analysis/duration-text.ts'
import { type InstanceState, instanceLabel, type JournalEvent } from '#shared/journal/event.ts'
import { isFinal, type RunView, type TaskView, taskDuration } from '#shared/journal/run-view.ts'
import { type Output, plainText, type Style } from './terminal.ts'

const FRAME_MILLISECONDS = 120

/** Told apart without colour too. */
const LOOK: Readonly<Record<InstanceState, { icon: string; word: string; style: Style }>> = {
  pending: { icon: '·', word: 'pending', style: 'gray' },
  queued: { icon: '◷', word: 'queued', style: 'gray' },
  running: { icon: '▶', word: 'running', style: 'blue' },
  retrying: { icon: '↻', word: 'retrying', style: 'yellow' },
  success: { icon: '✓', word: 'success', style: 'green' },
  failed: { icon: '✗', word: 'failed', style: 'red' },
  skipped: { icon: '↷', word: 'skipped', style: 'gray' },
  upstream_failed: { icon: '⊘', word: 'upstream failed', style: 'yellow' },
  cancelled: { icon: '■', word: 'cancelled', style: 'yellow' },
}

export function stateText(output: Output, state: InstanceState): string {
  const { icon, word, style } = LOOK[state]
  return output.paint(style, `${icon} ${word}`)
}

/** Shows a run while it happens. `now` gives microseconds since the run's epoch. */
export interface Progress {
  update(events: readonly JournalEvent[]): void
  /** A line of its own, which stays. */
  say(text: string): void
  /** `keep`: leaves the last state standing; else it goes, because a summary of the same follows. */
  end(keep: boolean): void
}

export function progressOn(output: Output, view: RunView, now: () => number): Progress {
  return output.isTerminal ? new LiveProgress(output, view, now) : new PlainProgress(output, view)
}

/** One line for what happened, for logs of other programs. */
class PlainProgress implements Progress {
  readonly #output: Output
  readonly #view: RunView

  constructor(output: Output, view: RunView) {
    this.#output = output
    this.#view = view
  }

  update(events: readonly JournalEvent[]): void {
    const lines: string[] = []
    for (const event of events) {
      const text = this.#textOf(event)
      if (text !== null) lines.push(`${(event.t / 1e6).toFixed(3).padStart(9)} s  ${text}\n`)
    }
    // In one go: every write is a system call that waits for the reader.
    if (lines.length > 0) this.#output.write(lines.join(''))
  }

  say(text: string): void {
    this.#output.line(text)
  }

  end(): void {}

  #textOf(event: JournalEvent): string | null {
    if (event.type === 'starting') {
      const again = event.attempt > 1 ? ` (attempt ${event.attempt})` : ''
      return `${instanceLabel(event.task, event.index)} running${again}`
    }
    if (event.type === 'retrying') {
      const reason = this.#view.tasks.get(event.task)?.instances[event.index ?? 0]?.attempts.at(-1)?.reason
      const why = reason ? `: ${plainText(reason.message)}` : ''
      return `${instanceLabel(event.task, event.index)} failed, will be tried again${why}`
    }
    if (event.type === 'settled') {
      const why = event.state !== 'success' && event.reason ? `: ${plainText(event.reason.message)}` : ''
      return `${instanceLabel(event.task, event.index)} ${LOOK[event.state].word}${why}`
    }
    return event.type === 'cancel' ? cancelText(event) : null
  }
}

function cancelText({ kill, timeout }: Extract<JournalEvent, { type: 'cancel' }>): string {
  if (timeout !== undefined) return `the run took longer than its timeout of ${durationText(timeout)}: ending its tasks`
  return kill ? 'killing all tasks' : 'cancelling'
}

/** A list of tasks that is drawn over itself. */
class LiveProgress implements Progress {
  readonly #output: Output
  readonly #view: RunView
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  readonly #widest: number
  #drawn = 0

  constructor(output: Output, view: RunView, now: () => number) {
    this.#output = output
    this.#view = view
    this.#now = now
    this.#widest = view.order.reduce((most, id) => Math.max(most, id.length), 0)
    this.#timer = setInterval(() => this.#draw(), FRAME_MILLISECONDS)
    this.#draw()
  }

  update(): void {}

  say(text: string): void {
    this.#wipe()
    this.#output.line(text)
    this.#draw()
  }

  end(keep: boolean): void {
    clearInterval(this.#timer)
    if (keep) this.#draw()
    else this.#wipe()
  }

  #draw(): void {
    const lines = [...this.#tasks(), this.#total()]
    const text = lines.map((line) => `${line}\u001b[K\n`).join('')
    this.#output.write(`${this.#up()}${text}\u001b[J`)
    this.#drawn = lines.length
  }

  #wipe(): void {
    this.#output.write(`${this.#up()}\u001b[J`)
    this.#drawn = 0
  }

  #up(): string {
    // A terminal shows Ctrl-C as two characters, so the cursor need not be in the first column.
    return this.#drawn > 0 ? `\r\u001b[${this.#drawn}A` : ''
  }

  /** What fits on the screen: those that are under way first to stay, then the rest in file order. */
  #tasks(): string[] {
    const tasks = this.#view.order.map((id) => this.#view.tasks.get(id)!)
    const room = Math.max(1, this.#output.rows - 3)
    if (tasks.length <= room) return tasks.map((task) => this.#line(task))
    const under = tasks.filter((task) => !isFinal(task.state) && task.state !== 'pending')
    const failed = tasks.filter((task) => task.state === 'failed')
    const shown = [...new Set([...failed, ...under, ...tasks.filter((task) => !isFinal(task.state))])].slice(
      0,
      room - 1,
    )
    return [...shown.map((task) => this.#line(task)), `  and ${tasks.length - shown.length} more`]
  }

  #line(task: TaskView): string {
    const state = LOOK[task.state]
    const done = task.instances.filter((instance) => isFinal(instance.state)).length
    const count = task.mapped ? `${done}/${task.instances.length}` : ''
    const room = Math.max(10, this.#output.columns - 40)
    const name = plainText(task.id).slice(0, room).padEnd(Math.min(this.#widest, room))
    const words = `${state.icon} ${state.word}`.padEnd(18)
    return `  ${this.#output.paint(state.style, words)}${name}  ${this.#output.paint('dim', [count, this.#time(task)].filter(Boolean).join('  '))}`
  }

  #time(task: TaskView): string {
    const duration = taskDuration(task)
    if (duration !== null) return durationText(duration)
    if (task.state !== 'running' && task.state !== 'retrying') return ''
    const first = task.instances.reduce((least, { startedAt }) => Math.min(least, startedAt ?? Infinity), Infinity)
    return first === Infinity ? '' : durationText(Math.max(0, this.#now() - first))
  }

  #total(): string {
    const tasks = [...this.#view.tasks.values()]
    const done = tasks.filter((task) => isFinal(task.state)).length
    const time = durationText(this.#view.endedAt ?? Math.max(0, this.#now()))
    const word = this.#view.cancelling && this.#view.endedAt === null ? 'cancelling' : this.#view.state
    return `  ${this.#output.paint('bold', `${done}/${tasks.length} tasks`)}  ${time}  ${this.#output.paint('dim', word)}`
  }
}
