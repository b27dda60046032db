import { notify } from '../../state/notices.ts'

/** Puts text on the clipboard and says so. `what`: "The chart", for the messages. */
export async function copyText(what: string, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notify({ tone: 'success', title: `${what} was copied` })
  } catch {
    notify({
      tone: 'error',
      title: `${what} could not be copied.`,
      next: 'Save it as a file instead.',
      code: 'CLIPBOARD',
    })
  }
}
