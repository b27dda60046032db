import { SAMPLES, type SampleName } from '#shared/contract/samples.ts'
import { api } from '../state/client.ts'
import { attempt } from '../state/notices.ts'
import { openPath } from './session.ts'

/** Opens the person's copy of a sample workspace; the first time it is made. */
export async function openSample(name: SampleName): Promise<void> {
  const sample = await attempt('Copy the sample', () => api().workspace.createSample({ folder: null, name }))
  if (!sample) return
  const shown = SAMPLES.find((one) => one.name === name)
  await openPath(shown && 'opens' in shown ? `${sample.path}/${shown.opens}` : sample.path)
}
