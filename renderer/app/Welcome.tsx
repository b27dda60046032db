import { FolderOpen, Package } from 'lucide-react'
import { useState } from 'react'
import { SAMPLES, type SampleName } from '#shared/contract/samples.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { runCommand } from './commands.ts'
import icon from './icon.svg'
import { shortPath } from './menus.ts'
import { openSample } from './openSample.ts'
import { openPath } from './session.ts'
import styles from './Welcome.module.css'

/** No workspace is open: open one, take a recent one, or look at the sample. */
export function Welcome() {
  const recent = useWorkspace((state) => state.recent).filter((workspace) => workspace.exists)
  const [busy, setBusy] = useState(false)
  const open = async (name: SampleName) => {
    setBusy(true)
    await openSample(name)
    setBusy(false)
  }
  return (
    <main className={styles.welcome}>
      <div className={styles.inner}>
        <img src={icon} alt="" width={64} height={64} />
        <h1 className={styles.title}>Dagwright</h1>
        <p className={styles.lead}>Draw a pipeline, run it on your own machine, and see where the time goes.</p>
        <div className={styles.actions}>
          <Button variant="primary" icon={FolderOpen} onClick={() => runCommand('file.open')}>
            Open a folder
          </Button>
          <Button icon={Package} disabled={busy} onClick={() => void open('flights')}>
            {busy ? 'Copying the sample…' : 'Open the sample'}
          </Button>
        </div>
        <section className={styles.recent}>
          <h2 className={styles.heading}>Samples</h2>
          <ul>
            {SAMPLES.map(({ name, title, about }) => (
              <li key={name}>
                <button type="button" className={styles.item} disabled={busy} onClick={() => void open(name)}>
                  <span className={styles.name}>{title}</span>
                  <span className={styles.path}>{about}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        {recent.length > 0 && (
          <section className={styles.recent}>
            <h2 className={styles.heading}>Recent</h2>
            <ul>
              {recent.slice(0, 8).map((workspace) => (
                <li key={workspace.path}>
                  <button type="button" className={styles.item} onClick={() => void openPath(workspace.path)}>
                    <span className={styles.name}>{workspace.name}</span>
                    <span className={styles.path}>{shortPath(workspace.path)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </main>
  )
}
