// GET /v1/responses with a WebSocket. Each message passes the same handler as a POST, and each event of its answer is
// sent as a message.
import type { Body, Bytes } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import type { SocketForm } from '../dialects/contract/socket-form.ts'
import { GatewayError } from '../errors.ts'
import { createEventMessages } from '../relay/event-messages.ts'
import { createConnectionMemories } from '../relay/response-store.ts'
import { closeCode, type Admitted, type Opening, type Session, type SocketHandler } from '../socket.ts'
import { generate } from './generate.ts'
import { createSession, type SessionTurn } from './socket-session.ts'

/** Of one user, in one process: each takes memory for up to an hour, also if its client sends nothing. */
const maxConnections = 64

/** @param form the dialect's */
export function answerSocket (core: Core, client: ClientDialect, form: SocketForm): SocketHandler {
  const memories = createConnectionMemories(core.responses)
  /** Connections that are open, by user. */
  const open = new Map<string, number>()
  return opening => {
    const { username } = opening
    const count = (open.get(username) ?? 0) + 1
    open.set(username, count)
    const session = connect(core, client, form, memories, opening)
    if (count > maxConnections) session.refuse(tooMany(), closeCode.tryLater, 'too many connections of this user')
    return { ...session, closed () {
      session.closed()
      const left = (open.get(username) ?? 1) - 1
      if (left === 0) open.delete(username)
      else open.set(username, left)
    } }
  }
}

function tooMany (): GatewayError {
  return new GatewayError('rate_limited', `A user may have ${maxConnections} connections open. Close some.`, {
    retryAfterSeconds: 1,
  })
}

function connect (
  core: Core,
  client: ClientDialect,
  form: SocketForm,
  memories: ReturnType<typeof createConnectionMemories>,
  { peer, admit, fail, maxMessages }: Opening,
): Session & { readonly refuse: (error: GatewayError, code: number, reason: string) => void } {
  /** The lane of the answer under way: one is answered at a time. */
  let lane: string | null = null
  const memory = memories(() => lane)
  const handle = generate({ ...core, responses: memory.responses }, client, message => {
    const read = form.read(message)
    lane = read.lane
    return read.body
  })
  const session = createSession({ peer, clock: core.clock, answer, maxMessages, limitReached: form.limitReached,
    keepAlive: form.keepAlive, refusal: error => form.error(fail(error, false), null),
    maxWaitingBytes: core.config.maxBodyBytes })
  return {
    ...session,
    refuse (error, code, reason) {
      peer.send(form.error(fail(error, false), null))
      session.end(code, reason)
    },
    closed () {
      session.closed()
      memory.close()
    },
  }

  async function answer (message: Bytes, turn: SessionTurn): Promise<void> {
    let admitted: Admitted | null = null
    let status = 200
    lane = null
    try {
      admitted = await admit(message, turn.ending)
      const { body } = await handle(admitted.call)
      await pour(body, turn)
    } catch (thrown) {
      status = refuseTurn(thrown, turn)
    } finally {
      admitted?.end(status)
    }
  }

  /** @returns the status that the refusal would have over HTTP */
  function refuseTurn (thrown: unknown, turn: SessionTurn): number {
    const reply = fail(thrown, turn.ending.signal.aborted)
    turn.send(form.error(reply, lane))
    if (thrown instanceof GatewayError && thrown.code === 'invalid_api_key') {
      session.end(closeCode.policy, 'the credentials are no longer valid')
    }
    return reply.status
  }

  function pour (body: Body, turn: SessionTurn): Promise<void> {
    let isReading = true
    const messages = createEventMessages(data => {
      isReading = turn.send(form.event(data, lane))
    }, turn.ping)
    if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
      messages.push(body ?? '')
      return Promise.resolve()
    }
    return new Promise(resolve => {
      turn.onResume(() => {
        isReading = true
        body.resume()
      })
      body.start({
        write (piece) {
          messages.push(piece)
          return isReading
        },
        end (last = '') {
          messages.push(last)
          resolve()
        },
      })
    })
  }
}
