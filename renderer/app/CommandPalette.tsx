import { Command, defaultFilter } from 'cmdk'
import { Dialog as Primitive } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { controls, useControls } from '../canvas/controls.ts'
import { useDocuments, usePipeline } from '../state/documents.ts'
import { openFile } from '../state/files.ts'
import { selectTask } from '../state/selection.ts'
import { closeDialog } from '../state/view.ts'
import { usePipelineFiles, usePlanFiles } from '../state/workspace.ts'
import { useFocusReturn } from '../ui/focus-return.ts'
import { Kbd } from '../ui/Kbd.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import styles from './CommandPalette.module.css'
import { allCommands, COMMAND_GROUPS, canRun } from './commands.ts'

/** Beyond this many tasks only those that were searched for are listed. */
const MOST_TASKS = 50

/** Every command with its key, the pipelines of the workspace, and the tasks of this one. */
export function CommandPalette() {
  const [query, setQuery] = useState('')
  const { remember, giveBack } = useFocusReturn()
  return (
    <Primitive.Root open onOpenChange={(open) => !open && closeDialog()}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.scrim} />
        <Primitive.Content
          className={styles.palette}
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          // Where the command put the focus, there it stays: the text of a new note, say.
          onCloseAutoFocus={giveBack}
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
              <Groups query={query} />
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

interface Entry {
  /** What is searched for it, and unique. */
  readonly value: string
  readonly title: string
  readonly icon: ReactNode
  /** Behind the title: a key, a path, an id. */
  readonly detail: ReactNode
  readonly choose: () => void
}

interface EntryGroup {
  readonly heading: string
  readonly entries: readonly Entry[]
}

/** Those of the best match first: cmdk sorts the entries of a group, but not its groups. */
function Groups({ query }: { readonly query: string }) {
  const groups = [...useCommandGroups(), usePipelineGroup(), useTaskGroup(query)].filter(
    ({ entries }) => entries.length > 0,
  )
  const best = ({ entries }: EntryGroup) => Math.max(...entries.map(({ value }) => defaultFilter(value, query)))
  const ordered = query === '' ? groups : groups.toSorted((a, b) => best(b) - best(a))
  return ordered.map(({ heading, entries }) => (
    <Command.Group key={heading} heading={heading} className={styles.heading}>
      {entries.map(({ value, title, icon, detail, choose }) => (
        <Command.Item
          key={value}
          value={value}
          className={styles.item}
          onSelect={() => {
            closeDialog()
            choose()
          }}
        >
          <span className={styles.icon}>{icon}</span>
          <span className={styles.title}>{title}</span>
          {detail}
        </Command.Item>
      ))}
    </Command.Group>
  ))
}

function useCommandGroups(): readonly EntryGroup[] {
  // A canvas that comes after the palette was opened brings its commands.
  useControls()
  const commands = allCommands().filter((command) => !command.keyOnly && canRun(command))
  return COMMAND_GROUPS.map((group) => ({
    heading: group,
    entries: commands
      .filter((command) => command.group === group)
      .map(({ title, words = '', icon: Icon, shortcuts, run }) => ({
        value: `${group} ${title} ${words}`,
        title,
        icon: Icon && <Icon size={15} aria-hidden />,
        detail: shortcuts?.[0] && <Kbd shortcut={shortcuts[0]} />,
        choose: run,
      })),
  }))
}

function usePipelineGroup(): EntryGroup {
  const plans = usePlanFiles().map((path) => ({ path, name: path }))
  const files = [...usePipelineFiles(), ...plans]
  const active = useDocuments((state) => state.active)
  const others = files.filter((file) => file.path !== active)
  return {
    heading: 'Pipelines',
    entries: others.map(({ path, name }) => ({
      value: `Open ${name} ${path}`,
      title: name || path,
      icon: null,
      detail: <span className={styles.group}>{path}</span>,
      choose: () => void openFile(path),
    })),
  }
}

function useTaskGroup(query: string): EntryGroup {
  const tasks = usePipeline()?.tasks ?? []
  const words = query.toLowerCase().trim()
  const shown = (
    tasks.length <= MOST_TASKS
      ? tasks
      : tasks.filter((task) => words !== '' && `${task.id} ${task.name}`.toLowerCase().includes(words))
  ).slice(0, MOST_TASKS)
  return {
    heading: 'Tasks',
    entries: shown.map(({ id, name, kind }) => ({
      value: `Go to ${name} ${id}`,
      title: name,
      icon: <KindIcon kind={kind} size={15} />,
      detail: name !== id && <span className={styles.group}>{id}</span>,
      choose: () => {
        selectTask(id)
        controls()?.show(id)
      },
    })),
  }
}
