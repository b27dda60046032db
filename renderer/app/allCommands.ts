import { canvasCommands } from './canvasCommands.ts'
import { registerCommands } from './commands.ts'
import { editCommands } from './editCommands.ts'
import { fileCommands } from './fileCommands.ts'
import { runCommands } from './runCommands.ts'
import { viewCommands } from './viewCommands.ts'
import { whatIfCommands } from './whatIfCommands.ts'

export function registerAllCommands(): void {
  registerCommands([
    ...fileCommands,
    ...editCommands,
    ...canvasCommands,
    ...viewCommands,
    ...runCommands,
    ...whatIfCommands,
  ])
}
