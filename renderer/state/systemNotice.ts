import { api } from './client.ts'
import { attempt } from './notices.ts'
import { useView } from './view.ts'
import { useWorkspace } from './workspace.ts'

/** Tells a person who looks elsewhere, through the system, if they want that and the browser was allowed to. */
export function tellSystem(title: string, body: string): void {
  if (!document.hidden || !useView.getState().settings.notifications) return
  if (useWorkspace.getState().app?.capabilities.notifications) {
    void attempt('Notify', () => api().shell.notify({ title, body }))
  } else if (pagePermission() === 'granted') new Notification(title, { body })
}

/** What this page may do by itself; on the desktop the system decides. */
export function pagePermission(): NotificationPermission {
  return 'Notification' in window ? Notification.permission : 'denied'
}

/** Asks the person, who has just said that they want it. Resolves to whether notifications will come. */
export async function askPermission(): Promise<boolean> {
  if (useWorkspace.getState().app?.capabilities.notifications) return true
  if (!('Notification' in window)) return false
  return (await Notification.requestPermission()) === 'granted'
}
