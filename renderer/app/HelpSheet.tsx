import { closeDialog } from '../state/view.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Kbd } from '../ui/Kbd.tsx'
import { allCommands, COMMAND_GROUPS } from './commands.ts'
import styles from './HelpSheet.module.css'

const GESTURES: readonly (readonly [gesture: string, effect: string])[] = [
  ['Drag a kind from the palette', 'add a task; on an edge, insert it there'],
  ['Double-click the empty canvas', 'add a task there'],
  ['Drag from a handle to a task', 'link them'],
  ['Drop a link on the empty canvas', 'add a task, already linked'],
  ['Drop an unlinked task on an edge', 'insert it there'],
  ['Shift-drag, Shift-click, Ctrl-click', 'select several'],
  ['Double-click a note or the name of a group', 'edit it in place'],
  ['Drag a card near another', 'it snaps to edges and middles'],
  ['Drop a .dag.yaml file on the window', 'open it'],
  ['Middle-click a tab', 'close it'],
  ['Drag a tab', 'move it among the others'],
  ['Drag, middle-drag, Space-drag', 'pan'],
  ['Wheel, pinch', 'zoom'],
]

/** All keys and gestures. */
export function HelpSheet() {
  return (
    <Dialog open onClose={closeDialog} title="Keys and gestures" size="large" reading>
      <div className={styles.columns}>
        {COMMAND_GROUPS.map((group) => {
          const commands = allCommands().filter((command) => command.group === group && command.shortcuts)
          if (commands.length === 0) return null
          return (
            <section key={group} className={styles.section}>
              <h3 className={styles.heading}>{group}</h3>
              <dl>
                {commands.map((command) => (
                  <div key={command.id} className={styles.row}>
                    <dt>{command.title}</dt>
                    <dd className={styles.keys}>
                      {command.shortcuts?.slice(0, 2).map((shortcut) => (
                        <Kbd key={shortcut} shortcut={shortcut} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
        <section className={styles.section}>
          <h3 className={styles.heading}>Gestures on the canvas</h3>
          <dl>
            {GESTURES.map(([gesture, effect]) => (
              <div key={gesture} className={styles.gesture}>
                <dt>{gesture}</dt>
                <dd>{effect}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
