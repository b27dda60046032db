import { create } from 'zustand'
import { defaultSettings, type Settings } from '#shared/contract/data.ts'
import { api } from './client.ts'
import { attempt } from './notices.ts'

/** What the window shows and how, apart from any document. Panel sizes are kept by the panels themselves. */
export type Lens = 'design' | 'state' | 'critical' | 'heat' | 'compare' | 'whatif' | 'diff'
export const LENSES: readonly Lens[] = ['design', 'state', 'critical', 'heat', 'compare', 'whatif', 'diff']
/** They speak of the file alone, or of what is supposed, not of a run. */
export const RUNLESS: ReadonlySet<Lens> = new Set(['design', 'diff', 'whatif'])
export type SideTab = 'palette' | 'outline' | 'runs' | 'search'
export type BottomTab =
  | 'timeline'
  | 'critical'
  | 'whatif'
  | 'history'
  | 'tasks'
  | 'changes'
  | 'logs'
  | 'yaml'
  | 'data'
  | 'problems'
/** What the History tab shows. */
export type HistoryView = 'runs' | 'compare' | 'objectives' | 'query'
/** What the Changes tab shows: of the open text, or before the chosen run. */
export type ChangesView = 'file' | 'run'
export type InspectorTab = 'task' | 'pipeline'
/** The one modal thing that is open. */
export type OpenDialog =
  | 'commands'
  | 'help'
  | 'run'
  | 'export'
  | 'open'
  | 'new'
  | 'newPlan'
  | 'saveAs'
  | 'settings'
  | 'doctor'
  | null

interface View {
  readonly lens: Lens
  readonly sideTab: SideTab
  readonly sideOpen: boolean
  readonly bottomTab: BottomTab
  readonly bottomOpen: boolean
  readonly historyView: HistoryView
  /** null: whichever the lens speaks of. */
  readonly changesView: ChangesView | null
  readonly inspectorTab: InspectorTab
  readonly inspectorOpen: boolean
  readonly dialog: OpenDialog
  readonly settings: Settings
  /** The theme in force: the setting, or the system's where it says 'system'. */
  readonly theme: 'light' | 'dark'
  /** Canvas zoom, 1 = 100 %; for the status bar. */
  readonly zoom: number
  /** The instance whose log is shown; null: the lead task's last attempt. */
  readonly logTarget: LogTarget | null
  /** A range the YAML panel shall reveal; a new object each time it is asked. */
  readonly reveal: { readonly start: number; readonly end: number } | null
}

export interface LogTarget {
  readonly task: string
  readonly index: number | null
  readonly attempt: number | null
}

const STORAGE_KEY = 'dagwright.view'
const KEPT = ['sideTab', 'sideOpen', 'bottomTab', 'bottomOpen', 'historyView', 'inspectorOpen'] as const
type Kept = Pick<View, (typeof KEPT)[number]>

const FIRST: Kept = {
  sideTab: 'palette',
  sideOpen: true,
  bottomTab: 'timeline',
  bottomOpen: false,
  historyView: 'runs',
  inspectorOpen: true,
}

export const useView = create<View>(() => ({
  ...FIRST,
  ...remembered(),
  lens: 'design',
  changesView: null,
  inspectorTab: 'task',
  dialog: null,
  settings: defaultSettings,
  theme: 'light',
  zoom: 1,
  logTarget: null,
  reveal: null,
}))

function remembered(): Partial<Kept> {
  if (typeof localStorage === 'undefined') return {}
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    const entries = Object.entries(value).filter(([key]) => KEPT.some((kept) => kept === key))
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}

function keep(): void {
  const state = useView.getState()
  localStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, state[key]]))))
}

/** The critical path has more to say than cards can hold: its panel comes along. */
export function setLens(lens: Lens): void {
  useView.setState({ lens })
  if (lens === 'critical') showBottom('critical')
  if (lens === 'diff') showBottom('changes')
  if (lens === 'compare') showHistory('compare')
  if (lens === 'whatif') showBottom('whatif')
}

export function showSide(tab: SideTab): void {
  useView.setState({ sideTab: tab, sideOpen: true })
  keep()
}

/** As a click on the rail: shows the tab, or closes the panel if it shows it already. */
export function toggleSide(tab: SideTab): void {
  const { sideTab, sideOpen } = useView.getState()
  useView.setState({ sideTab: tab, sideOpen: !(sideOpen && sideTab === tab) })
  keep()
}

export function showBottom(tab: BottomTab): void {
  useView.setState({ bottomTab: tab, bottomOpen: true })
  keep()
}

export function showHistory(view: HistoryView): void {
  useView.setState({ historyView: view })
  showBottom('history')
}

export function showChanges(view: ChangesView): void {
  useView.setState({ changesView: view })
  showBottom('changes')
}

export function toggleBottom(): void {
  useView.setState(({ bottomOpen }) => ({ bottomOpen: !bottomOpen }))
  keep()
}

export function showInspector(tab: InspectorTab): void {
  useView.setState({ inspectorTab: tab, inspectorOpen: true })
  keep()
}

export function toggleInspector(): void {
  useView.setState(({ inspectorOpen }) => ({ inspectorOpen: !inspectorOpen }))
  keep()
}

export function openDialog(dialog: OpenDialog): void {
  useView.setState({ dialog })
}

export function closeDialog(): void {
  useView.setState({ dialog: null })
}

/** Opens the Logs tab on an instance; `attempt` null: its last. */
export function showLog(target: LogTarget): void {
  useView.setState({ logTarget: target })
  showBottom('logs')
}

/** Opens the YAML tab and scrolls to a range of the open document's text (offsets in UTF-16 units). */
export function revealInYaml(start: number, end: number): void {
  useView.setState({ reveal: { start, end } })
  showBottom('yaml')
}

export async function loadSettings(): Promise<void> {
  const settings = await attempt('Read the settings', () => api().app.settings({}))
  if (settings) applySettings(settings)
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  applySettings({ ...useView.getState().settings, ...change })
  await attempt('Keep the settings', () => api().app.changeSettings(change))
}

const darkSystem = () => window.matchMedia('(prefers-color-scheme: dark)')

function applySettings(settings: Settings): void {
  const theme = settings.theme === 'system' ? (darkSystem().matches ? 'dark' : 'light') : settings.theme
  document.documentElement.dataset.theme = theme
  document.documentElement.dataset.motion = settings.reducedMotion === 'on' ? 'reduced' : 'full'
  useView.setState({ settings, theme })
}

/** Follows the system's theme for the life of the window. */
export function followSystemTheme(): void {
  applySettings(useView.getState().settings)
  darkSystem().addEventListener('change', () => applySettings(useView.getState().settings))
}
