import { Command } from 'cmdk'
import { Dialog as Primitive } from 'radix-ui'
import { useState } from 'react'
import { controls, useControls } from '../canvas/controls.ts'
import { useDocuments, usePipeline } from '../state/documents.ts'
import { openFile } from '../state/files.ts'
import { selectTask } from '../state/selection.ts'
import { closeDialog } from '../state/view.ts'
import { usePipelineFiles, usePlanFiles } from '../state/workspace.ts'
import { Kbd } from '../ui/Kbd.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import styles from './CommandPalette.module.css'
import { allCommands, COMMAND_GROUPS, canRun } from './commands.ts'

/** Beyond this many tasks only those that were searched for are listed. */
const MOST_TASKS = 50

/** Every command with its key, the pipelines of the workspace, and the tasks of this one. */
export function CommandPalette() {
  const [query, setQuery] = useState('')
  return (
    <Primitive.Root open onOpenChange={(open) => !open && closeDialog()}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.scrim} />
        <Primitive.Content
          className={styles.palette}
          aria-describedby={undefined}
          // Where the command put the focus, there it stays: the text of a new note, say.
          onCloseAutoFocus={(event) => document.activeElement !== document.body && event.preventDefault()}
        >
          <Primitive.Title className="visually-hidden">All commands</Primitive.Title>
          <Command label="Commands" loop>
            <Command.Input
              className={styles.input}
              placeholder="Type a command, a task or a pipeline"
              value={query}
              onValueChange={setQuery}
            />
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>Nothing is called that.</Command.Empty>
              <Commands />
              <Pipelines />
              <Tasks query={query} />
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

function Commands() {
  // A canvas that comes after the palette was opened brings its commands.
  useControls()
  const commands = allCommands().filter((command) => !command.keyOnly && canRun(command))
  return COMMAND_GROUPS.map((group) => {
    const own = commands.filter((command) => command.group === group)
    if (own.length === 0) return null
    return (
      <Command.Group key={group} heading={group} className={styles.heading}>
        {own.map(({ id, title, icon: Icon, shortcuts, run }) => (
          <Command.Item
            key={id}
            value={`${group} ${title}`}
            className={styles.item}
            onSelect={() => {
              closeDialog()
              run()
            }}
          >
            <span className={styles.icon}>{Icon && <Icon size={15} aria-hidden />}</span>
            <span className={styles.title}>{title}</span>
            {shortcuts?.[0] && <Kbd shortcut={shortcuts[0]} />}
          </Command.Item>
        ))}
      </Command.Group>
    )
  })
}

function Pipelines() {
  const plans = usePlanFiles().map((path) => ({ path, name: path }))
  const files = [...usePipelineFiles(), ...plans]
  const active = useDocuments((state) => state.active)
  const others = files.filter((file) => file.path !== active)
  if (others.length === 0) return null
  return (
    <Command.Group heading="Pipelines" className={styles.heading}>
      {others.map((file) => (
        <Command.Item
          key={file.path}
          value={`Open ${file.name} ${file.path}`}
          className={styles.item}
          onSelect={() => {
            closeDialog()
            void openFile(file.path)
          }}
        >
          <span className={styles.icon} />
          <span className={styles.title}>{file.name || file.path}</span>
          <span className={styles.group}>{file.path}</span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}

function Tasks({ query }: { readonly query: string }) {
  const tasks = usePipeline()?.tasks ?? []
  const words = query.toLowerCase().trim()
  const shown = (
    tasks.length <= MOST_TASKS
      ? tasks
      : tasks.filter((task) => words !== '' && `${task.id} ${task.name}`.toLowerCase().includes(words))
  ).slice(0, MOST_TASKS)
  if (shown.length === 0) return null
  return (
    <Command.Group heading="Tasks" className={styles.heading}>
      {shown.map((task) => (
        <Command.Item
          key={task.id}
          value={`Go to ${task.name} ${task.id}`}
          className={styles.item}
          onSelect={() => {
            closeDialog()
            selectTask(task.id)
            controls()?.show(task.id)
          }}
        >
          <span className={styles.icon}>
            <KindIcon kind={task.kind} size={15} />
          </span>
          <span className={styles.title}>{task.name}</span>
          {task.name !== task.id && <span className={styles.group}>{task.id}</span>}
        </Command.Item>
      ))}
    </Command.Group>
  )
}
