// Hands connections to workers, in turn. Not the way of Node's cluster: there a connection that is on its way to a
// worker that dies stays open and gets no answer, and the port closes while no worker lives.
// docs/decisions/workers.md
import type { Socket } from 'node:net'

/** One that takes connections. */
export interface Taker {
  /** @param failed called if the connection did not reach it */
  readonly give: (socket: Socket, failed: () => void) => void
}

export interface HandOut<T extends Taker> {
  readonly connection: (socket: Socket) => void
  /** The worker is ready for its first connection, or has taken the last one. */
  readonly free: (worker: T) => void
  /** The worker gets no more. A connection that it has not taken goes to another. */
  readonly gone: (worker: T) => void
  /** Closes the connections that wait. */
  readonly close: () => void
}

/** @param maxWaiting connections may wait for a worker; further ones are closed */
export function createHandOut<T extends Taker> (maxWaiting: number): HandOut<T> {
  const waiting: Socket[] = []
  /** The one that waits longest comes first. */
  const free: T[] = []
  /** Connections that a worker was given. This process keeps them open until the worker has them. */
  const given = new Map<T, Socket>()

  const next = (): void => {
    for (let worker = free[0], socket = waiting[0]; worker && socket; worker = free[0], socket = waiting[0]) {
      free.shift()
      waiting.shift()
      give(worker, socket)
    }
  }
  const give = (worker: T, socket: Socket): void => {
    given.set(worker, socket)
    worker.give(socket, () => {
      takeBack(worker, socket)
    })
  }
  const takeBack = (worker: T, socket: Socket): void => {
    if (given.get(worker) !== socket) return
    given.delete(worker)
    waiting.unshift(socket)
    next()
  }
  return {
    connection (socket) {
      if (waiting.length >= maxWaiting) return void socket.destroy()
      waiting.push(socket)
      next()
    },
    free (worker) {
      given.get(worker)?.destroy()
      given.delete(worker)
      free.push(worker)
      next()
    },
    gone (worker) {
      const at = free.indexOf(worker)
      if (at >= 0) free.splice(at, 1)
      const socket = given.get(worker)
      if (socket !== undefined) takeBack(worker, socket)
    },
    close () {
      for (const socket of waiting.splice(0)) socket.destroy()
    },
  }
}
