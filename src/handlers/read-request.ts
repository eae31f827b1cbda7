// Reads a generating request: the dialect of its body, its references, and what it asks for.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect, RequestFacts } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { smallBytes } from '../next-turn.ts'
import type { Searched } from '../search/offer.ts'
import { atOnce, inTurns, type Steps } from '../steps.ts'
import { accountOf, readApiBody, readApiBodyInTurns } from './api-body.ts'
import { hasModelList } from './key-rights.ts'
import { createAnswerRecall } from './recall-answers.ts'

export interface Asked {
  readonly call: Call
  /** The body's dialect. It may differ from the route's: Cursor sends a Responses body to the Chat route. */
  readonly dialect: ClientDialect
  /** In the dialect's own shapes, with references to earlier answers replaced. */
  readonly body: JsonObject
  /** True if `call.bytes` has exactly this content and may go on. */
  readonly isVerbatim: boolean
  /** The approximate length of the body as JSON, in bytes. */
  readonly length: number
  readonly facts: RequestFacts
  /** The searches that the gateway made to answer this request so far. Absent if it searches nothing. */
  readonly searched?: Searched
  /** Takes the user's place before the plan asks Copilot. Absent if the request has its place already. */
  readonly enterGate?: () => void | Promise<void>
}

/** The first byte of a byte order mark in UTF-8. A mark from the client is accepted and not passed on. */
const byteOrderMark = 0xef

/** Reads a small body at once, and a large one in short steps. @throws {GatewayError} */
export function createRequestReader (
  core: Core,
  client: ClientDialect,
  unwrap?: (message: JsonObject) => JsonObject,
): (call: Call) => Asked | Promise<Asked> {
  const { dialects, responses, config, hot } = core
  const recallAnswers = createAnswerRecall(core)
  return call => {
    if (call.bytes.length > smallBytes) return readInTurns(call)
    const parsed = readApiBody(call)
    const recalling = recall(call, parsed)
    return recalling === null ? atOnce(read(call, parsed)) : recalling.then(() => inTurns(read(call, parsed)))
  }

  async function readInTurns (call: Call): Promise<Asked> {
    const parsed = await readApiBodyInTurns(call)
    await recall(call, parsed)
    return await inTurns(read(call, parsed))
  }

  /** Brings the earlier answers that the body refers to, if another process made them. Null if nothing is missing. */
  function recall (call: Call, parsed: JsonObject): Promise<void> | null {
    if (hot === null || hot.engine.isAlone()) return null
    const body = unwrap?.(parsed) ?? parsed
    return recallAnswers(call, dialectOf(body), body)
  }

  function* read (call: Call, parsed: JsonObject): Steps<Asked> {
    const received = unwrap?.(parsed) ?? parsed
    const dialect = dialectOf(received)
    const account = accountOf(call)
    const roomBytes = config.maxBodyBytes - call.bytes.length
    const resolved = dialect.resolveReferences?.(received, responses(account.owner), roomBytes)
      ?? { body: received, added: 0 }
    yield
    const addressed = dialect.addressed?.(resolved.body, call) ?? resolved.body
    const body = dialect.normalise?.(addressed) ?? addressed
    yield
    return {
      call,
      dialect,
      body,
      isVerbatim: body === parsed && call.bytes[0] !== byteOrderMark && !hasModelList(account),
      length: call.bytes.length + resolved.added,
      facts: dialect.inspect(body),
    }
  }

  function dialectOf (body: JsonObject): ClientDialect {
    const path = client.foreignPath?.(body) ?? null
    return dialects.find(dialect => dialect.path === path) ?? client
  }
}
