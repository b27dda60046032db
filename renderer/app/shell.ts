import { isConnectionError } from '#shared/contract/call-error.ts'
import { api } from '../state/client.ts'
import { isEdited, useDocuments } from '../state/documents.ts'
import { discardRecovery } from '../state/files.ts'
import { attempt } from '../state/notices.ts'
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

/** Unsaved work is asked about; running pipelines too, since they end with the app. */
async function answerClose(liveRuns: number): Promise<void> {
  const proceed = (await agreeToEndRuns(liveRuns)) && (await saveAllOrDiscard())
  if (proceed) {
    await Promise.all(
      useDocuments
        .getState()
        .open.filter(isEdited)
        .map(({ path }) => discardRecovery(path)),
    )
  }
  await attempt('Close the window', () => api().shell.close({ proceed }))
}

async function agreeToEndRuns(liveRuns: number): Promise<boolean> {
  if (liveRuns === 0) return true
  const answer = await ask({
    title: liveRuns === 1 ? 'A run is still going on.' : `${liveRuns} runs are still going on.`,
    text: 'Closing Dagwright cancels what runs. It can be run again later from its failed tasks.',
    answers: [
      { id: 'stay', label: 'Keep running' },
      { id: 'close', label: 'Cancel and close', tone: 'danger' },
    ],
    fallback: 'stay',
  })
  return answer === 'close'
}
