import { FlaskConical } from 'lucide-react'
import type { Change } from '#shared/analysis/scenario.ts'
import { activeDocument } from '../state/documents.ts'
import { useSelection } from '../state/selection.ts'
import { suppose, supposeAlso, useWhatIf } from '../state/whatIf.ts'
import type { Command } from './commands.ts'

function selectedTask(): string | null {
  const { tasks } = useSelection.getState()
  const [only] = tasks
  return tasks.size === 1 && only !== undefined && activeDocument()?.pipeline ? only : null
}

const SUPPOSED: readonly (readonly [id: string, title: string, change: (task: string) => Change])[] = [
  ['faster', 'Suppose the task takes half as long', (task) => ({ task, factor: 0.5 })],
  ['gone', 'Suppose the task is gone', (task) => ({ task, gone: true })],
  ['late', 'Suppose the task is 20 minutes late', (task) => ({ task, late: 20 * 60_000_000 })],
  ['fails', 'Suppose the task fails', (task) => ({ task, fails: true })],
]

/** What-if by the palette of commands, and so without a pointer. */
export const whatIfCommands: readonly Command[] = [
  ...SUPPOSED.map(
    ([id, title, change]): Command => ({
      id: `whatif.${id}`,
      title,
      group: 'Run',
      icon: FlaskConical,
      when: () => selectedTask() !== null,
      run: () => supposeAlso(change(selectedTask() ?? '')),
    }),
  ),
  {
    id: 'whatif.end',
    title: 'End the scenario: back to the pipeline',
    group: 'Run',
    icon: FlaskConical,
    when: () => useWhatIf.getState().scenario.length > 0,
    run: () => suppose([]),
  },
]
