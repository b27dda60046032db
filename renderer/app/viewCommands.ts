import { CircleHelp, Command as CommandIcon, PanelBottom, PanelRight, Settings, Stethoscope } from 'lucide-react'
import { moveDocument, showDocument, useDocuments } from '../state/documents.ts'
import {
  type BottomTab,
  changeSettings,
  type HistoryView,
  LENSES,
  openDialog,
  type SideTab,
  setLens,
  showBottom,
  showHistory,
  showSide,
  toggleBottom,
  toggleInspector,
  useView,
} from '../state/view.ts'
import type { Command } from './commands.ts'
import { focusWhenDrawn } from './focusing.ts'

const shown = () => useDocuments.getState().active !== null

const LENS_TITLES = {
  design: 'Design',
  state: 'State',
  critical: 'Critical path',
  heat: 'Heat',
  diff: 'Diff',
  compare: 'Compare',
  whatif: 'What-if',
}
const SIDE_TITLES: Readonly<Record<SideTab, string>> = {
  palette: 'Palette',
  outline: 'Outline',
  runs: 'Runs',
  search: 'Search',
}
const BOTTOM_TITLES: Readonly<Record<BottomTab, string>> = {
  timeline: 'Timeline',
  critical: 'Critical path',
  whatif: 'What-if',
  history: 'History',
  tasks: 'Tasks',
  changes: 'Changes',
  logs: 'Logs',
  yaml: 'YAML',
  data: 'Data',
  problems: 'Problems',
}

const HISTORY_TITLES: Readonly<Record<HistoryView, string>> = {
  runs: 'Show durations and success over the runs',
  compare: 'Show the comparison of two runs',
  objectives: 'Show objectives and their error budgets',
  query: 'Query the history with SQL',
}

const TAB_STEPS = [
  ['Left', 'PageUp', -1],
  ['Right', 'PageDown', 1],
] as const

export const viewCommands: readonly Command[] = [
  {
    id: 'view.commands',
    title: 'All commands…',
    group: 'View',
    icon: CommandIcon,
    shortcuts: ['Mod+K', 'Mod+Shift+P'],
    scope: 'everywhere',
    run: () => openDialog('commands'),
  },
  ...LENSES.map(
    (lens, index): Command => ({
      id: `view.lens.${lens}`,
      title: `Lens: ${LENS_TITLES[lens]}`,
      group: 'View',
      shortcuts: [`Alt+${index + 1}`],
      scope: 'everywhere',
      when: shown,
      run: () => setLens(lens),
    }),
  ),
  ...(Object.keys(SIDE_TITLES) as SideTab[]).map(
    (tab): Command => ({
      id: `view.side.${tab}`,
      title: `Show ${SIDE_TITLES[tab]}`,
      group: 'View',
      run: () => {
        showSide(tab)
        focusWhenDrawn('[data-part="side"] [role="tabpanel"] :is([tabindex="0"], button, input)')
      },
    }),
  ),
  ...(Object.keys(BOTTOM_TITLES) as BottomTab[]).map(
    (tab): Command => ({
      id: `view.bottom.${tab}`,
      title: `Show ${BOTTOM_TITLES[tab]}`,
      group: 'View',
      when: shown,
      run: () => showBottom(tab),
    }),
  ),
  ...(Object.keys(HISTORY_TITLES) as HistoryView[]).map(
    (view): Command => ({
      id: `view.history.${view}`,
      title: HISTORY_TITLES[view],
      group: 'View',
      when: shown,
      run: () => showHistory(view),
    }),
  ),
  {
    id: 'view.bottomPanel',
    title: 'Bottom panel',
    group: 'View',
    icon: PanelBottom,
    shortcuts: ['Mod+J'],
    scope: 'everywhere',
    run: toggleBottom,
  },
  {
    id: 'view.inspector',
    title: 'Inspector',
    group: 'View',
    icon: PanelRight,
    shortcuts: ['Mod+I'],
    scope: 'everywhere',
    run: toggleInspector,
  },
  {
    id: 'view.nextPart',
    title: 'Go to the next part of the window',
    group: 'View',
    shortcuts: ['F6'],
    scope: 'everywhere',
    run: () => focusPart(1),
  },
  ...tabCommands(),
  {
    id: 'view.theme',
    title: 'Switch between light and dark',
    group: 'View',
    run: () => void changeSettings({ theme: useView.getState().theme === 'dark' ? 'light' : 'dark' }),
  },
  {
    id: 'view.settings',
    title: 'Settings…',
    group: 'View',
    icon: Settings,
    shortcuts: ['Mod+,'],
    run: () => openDialog('settings'),
  },
  {
    id: 'help.shortcuts',
    title: 'Keys and gestures',
    group: 'Help',
    icon: CircleHelp,
    shortcuts: ['?'],
    run: () => openDialog('help'),
  },
  {
    id: 'help.doctor',
    title: 'What this machine has',
    words: 'doctor missing python node bash',
    group: 'Help',
    icon: Stethoscope,
    run: () => openDialog('doctor'),
  },
]

function tabCommands(): readonly Command[] {
  const severalTabs = () => useDocuments.getState().open.length > 1
  const tab = (step: number) => {
    const { open, active } = useDocuments.getState()
    const at = open.findIndex((document) => document.path === active)
    return { at, next: at + step, path: open[(at + step + open.length) % open.length]?.path }
  }
  return TAB_STEPS.flatMap(([side, key, step]): readonly Command[] => [
    {
      id: `view.tab${side}`,
      title: `Go to the tab on the ${side.toLowerCase()}`,
      group: 'View',
      // A browser keeps the first for its own tabs.
      shortcuts: [`Mod+${key}`, `Alt+${key}`],
      scope: 'everywhere',
      when: severalTabs,
      run: () => showDocument(tab(step).path ?? ''),
    },
    {
      id: `view.moveTab${side}`,
      title: `Move the tab to the ${side.toLowerCase()}`,
      group: 'View',
      shortcuts: [`Mod+Shift+${key}`, `Alt+Shift+${key}`],
      scope: 'everywhere',
      when: () => tab(step).next >= 0 && tab(step).next < useDocuments.getState().open.length,
      run: () => moveDocument(useDocuments.getState().active ?? '', tab(step).next),
    },
  ])
}

/** Parts of the window in reading order, and what takes the focus in each. */
const PARTS = [
  'header button',
  'nav button',
  '[data-part="side"] [role="tab"]',
  '[data-canvas]',
  '[data-part="bottom"] [role="tab"]',
  '[data-part="inspector"] [role="tab"], [data-part="inspector"] button',
]

function focusPart(step: number): void {
  const targets = PARTS.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? [])
  const holders = targets.map((target) => target.closest('header, nav, [data-part], [data-canvas]'))
  const at = holders.findIndex((holder) => holder?.contains(document.activeElement) ?? false)
  targets[(at + step + targets.length) % targets.length]?.focus()
}
