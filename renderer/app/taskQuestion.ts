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
  if (list.length > 0) useTaskQuestion.setState({ question: { about, tasks: list } })
}

export function closeTaskQuestion(): void {
  useTaskQuestion.setState({ question: null })
}
