import { Command } from 'cmdk'
import { CircleSlash2, Group, Plus } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { reachable, taskGraph } from '#shared/model/task-graph.ts'
import { connectTasks, disconnectTasks, groupTasks, moveToGroup } from '../canvas/actions.ts'
import { usePipeline } from '../state/documents.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import styles from './CommandPalette.module.css'
import { closeTaskQuestion, type TaskQuestion, useTaskQuestion } from './taskQuestion.ts'

/** Links tasks, takes links away and puts tasks into groups without a pointer. */
export function TaskQuestionDialog() {
  const question = useTaskQuestion((state) => state.question)
  const pipeline = usePipeline()
  const task = pipeline?.tasks.find((other) => other.id === question?.tasks.at(-1))
  if (!question || !pipeline || !task) return null
  return <OpenQuestion question={question} pipeline={pipeline} task={task} />
}

interface OpenQuestionProps {
  readonly question: TaskQuestion
  readonly pipeline: Pipeline
  readonly task: Task
}

function OpenQuestion({ question, pipeline, task }: OpenQuestionProps) {
  const [query, setQuery] = useState('')
  const { title, text, placeholder } = wordsOf(question, task)
  return (
    <Dialog open onClose={closeTaskQuestion} title={title} description={text} size="small">
      <Command label={title} className={styles.inDialog}>
        <Command.Input
          className={styles.input}
          placeholder={placeholder}
          value={query}
          onValueChange={setQuery}
          autoFocus
        />
        <Command.List className={styles.list}>
          <Command.Empty className={styles.empty}>Nothing is called that.</Command.Empty>
          {question.about === 'link' && <Links pipeline={pipeline} task={task} query={query} />}
          {question.about === 'unlink' && <Unlinks pipeline={pipeline} task={task} />}
          {question.about === 'group' && <Groups pipeline={pipeline} tasks={question.tasks} />}
        </Command.List>
      </Command>
    </Dialog>
  )
}

function wordsOf({ about, tasks }: TaskQuestion, task: Task) {
  const named = tasks.length === 1 ? task.name : `${tasks.length} tasks`
  if (about === 'link') {
    return {
      title: `Link ${task.name} to…`,
      text: 'Choose what needs it, or what it needs.',
      placeholder: 'Find a task',
    }
  }
  if (about === 'unlink') {
    return { title: `Remove a link of ${task.name}`, text: 'Choose the other end.', placeholder: 'Find a link' }
  }
  return { title: `Move ${named} to a group`, text: 'A task stands in one group at most.', placeholder: 'Find a group' }
}

interface LinksProps {
  readonly pipeline: Pipeline
  readonly task: Task
  readonly query: string
}

function Links({ pipeline, task, query }: LinksProps) {
  const { upstreams, downstreams } = useMemo(() => taskGraph(pipeline.tasks), [pipeline])
  const before = useMemo(() => reachable(upstreams, task.id), [upstreams, task.id])
  const after = useMemo(() => reachable(downstreams, task.id), [downstreams, task.id])
  const needed = new Set(task.needs.map((need) => need.task))
  const others = tasksCalled(pipeline, query, task.id)
  const downstream = others.filter((other) => !other.needs.some((need) => need.task === task.id))
  const upstream = others.filter((other) => !needed.has(other.id))
  return (
    <>
      <Command.Group heading={`Will need ${task.name}`} className={styles.heading}>
        {downstream.map((other) => (
          <TaskChoice
            key={other.id}
            task={other}
            end="to"
            cycle={before.has(other.id)}
            choose={() => connectTasks(task.id, other.id)}
          />
        ))}
      </Command.Group>
      <Command.Group heading={`${task.name} will need`} className={styles.heading}>
        {upstream.map((other) => (
          <TaskChoice
            key={other.id}
            task={other}
            end="from"
            cycle={after.has(other.id)}
            choose={() => connectTasks(other.id, task.id)}
          />
        ))}
      </Command.Group>
    </>
  )
}

/** Beyond this many tasks only so many of those that were searched for are listed. */
const MOST_TASKS = 50

function tasksCalled(pipeline: Pipeline, query: string, except: string): readonly Task[] {
  const others = pipeline.tasks.filter((other) => other.id !== except)
  if (others.length <= MOST_TASKS) return others
  const words = query.toLowerCase().trim()
  return others.filter((other) => `${other.name} ${other.id}`.toLowerCase().includes(words)).slice(0, MOST_TASKS)
}

function Unlinks({ pipeline, task }: { readonly pipeline: Pipeline; readonly task: Task }) {
  const needed = new Set(task.needs.map((need) => need.task))
  const upstream = pipeline.tasks.filter((other) => needed.has(other.id))
  const downstream = pipeline.tasks.filter((other) => other.needs.some((need) => need.task === task.id))
  return (
    <>
      {upstream.length > 0 && (
        <Command.Group heading={`${task.name} needs`} className={styles.heading}>
          {upstream.map((other) => (
            <TaskChoice key={other.id} task={other} end="from" choose={() => disconnectTasks(other.id, task.id)} />
          ))}
        </Command.Group>
      )}
      {downstream.length > 0 && (
        <Command.Group heading={`Needs ${task.name}`} className={styles.heading}>
          {downstream.map((other) => (
            <TaskChoice key={other.id} task={other} end="to" choose={() => disconnectTasks(task.id, other.id)} />
          ))}
        </Command.Group>
      )}
    </>
  )
}

function Groups({ pipeline, tasks }: { readonly pipeline: Pipeline; readonly tasks: readonly string[] }) {
  return (
    <>
      {pipeline.groups.map((group) => (
        <Choice
          key={group.id}
          value={`${group.name} ${group.id}`}
          icon={<Group size={15} aria-hidden />}
          choose={() => moveToGroup(tasks, group.id)}
        >
          {group.name}
        </Choice>
      ))}
      <Choice value="A new group" icon={<Plus size={15} aria-hidden />} choose={() => groupTasks(tasks)}>
        A new group
      </Choice>
      <Choice value="No group" icon={<CircleSlash2 size={15} aria-hidden />} choose={() => moveToGroup(tasks, null)}>
        No group
      </Choice>
    </>
  )
}

interface TaskChoiceProps {
  readonly task: Task
  /** Apart from the same task at the other end of a link. */
  readonly end: 'from' | 'to'
  /** The link would close one, and is refused with the way round it. */
  readonly cycle?: boolean
  readonly choose: () => void
}

function TaskChoice({ task, end, cycle = false, choose }: TaskChoiceProps) {
  const more = [task.name === task.id ? '' : task.id, cycle ? 'would close a cycle' : ''].filter(Boolean).join(', ')
  const detail = more && <span className={styles.group}> {more}</span>
  return (
    <Choice value={`${task.name} ${task.id} ${end}`} icon={<KindIcon kind={task.kind} />} choose={choose}>
      {task.name}
      {detail}
    </Choice>
  )
}

interface ChoiceProps {
  /** Found by it, and unique. */
  readonly value: string
  readonly icon: ReactNode
  readonly choose: () => void
  readonly children: ReactNode
}

function Choice({ value, icon, choose, children }: ChoiceProps) {
  return (
    <Command.Item
      value={value}
      className={styles.item}
      onSelect={() => {
        closeTaskQuestion()
        choose()
      }}
    >
      {icon}
      <span className={styles.title}>{children}</span>
    </Command.Item>
  )
}
