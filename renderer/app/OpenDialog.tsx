import { CalendarClock, ChevronUp, FileText, Folder, FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { FolderListing } from '#shared/contract/data.ts'
import { api } from '../state/client.ts'
import { attempt } from '../state/notices.ts'
import { closeDialog } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './OpenDialog.module.css'
import { openPath } from './session.ts'

/** Folders and pipeline files of this machine, for hosts without a dialog of the system's own. */
export function OpenDialog() {
  const root = useWorkspace((state) => state.info?.root ?? null)
  const [listing, setListing] = useState<FolderListing | null>(null)
  const browse = async (path: string | null) => {
    const next = await attempt('Look into the folder', () => api().app.browse({ path }))
    if (next) setListing(next)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => void browse(root), [])
  const open = (path: string) => {
    closeDialog()
    void openPath(path)
  }
  const footer = (
    <>
      <Button onClick={closeDialog}>Cancel</Button>
      <Button variant="primary" disabled={!listing} onClick={() => listing && open(listing.path)}>
        Open this folder
      </Button>
    </>
  )
  return (
    <Dialog open onClose={closeDialog} title="Open a workspace or a pipeline" footer={footer}>
      {listing ? (
        <>
          <div className={styles.address}>
            <Button
              icon={ChevronUp}
              variant="quiet"
              aria-label="The folder above"
              disabled={listing.parent === null}
              onClick={() => void browse(listing.parent)}
            />
            <TextField
              className={styles.path ?? ''}
              value={listing.path}
              onCommit={(path) => void browse(path)}
              label="Folder"
              code
            />
          </div>
          <Entries listing={listing} onBrowse={(path) => void browse(path)} onOpen={open} />
        </>
      ) : (
        <Spinner label="Looking into the folder" />
      )}
    </Dialog>
  )
}

interface EntriesProps {
  readonly listing: FolderListing
  readonly onBrowse: (path: string) => void
  readonly onOpen: (path: string) => void
}

const ICONS = { folder: Folder, workspace: FolderOpen, pipeline: FileText, plan: CalendarClock }

function Entries({ listing, onBrowse, onOpen }: EntriesProps) {
  if (listing.entries.length === 0) return <EmptyState title="No folders and no pipelines in here." />
  return (
    <ul className={styles.list}>
      {listing.entries.map(({ name, path, kind }) => {
        const Icon = ICONS[kind]
        return (
          <li key={path} className={styles.entry}>
            <button
              type="button"
              className={styles.main}
              onClick={() => (kind === 'pipeline' || kind === 'plan' ? onOpen(path) : onBrowse(path))}
            >
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              <span className={styles.name}>{name}</span>
              {kind === 'workspace' && <span className={styles.kind}>workspace</span>}
            </button>
            {kind === 'workspace' && (
              <Button size="small" onClick={() => onOpen(path)}>
                Open
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
