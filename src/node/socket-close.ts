// Calls functions when a connection closes, and when its requests have ended. One listener serves all requests of the
// connection: of requests that came in a row on it, older versions of Node report the close only to the first.
import type { Socket } from 'node:net'

/** For each connection, what its requests in flight want to be called for. */
const waiting = new WeakMap<Socket, Array<() => void>>()
const onIdle = new WeakMap<Socket, () => void>()

export function onSocketClose (socket: Socket, onClose: () => void): void {
  const known = waiting.get(socket)
  if (known !== undefined) return void known.push(onClose)
  const all = [onClose]
  waiting.set(socket, all)
  socket.once('close', () => {
    for (const each of [...all]) each()
  })
}

export function offSocketClose (socket: Socket, onClose: () => void): void {
  const known = waiting.get(socket) ?? []
  const at = known.indexOf(onClose)
  if (at !== -1) known.splice(at, 1)
  if (known.length > 0) return
  const run = onIdle.get(socket)
  onIdle.delete(socket)
  run?.()
}

/** Calls `run` when no request of the connection is in flight, at once if none is now. Only one call may wait. */
export function onSocketIdle (socket: Socket, run: () => void): void {
  if ((waiting.get(socket) ?? []).length === 0) run()
  else onIdle.set(socket, run)
}
