import { X } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { BottleneckPanel } from '../analysis/BottleneckPanel.tsx'
import { HistoryArea } from '../analysis/HistoryArea.tsx'
import { WhatIfArea } from '../analysis/WhatIfArea.tsx'
import { DataPanel } from '../runs/DataPanel.tsx'
import { LogsPanel } from '../runs/LogsPanel.tsx'
import { TaskList } from '../runs/TaskList.tsx'
import { TimelinePanel } from '../runs/TimelinePanel.tsx'
import { useProblems, useShowsPlan } from '../state/documents.ts'
import { type BottomTab, showBottom, toggleBottom, useView } from '../state/view.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import styles from './App.module.css'
import { ChangesArea } from './ChangesArea.tsx'

// Monaco comes with these; it is loaded when an editor is first shown.
const YamlPanel = lazy(() => import('../editor/YamlPanel.tsx').then((module) => ({ default: module.YamlPanel })))
const ProblemsPanel = lazy(() =>
  import('../editor/ProblemsPanel.tsx').then((module) => ({ default: module.ProblemsPanel })),
)

/** A file of the planner has no runs. */
const PLAN_TABS: readonly string[] = ['yaml', 'problems']

export function BottomPanel() {
  const plan = useShowsPlan()
  const chosen = useView((state) => state.bottomTab)
  const tab = plan && !PLAN_TABS.includes(chosen) ? 'yaml' : chosen
  const problems = useProblems().filter((problem) => problem.severity !== 'info').length
  return (
    <Tabs
      label="Bottom panel"
      value={tab}
      onChange={(id) => showBottom(id as BottomTab)}
      actions={<IconButton icon={X} label="Close the panel" shortcut="Mod+J" size="small" onClick={toggleBottom} />}
      tabs={[
        { id: 'timeline', label: 'Timeline', content: <TimelinePanel /> },
        { id: 'critical', label: 'Critical path', content: <BottleneckPanel /> },
        { id: 'whatif', label: 'What-if', content: <WhatIfArea /> },
        { id: 'history', label: 'History', content: <HistoryArea /> },
        { id: 'tasks', label: 'Tasks', content: <TaskList /> },
        { id: 'changes', label: 'Changes', content: <ChangesArea /> },
        { id: 'logs', label: 'Logs', content: <LogsPanel /> },
        {
          id: 'yaml',
          label: 'YAML',
          content: (
            <Lazily>
              <YamlPanel />
            </Lazily>
          ),
        },
        { id: 'data', label: 'Data', content: <DataPanel /> },
        {
          id: 'problems',
          label: 'Problems',
          count: problems,
          content: (
            <Lazily>
              <ProblemsPanel />
            </Lazily>
          ),
        },
      ].filter(({ id }) => !plan || PLAN_TABS.includes(id))}
    />
  )
}

function Lazily({ children }: { readonly children: ReactNode }) {
  const spinner = (
    <div className={styles.starting}>
      <Spinner label="Loading the editor" />
    </div>
  )
  return <Suspense fallback={spinner}>{children}</Suspense>
}
