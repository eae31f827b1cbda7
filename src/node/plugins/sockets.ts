// Switches a request to WebSocket once it has passed the steps of every request. Node hands requests with `Upgrade`
// over before they reach Fastify: those that do not become a WebSocket go back, as requests without that header.
import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { WebSocketServer } from 'ws'
import { ownHeaders } from '../../pipeline/reply-headers.ts'
import type { Route } from '../../route.ts'
import { notWebSocket, type Opening, type Peer, type SocketHandler } from '../../socket.ts'
import type { MessageReader } from '../incoming-messages.ts'
import type { Sockets } from '../sockets.ts'
import { onSocketIdle } from '../socket-close.ts'
import { sendAgain } from '../upgrade.ts'
import type {} from './relay.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {GatewayError} if the request cannot become a WebSocket */
    openSocket: (request: FastifyRequest, reply: FastifyReply, route: Route, connect: SocketHandler) => void
  }
}

export interface SocketOptions {
  readonly maxBytes: number
  readonly sockets: Sockets
  readonly read: MessageReader
  readonly open: (request: FastifyRequest, route: Route, peer: Peer) => Opening
}

/**
 * Codex sends its 20 KB of tools with every message: compressed, they shrink to a few bytes, as the client's side keeps
 * its context. `maxPayload` counts what a message becomes. Only a few are unpacked at a time, because `ws` collects
 * their pieces. Answers are not compressed: a context for each connection would take a quarter of a megabyte.
 */
const perMessageDeflate = { clientNoContextTakeover: false, serverNoContextTakeover: true, concurrencyLimit: 4 }

interface Switching {
  readonly socket: Socket
  /** The first bytes behind the request. */
  readonly head: Buffer
  /** Closes the connection after an ordinary reply. */
  readonly onFinish: () => void
}

export const webSockets = fp<SocketOptions>(async (app, { maxBytes, sockets, read, open }) => {
  const switching = new WeakMap<IncomingMessage, Switching>()
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate, maxPayload: maxBytes })
  let replyHeaders: readonly string[] = []
  server.on('headers', lines => {
    lines.push(...replyHeaders)
  })
  app.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {}) // the close follows
    // A client may send it behind a request that still waits for its answer, which owns the connection until then.
    onSocketIdle(socket, () => {
      if (socket.destroyed || socket.writableEnded) return
      if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
        sendAgain(app.server, request, socket, head)
      } else route(request, socket, head)
    })
  })

  function route (request: IncomingMessage, socket: Socket, head: Buffer): void {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    const onFinish = () => {
      socket.end()
    }
    response.once('finish', onFinish)
    switching.set(request, { socket, head, onFinish })
    app.routing(request, response)
  }

  app.addHook('onClose', () => {
    server.close()
  })

  app.decorate('openSocket', (request, reply, route, connect) => {
    const found = switching.get(request.raw)
    if (found === undefined) throw notWebSocket()
    const { socket, head, onFinish } = found
    void reply.hijack()
    reply.raw.off('finish', onFinish).detachSocket(socket)
    replyHeaders = Object.entries(ownHeaders(request.id, reply.scopeHeaders)).map(([name, value]) =>
      `${name}: ${value}`
    )
    let status = 400
    server.handleUpgrade(request.raw, socket, head, webSocket => {
      status = 101
      sockets.serve(webSocket, socket, read, peer => connect(open(request, route, peer)))
    })
    endRequest(reply, status)
  })
}, { name: 'web-sockets', fastify: '5.x', dependencies: ['relay'] })

/** For the process, the request ends with the switch: what follows counts by message. */
function endRequest ({ raw }: FastifyReply, status: number): void {
  raw.statusCode = status
  raw.emit('finish')
  raw.emit('close')
}
