import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { warmLayout } from './canvas/layout.ts'
import { connect } from './rpc/client.ts'
import { setClient } from './state/client.ts'
import './ui/base.css'

const connection = connect()
setClient(connection.client)
warmLayout()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App status={connection.status} />
  </StrictMode>,
)
