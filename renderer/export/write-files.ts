import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ExportedFile } from '#shared/formats/format.ts'
import { ask } from '../app/question.ts'
import { api } from '../state/client.ts'
import { notify, notifyError } from '../state/notices.ts'
import { workspaceRoot } from '../state/workspace.ts'

/** Writes files into a folder of the workspace; asks before it overwrites. The person is told what came of it. */
export async function writeIntoWorkspace(
  folder: string,
  files: readonly ExportedFile[],
  overwrite = false,
): Promise<void> {
  try {
    const { written } = await api().exports.write({
      workspace: workspaceRoot(),
      folder,
      files: files.map(({ path, text }) => ({ path, content: text, encoding: 'utf8' })),
      overwrite,
    })
    notify({
      tone: 'success',
      title: `Saved ${written.length === 1 ? 'one file' : `${written.length} files`}`,
      where: written.join(', '),
    })
  } catch (error) {
    const data = appErrorOf(error)
    // The one refusal that a person may lift: files are there already.
    if (overwrite || data?.code !== 'BAD_INPUT' || !Array.isArray(data.details?.existing)) {
      notifyError(error, 'Save the export')
      return
    }
    const { existing } = data.details
    const one = existing.length === 1
    const answer = await ask({
      title: one ? 'Overwrite the file?' : 'Overwrite the files?',
      text: `${existing.join(', ')} ${one ? 'exists' : 'exist'} already. What stands in ${one ? 'it' : 'them'} is lost.`,
      answers: [
        { id: 'keep', label: one ? 'Keep it' : 'Keep them' },
        { id: 'overwrite', label: 'Overwrite', tone: 'danger' },
      ],
      fallback: 'keep',
    })
    if (answer === 'overwrite') await writeIntoWorkspace(folder, files, true)
  }
}
