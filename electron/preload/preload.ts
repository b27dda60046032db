import { ipcRenderer } from 'electron'
import { PORT_MESSAGE } from '#electron/main/app-address.ts'

/** All this page ever gets from the process behind it: one message port that speaks the contract. */
ipcRenderer.on(PORT_MESSAGE, (event) => window.postMessage(PORT_MESSAGE, window.origin, event.ports))
