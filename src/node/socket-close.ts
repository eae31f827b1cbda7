// Calls functions when a connection closes. One listener serves all requests of the connection: of requests that came
// in a row on it, older versions of Node report the close only to the first.
import type { Socket } from 'node:net'

const waiting = new WeakMap<Socket, Array<() => void>>()

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
}
