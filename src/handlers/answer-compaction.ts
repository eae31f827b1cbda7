// Answers a client that wants its conversation compacted: POST /v1/responses with a trigger, whole or as a stream, and
// POST /v1/responses/compact.
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Compactions } from '../dialects/contract/compactions.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { streamReply } from '../relay/stream.ts'
import { logFailure } from './answer-stream.ts'
import { accountOf } from './api-body.ts'
import { createCompactor, type Compact, type Compacted } from './compact.ts'
import { createGateEntry } from './enter-gate.ts'
import { newId } from './plan-answer.ts'
import { createRequestReader, type Asked } from './read-request.ts'
import { createSettle } from './settle.ts'
import { json } from './reply.ts'

/** Null for a dialect that has no such requests. */
export function createCompactionAnswer (core: Core, client: ClientDialect): ((asked: Asked) => Promise<Reply>) | null {
  const { compactions } = client
  if (compactions === undefined) return null
  const compact = createCompactor(core, client, compactions)
  const enterGate = createGateEntry(core)
  const respond = createResponder(core, client, compactions, compact)
  const settle = createSettle(core)

  return async asked => {
    const { call, facts } = asked
    const leave = await enterGate(call)
    call.signal.addEventListener('abort', leave, { once: true })
    if (facts.stream) return stream(asked, leave)
    try {
      const { response, headers } = await respond(asked, () => true)
      return json(200, response, headers)
    } finally {
      leave()
      await settle(asked.call)
    }
  }

  function stream (asked: Asked, leave: () => void): Promise<Reply> {
    const { config, clock, meter } = core
    meter.streamBegan()
    return streamReply({
      dialect: client,
      signal: asked.call.signal,
      headers: {},
      clock,
      heartbeatMs: config.heartbeatSeconds * 1_000,
      idleMs: config.upstreamIdleSeconds * 1_000,
      async open (hasStatus) {
        const { response, headers } = await respond(asked, () => !hasStatus())
        return { headers, text: compactions?.stream(response) ?? '' }
      },
      onEnd (error) {
        meter.streamEnded()
        if (error !== null) logFailure(core.log, asked.call, error)
        leave()
        return settle(asked.call)
      },
    })
  }
}

type Respond = (
  asked: Asked,
  canAddHeaders: () => boolean,
) => Promise<{ readonly response: JsonObject, readonly headers: Compacted['headers'] }>

function createResponder (
  { responses }: Pick<Core, 'responses'>,
  client: ClientDialect,
  compactions: Compactions,
  compact: Compact,
): Respond {
  return async (asked, canAddHeaders) => {
    const { answer, state, headers } = await compact(asked, canAddHeaders)
    const response = compactions.response(answer, state, newId)
    const remembered = responses(accountOf(asked.call).owner)
    client.rememberResponse?.(compactions.replaced(asked.body), asked.length, remembered)?.(response)
    return { response, headers }
  }
}

/** The dialect's own route for it. @param compactions those of the dialect */
export function compactResponse (core: Core, client: ClientDialect, compactions: Compactions): Handler {
  const readRequest = createRequestReader(core, client)
  const compact = createCompactor(core, client, compactions)
  const enterGate = createGateEntry(core)
  const settle = createSettle(core)

  return async (call: Call) => {
    const asked = await readRequest(call)
    const leave = await enterGate(call)
    call.signal.addEventListener('abort', leave, { once: true })
    try {
      const { answer, state, headers } = await compact({ ...asked, body: compactions.request(asked.body) }, () => true)
      return json(200, compactions.compacted(answer, state, asked.body['input'], newId), headers)
    } finally {
      leave()
      await settle(call)
    }
  }
}
