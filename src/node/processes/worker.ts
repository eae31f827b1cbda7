// A worker process: one gateway, which gets its connections, signals and questions from the supervisor.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { readConfig } from '../../config.ts'
import { inheritedEnvironment } from '../environment.ts'
import { beginListening } from '../internals/begin-listening.ts'
import { nodeLimits } from '../limits.ts'
import { originOf } from '../announce.ts'
import type { Peers } from '../peers.ts'
import type { RunningServer } from '../running-server.ts'
import { startServer } from '../server.ts'
import { exitWith } from '../start-or-exit.ts'
import { superviseProcess } from '../supervise.ts'
import { createTerminalLog } from '../terminal-log.ts'
import { createInbox, report, type Inbox } from './inbox.ts'
import type { StartOrder } from './messages.ts'

/** Serves until the supervisor ends it, or is gone itself. */
export function work (): void {
  if (process.send === undefined) exitWith('Only `serve --workers` starts this file.')
  const inbox = createInbox()
  const life = superviseProcess(inbox.onSignal)
  inbox.onStart(order => {
    start(order, inbox, () => {
      life.end(1)
    }).then(server => {
      life.run(server)
      report({ kind: 'ready', store: server.store })
    }, fail)
  })
}

/** The supervisor has read the same settings, and has reported what is wrong with them. */
async function start (order: StartOrder, inbox: Inbox, onExhausted: () => void): Promise<RunningServer> {
  const config = { ...readConfig(inheritedEnvironment()), host: order.address, port: order.port }
  const { stdout } = process
  const server = await startServer(config, { ...(stdout.isTTY ? { logTo: createTerminalLog(stdout) } : {}), onExhausted,
    peers: createPeers(order, inbox) })
  return { ...server, close () {
    report({ kind: 'leaving' })
    return server.close()
  } }
}

function createPeers ({ count, address, port }: StartOrder, inbox: Inbox): Peers {
  return { count, ask: inbox.ask, onQuestion: inbox.onQuestion, attach (server) {
    beginListening(server)
    let open = 0
    inbox.onConnection(socket => {
      if (open >= nodeLimits.connections) return void socket.destroy()
      open++
      socket.once('close', () => {
        open--
      })
      adopt(server, socket)
    })
    return originOf({ address, port, family: address.includes(':') ? 'IPv6' : 'IPv4' }, address)
  } }
}

/** As Node's server prepares a connection that it accepts itself. */
function adopt (server: Server, socket: Socket): void {
  socket.allowHalfOpen = true
  socket.setNoDelay(true)
  server.emit('connection', socket)
}

/** The supervisor prints it: once, whatever the number of workers. */
function fail (thrown: unknown): void {
  report({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) }, () => {
    process.exit(1)
  })
}
