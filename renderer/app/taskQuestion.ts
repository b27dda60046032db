import { create } from 'zustand'

/** What is asked about tasks so that it can be done without a pointer. */
export interface TaskQuestion {
  readonly about: 'link' | 'unlink' | 'group'
  /** The last one is the one that is linked. */
  readonly tasks: readonly string[]
}

export const useTaskQuestion = create<{ readonly question: TaskQuestion | null }>(() => ({ question: null }))

/** Nothing is asked about no task. */
export function askAboutTasks(about: TaskQuestion['about'], tasks: Iterable<string>): void {
  const list = [...tasks]
  askedFrom = document.activeElement
  if (list.length > 0) useTaskQuestion.setState({ question: { about, tasks: list } })
}

/** What had the focus when it was asked: it gets it back. The dialog cannot know, for its field takes it at once. */
let askedFrom: Element | null = null

export function closeTaskQuestion(): void {
  useTaskQuestion.setState({ question: null })
  const back = askedFrom
  setTimeout(() => {
    if (back instanceof HTMLElement && back.isConnected) back.focus()
  }, 0)
}
