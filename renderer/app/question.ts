import { create } from 'zustand'

/** One question at a time with a few answers, shown by Dialogs; the asker awaits the answer. */
export interface Question {
  readonly title: string
  readonly text: string
  readonly answers: readonly {
    readonly id: string
    readonly label: string
    readonly tone?: 'primary' | 'danger'
  }[]
  /** The answer where the dialog is closed without one. */
  readonly fallback: string
  readonly resolve: (answer: string) => void
}

export const useQuestion = create<{ readonly question: Question | null }>(() => ({ question: null }))

export function ask(question: Omit<Question, 'resolve'>): Promise<string> {
  return new Promise((resolve) => {
    useQuestion.getState().question?.resolve(useQuestion.getState().question!.fallback)
    useQuestion.setState({
      question: {
        ...question,
        resolve: (answer) => {
          useQuestion.setState({ question: null })
          resolve(answer)
        },
      },
    })
  })
}

export async function askToSave(path: string): Promise<'save' | 'discard' | 'stay'> {
  const answer = await ask({
    title: `Save the changes to ${path}?`,
    text: 'Without saving they are lost.',
    answers: [
      { id: 'discard', label: 'Discard the changes', tone: 'danger' },
      { id: 'stay', label: 'Cancel' },
      { id: 'save', label: 'Save', tone: 'primary' },
    ],
    fallback: 'stay',
  })
  return answer === 'save' || answer === 'discard' ? answer : 'stay'
}
