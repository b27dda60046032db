import { useId, useState } from 'react'
import type { Settings } from '#shared/contract/data.ts'
import { MOST_DAGRE_TASKS } from '#shared/graph/layout-engine.ts'
import { notify } from '../state/notices.ts'
import { askPermission, pagePermission } from '../state/systemNotice.ts'
import { changeSettings, closeDialog, useView } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Select, type SelectOption } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import styles from './SettingsDialog.module.css'

const THEMES: readonly SelectOption<Settings['theme']>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]
const DIRECTIONS: readonly SelectOption<Settings['layoutDirection']>[] = [
  { value: 'LR', label: 'Left to right' },
  { value: 'TB', label: 'Top to bottom' },
]
const ENGINES: readonly SelectOption<Settings['layoutEngine']>[] = [
  { value: 'dagwright', label: 'Dagwright' },
  { value: 'dagre', label: `dagre (up to ${MOST_DAGRE_TASKS} tasks)` },
]
const EDGES: readonly SelectOption<Settings['edgeStyle']>[] = [
  { value: 'curved', label: 'Curved' },
  { value: 'straight', label: 'Straight' },
]

export function SettingsDialog() {
  const settings = useView((state) => state.settings)
  const id = useId()
  const set = (change: Partial<Settings>) => void changeSettings(change)
  return (
    <Dialog open onClose={closeDialog} title="Settings" size="small">
      <div className={styles.rows}>
        <label htmlFor={`${id}theme`}>Theme</label>
        <Select
          id={`${id}theme`}
          label="Theme"
          value={settings.theme}
          options={THEMES}
          onChange={(theme) => set({ theme })}
        />
        <label htmlFor={`${id}direction`}>Layout runs</label>
        <Select
          id={`${id}direction`}
          label="Layout runs"
          value={settings.layoutDirection}
          options={DIRECTIONS}
          onChange={(layoutDirection) => set({ layoutDirection })}
        />
        <label htmlFor={`${id}engine`}>Layout engine</label>
        <Select
          id={`${id}engine`}
          label="Layout engine"
          value={settings.layoutEngine}
          options={ENGINES}
          onChange={(layoutEngine) => set({ layoutEngine })}
        />
        <label htmlFor={`${id}edges`}>Edges</label>
        <Select
          id={`${id}edges`}
          label="Edges"
          value={settings.edgeStyle}
          options={EDGES}
          onChange={(edgeStyle) => set({ edgeStyle })}
        />
        <label htmlFor={`${id}snap`}>Snap to the grid</label>
        <Switch
          id={`${id}snap`}
          label="Snap to the grid"
          checked={settings.snapToGrid}
          onChange={(snapToGrid) => set({ snapToGrid })}
        />
        <Notifications id={`${id}notifications`} />
        <label htmlFor={`${id}motion`}>Always reduce motion</label>
        <Switch
          id={`${id}motion`}
          label="Always reduce motion"
          checked={settings.reducedMotion === 'on'}
          onChange={(on) => set({ reducedMotion: on ? 'on' : 'system' })}
        />
      </div>
    </Dialog>
  )
}

/** In a browser the page must be allowed to, and is only asked for that when a person switches it on. */
function Notifications({ id }: { readonly id: string }) {
  const wanted = useView((state) => state.settings.notifications)
  const desktop = useWorkspace((state) => state.app?.capabilities.notifications ?? false)
  const [permission, setPermission] = useState(pagePermission())
  const change = async (on: boolean) => {
    const allowed = on && (await askPermission())
    setPermission(pagePermission())
    await changeSettings({ notifications: allowed })
    if (on && !allowed) {
      notify({
        tone: 'warning',
        title: 'The browser does not let this page notify you.',
        next: 'Allow notifications for this address in the browser, then switch it on again.',
      })
    }
  }
  return (
    <>
      <label htmlFor={id}>Notify when a run ends or is late</label>
      <Switch
        id={id}
        label="Notify when a run ends or is late"
        checked={wanted && (desktop || permission === 'granted')}
        onChange={(on) => void change(on)}
      />
    </>
  )
}
