import { History, ListTree, PanelBottom, PanelRight, Search, Settings, Shapes } from 'lucide-react'
import { openDialog, type SideTab, toggleBottom, toggleInspector, toggleSide, useView } from '../state/view.ts'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Rail.module.css'

const TABS: readonly { readonly id: SideTab; readonly label: string; readonly icon: typeof Shapes }[] = [
  { id: 'palette', label: 'Palette', icon: Shapes },
  { id: 'outline', label: 'Outline', icon: ListTree },
  { id: 'runs', label: 'Runs', icon: History },
  { id: 'search', label: 'Search', icon: Search },
]

export function Rail() {
  const tab = useView((state) => (state.sideOpen ? state.sideTab : null))
  const bottomOpen = useView((state) => state.bottomOpen)
  const inspectorOpen = useView((state) => state.inspectorOpen)
  return (
    <nav className={styles.rail} aria-label="Panels">
      {TABS.map(({ id, label, icon }) => (
        <IconButton
          key={id}
          icon={icon}
          label={label}
          side="right"
          shortcut={id === 'search' ? 'Mod+F' : undefined}
          pressed={tab === id}
          className={styles.button ?? ''}
          onClick={() => toggleSide(id)}
        />
      ))}
      <span className={styles.gap} />
      <IconButton
        icon={PanelBottom}
        label="Bottom panel"
        side="right"
        shortcut="Mod+J"
        pressed={bottomOpen}
        className={styles.button ?? ''}
        onClick={toggleBottom}
      />
      <IconButton
        icon={PanelRight}
        label="Inspector"
        side="right"
        shortcut="Mod+I"
        pressed={inspectorOpen}
        className={styles.button ?? ''}
        onClick={toggleInspector}
      />
      <IconButton
        icon={Settings}
        label="Settings"
        side="right"
        className={styles.button ?? ''}
        onClick={() => openDialog('settings')}
      />
    </nav>
  )
}
