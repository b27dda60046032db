import { type ReactNode, Suspense, useEffect } from 'react'
import { PlannerView } from '../analysis/planner/PlannerView.tsx'
import { Canvas } from '../canvas/Canvas.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import type { Connection } from '../rpc/client.ts'
import { useActivePath, useShowsPlan } from '../state/documents.ts'
import { dismissNotice, useNotices } from '../state/notices.ts'
import { useView } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Spinner } from '../ui/Progress.tsx'
import { ResizablePanel } from '../ui/Split.tsx'
import { Toasts } from '../ui/Toast.tsx'
import { TooltipProvider } from '../ui/Tooltip.tsx'
import styles from './App.module.css'
import { BottomPanel } from './BottomPanel.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { Dialogs } from './Dialogs.tsx'
import { DocumentBanners } from './DocumentBanners.tsx'
import { NoDocument } from './NoDocument.tsx'
import { Rail } from './Rail.tsx'
import { SidePanel } from './SidePanel.tsx'
import { StatusBar } from './StatusBar.tsx'
import { startApp } from './start.ts'
import { TopBar } from './TopBar.tsx'
import { Welcome } from './Welcome.tsx'

export function App({ status }: { readonly status: Connection['status'] }) {
  useEffect(() => startApp(status), [status])
  return (
    <TooltipProvider delayDuration={450} skipDelayDuration={200}>
      <div className={styles.window}>
        <ConnectionBanner status={status} />
        <Workspace />
      </div>
      <Dialogs />
      <Notices />
    </TooltipProvider>
  )
}

function Workspace() {
  const status = useWorkspace((state) => state.status)
  const open = useWorkspace((state) => state.info !== null)
  if (open) return <Frame />
  if (status === 'none') return <Welcome />
  return (
    <div className={styles.starting}>
      <Spinner label="Opening the workspace" size={20} />
    </div>
  )
}

function Frame() {
  const sideOpen = useView((state) => state.sideOpen)
  const bottomOpen = useView((state) => state.bottomOpen)
  const inspectorOpen = useView((state) => state.inspectorOpen)
  const shown = useActivePath() !== null
  const plan = useShowsPlan()
  return (
    <>
      <TopBar />
      <div className={styles.middle}>
        <Rail />
        {sideOpen && (
          <ResizablePanel
            side="left"
            name="side"
            initial={228}
            minimum={180}
            maximum={520}
            label="Side panel"
            className={styles.panel ?? ''}
          >
            <SidePanel />
          </ResizablePanel>
        )}
        <main className={styles.centre}>
          {shown && <DocumentBanners />}
          <div className={styles.canvas}>{plan ? <PlannerView /> : shown ? <Canvas /> : <NoDocument />}</div>
          {bottomOpen && shown && (
            <ResizablePanel
              side="bottom"
              name="bottom"
              initial={236}
              minimum={120}
              maximum={640}
              label="Bottom panel"
              className={styles.bottom ?? ''}
            >
              <BottomPanel />
            </ResizablePanel>
          )}
        </main>
        {inspectorOpen && shown && !plan && (
          <ResizablePanel
            side="right"
            name="inspector"
            initial={300}
            minimum={260}
            maximum={640}
            label="Inspector"
            className={styles.panel ?? ''}
          >
            <Waiting label="Loading the inspector">
              <Inspector />
            </Waiting>
          </ResizablePanel>
        )}
      </div>
      <StatusBar />
    </>
  )
}

function Waiting({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const spinner = (
    <div className={styles.starting}>
      <Spinner label={label} />
    </div>
  )
  return <Suspense fallback={spinner}>{children}</Suspense>
}

function Notices() {
  const toasts = useNotices((state) => state.toasts)
  return <Toasts toasts={toasts} onDismiss={dismissNotice} />
}
