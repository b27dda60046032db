import type { RunView } from '#shared/journal/run-view.ts'
import { whyParts } from '#shared/journal/why.ts'
import { controls } from '../canvas/controls.ts'
import { selectTask } from '../state/selection.ts'
import styles from './WhyText.module.css'

export interface WhyTextProps {
  readonly view: RunView
  readonly text: string
  /** The task the sentence is about: it leads nowhere from there. */
  readonly about: string
}

/** A sentence about a run, in which the other tasks it names can be clicked. */
export function WhyText({ view, text, about }: WhyTextProps) {
  return whyParts(view, text).map((part, at) => {
    const key = `${at} ${part.text}`
    if (part.type !== 'task') return part.type === 'code' ? <code key={key}>{part.text}</code> : part.text
    const { task } = part
    if (task === about) return part.text
    return (
      <button
        key={key}
        type="button"
        className={styles.task}
        title={`Select ${task}`}
        onClick={(event) => {
          event.stopPropagation()
          selectTask(task)
          controls()?.reveal(task)
        }}
      >
        {part.text}
      </button>
    )
  })
}
