import { isConnectionError } from '#shared/contract/call-error.ts'
import { api } from '../state/client.ts'
import { isEdited, useDocuments } from '../state/documents.ts'
import { discardRecovery } from '../state/files.ts'
import { attempt, notify } from '../state/notices.ts'
import { useRuns } from '../state/runs.ts'
import { useWorkspace } from '../state/workspace.ts'
import { runCommand } from './commands.ts'
import { ask } from './question.ts'
import { openPath, saveAllOrDiscard } from './session.ts'

const PAUSE_MS = 1_000

/** The desktop window around the app: menu entries, files to open, the wish to close. Does nothing on other hosts. */
export async function followShell(): Promise<void> {
  if (!useWorkspace.getState().app?.capabilities.menu) return
  tellState()
  useDocuments.subscribe(tellState)
  useRuns.subscribe(tellState)
  while (true) {
    try {
      for await (const command of await api().shell.commands({})) {
        if (command.type === 'command') runCommand(command.id)
        else if (command.type === 'open') void openPath(command.path)
        else void answerClose(command.liveRuns)
      }
    } catch (error) {
      if (!isConnectionError(error)) {
        await attempt('Listen to the menu', () => Promise.reject(error))
        return
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

let told = ''

function tellState(): void {
  const { open, active } = useDocuments.getState()
  const state = {
    title: document.title,
    edited: open.some(isEdited),
    path: active,
    liveRuns: useRuns.getState().summaries.filter((summary) => summary.live).length,
  }
  const text = JSON.stringify(state)
  if (text === told) return
  told = text
  void attempt('Tell the window its title', () => api().shell.setState(state))
}

/** Ends the waiting for runs that an earlier wish to close began. */
let waiting: AbortController | null = null

/** Unsaved work is asked about; running pipelines too, since they end with the app. */
async function answerClose(liveRuns: number): Promise<void> {
  waiting?.abort()
  const answer = liveRuns === 0 ? 'close' : await askAboutRuns(liveRuns)
  // Who waits is asked at the end: there may be more to save by then.
  const agreed = answer === 'wait' || (answer !== 'stay' && (await saveAllOrDiscard()))
  if (!agreed) await closeWindow({ proceed: false })
  else if (answer === 'close') await leave()
  else {
    const own = new AbortController()
    waiting = own
    await closeWindow({ proceed: false, hide: answer === 'hide' })
    await runsEnded(own, answer === 'hide')
    if (own.signal.aborted) return
    if (answer === 'hide') await leave()
    else await answerClose(0)
  }
}

async function leave(): Promise<void> {
  const edited = useDocuments.getState().open.filter(isEdited)
  await Promise.all(edited.map(({ path }) => discardRecovery(path)))
  await closeWindow({ proceed: true })
}

function closeWindow(answer: { readonly proceed: boolean; readonly hide?: boolean }): Promise<unknown> {
  return attempt('Close the window', () => api().shell.close(answer))
}

/** Until nothing runs any more, or it is aborted: as it is where a hidden window is shown again. */
async function runsEnded(wait: AbortController, hidden: boolean): Promise<void> {
  if (!hidden) {
    notify({
      tone: 'info',
      title: 'Dagwright closes when nothing runs any more.',
      next: 'Close it again to change that.',
    })
  }
  const shown = () => document.visibilityState === 'visible' && wait.abort()
  if (hidden) document.addEventListener('visibilitychange', shown)
  let stop = () => {}
  await new Promise<void>((resolve) => {
    const look = () => {
      if (wait.signal.aborted || !useRuns.getState().summaries.some((summary) => summary.live)) resolve()
    }
    stop = useRuns.subscribe(look)
    wait.signal.addEventListener('abort', look)
    look()
  })
  stop()
  document.removeEventListener('visibilitychange', shown)
}

function askAboutRuns(liveRuns: number): Promise<string> {
  const one = liveRuns === 1
  return ask({
    title: one ? 'A run is still going on.' : `${liveRuns} runs are still going on.`,
    text: 'What is cancelled can be run again later from its failed tasks.',
    answers: [
      { id: 'stay', label: 'Stay' },
      { id: 'close', label: 'Cancel and close', tone: 'danger' },
      { id: 'hide', label: 'Run on without a window' },
      { id: 'wait', label: one ? 'Close when it ends' : 'Close when they end', tone: 'primary' },
    ],
    fallback: 'stay',
  })
}
