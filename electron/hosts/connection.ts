import type { Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import type { WebSocket } from 'ws'
import type { Caller } from '#electron/api/caller.ts'
import { contractSerializers } from '#shared/contract/serializers.ts'

/** The router as a transport sees it. */
// biome-ignore lint/suspicious/noExplicitAny: oRPC's own bound for "a router of any contract".
export type AnyRouter = Router<any, Caller>

/** Bytes that may wait in a connection before its streams are held. */
const HIGH_WATER = 1024 * 1024
const DRAIN_CHECK_MILLISECONDS = 20
const HEARTBEAT_MILLISECONDS = 15_000

/** Of one message: above the largest document the store accepts, far below what would hurt. */
export const MESSAGE_LIMIT = 64 * 1024 * 1024

export function rpcHandlerFor(router: AnyRouter): RPCHandler<Caller> {
  return new RPCHandler(router, { customJsonSerializers: contractSerializers })
}

/**
 * Serves the contract on one WebSocket until it closes; then every call on it is aborted. A peer that does not answer
 * two heartbeats is dropped.
 */
export function serveConnection(handler: RPCHandler<Caller>, socket: WebSocket, caller: Caller): void {
  let alive = true
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, HEARTBEAT_MILLISECONDS)
  heartbeat.unref()
  socket.on('pong', () => {
    alive = true
  })
  // A message is a sign of life too: a peer busy with a long answer may be late with its pong.
  socket.on('message', () => {
    alive = true
  })
  socket.on('close', () => clearInterval(heartbeat))
  socket.on('error', () => socket.terminate())
  const held = {
    addEventListener: socket.addEventListener.bind(socket),
    send: (data: Parameters<WebSocket['send']>[0]) => sendHeld(socket, data),
  } as Pick<WebSocket, 'addEventListener' | 'send'>
  void handler.upgrade(held, { context: caller })
}

/**
 * oRPC waits for what `send` returns before it asks a stream for its next message, which is the only back-pressure
 * there is: so it resolves when the connection has room again (or is gone).
 */
async function sendHeld(socket: WebSocket, data: Parameters<WebSocket['send']>[0]): Promise<void> {
  if (socket.readyState !== socket.OPEN) return
  socket.send(data)
  while (socket.readyState === socket.OPEN && socket.bufferedAmount > HIGH_WATER) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MILLISECONDS))
  }
}
