// POST /v1/chat/completions, /v1/responses and /v1/messages: one handler for all three. It reads the request, plans
// where to send it, and relays the answer. The dialects do the rest.
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { smallBytes } from '../next-turn.ts'
import { isOutputLimit } from '../upstream/errors.ts'
import { createCompactionAnswer } from './answer-compaction.ts'
import { createLocalAnswer } from './answer-locally.ts'
import { createSearching } from './answer-searching.ts'
import { createStreamAnswer } from './answer-stream.ts'
import { createWarmUpAnswer } from './answer-warm-up.ts'
import { createWholeAnswer } from './answer-whole.ts'
import { accountOf } from './api-body.ts'
import { createAsk, type AskPlanned } from './ask-copilot.ts'
import { createPlaces, type Place } from './enter-gate.ts'
import { createPlanner, type Plan } from './generate-plan.ts'
import { createRequestReader, type Asked } from './read-request.ts'
import { createSettle } from './settle.ts'

/** @param unwrap gives the body of a message that arrived over WebSocket */
export function generate (core: Core, client: ClientDialect, unwrap?: (message: JsonObject) => JsonObject): Handler {
  const placeOf = createPlaces(core)
  const readRequest = createRequestReader(core, client, unwrap)
  const makePlan = createPlanner(core, client)
  const askCopilot = createAsk(core)
  const settle = createSettle(core)
  const answerLocally = createLocalAnswer(core, client)
  const answerWhole = createWholeAnswer(core)
  const answerStream = createStreamAnswer(core, client)
  const searching = createSearching(core, client)
  const answerCompaction = createCompactionAnswer(core, client)
  const answerWarmUp = createWarmUpAnswer(core, client)

  return call => {
    const beganAt = core.clock.monotonic()
    return call.bytes.length <= smallBytes ? answer(call, beganAt, null) : answerLarge(call, beganAt)
  }

  async function answerLarge (call: Call, beganAt: number): Promise<Reply> {
    const { username } = accountOf(call)
    const leave = core.largeBodies.enterAtOnce(username) ?? await core.largeBodies.enter(username, call.signal)
    try {
      return await answer(call, beganAt, leave)
    } finally {
      leave()
    }
  }

  /** @param planned called when the body is no longer worked on */
  async function answer (call: Call, beganAt: number, planned: (() => void) | null): Promise<Reply> {
    const read = readRequest(call)
    const asked = read instanceof Promise ? await read : read
    if (client.answersLocally?.(asked.body) === true) return answerLocally(asked)
    if (client.warmUp?.isRequested(asked.body) === true) {
      const reply = answerWarmUp(asked, client.warmUp)
      await settle(call)
      return reply
    }
    if (asked.dialect.compactions?.isRequested(asked.body) === true) {
      return (answerCompaction ?? refuseCompaction)(asked)
    }
    const place = placeOf(call)
    const plan = await planIn(place, asked)
    planned?.()
    const ask = plan.searches === null ? askFor(call) : searching(asked, askFor(call))
    if (asked.facts.stream) return answerStream(call, plan, ask, place.leave, beganAt)
    try {
      return await answerWhole(call, plan, ask, beganAt)
    } finally {
      place.leave()
      const settling = settle(call)
      if (settling !== null) await settling
    }
  }

  /** A request that is refused before it has a plan takes no place, unless the plan needs a session of Auto. */
  async function planIn (place: Place, asked: Asked): Promise<Plan> {
    try {
      const plan = await makePlan({ ...asked, enterGate: place.enter })
      const entering = place.enter()
      if (entering instanceof Promise) await entering
      return plan
    } catch (thrown) {
      place.leave()
      throw thrown
    }
  }

  /**
   * A better plan reads the body again. That is rare, and keeping the parsed body would cost memory for the whole
   * stream.
   */
  function askFor (call: Call): AskPlanned {
    return (plan, canAddHeaders) =>
      askCopilot(plan, { replan: async better => makePlan(await readRequest(call), better), canAddHeaders }).catch(
        nullAtLimit,
      )
  }
}

/** Cursor can send another dialect's body to a route whose own dialect has no form for the compacted state. */
function refuseCompaction (): never {
  throw new GatewayError('unsupported_parameter',
    'This route cannot compact a conversation. Send the request to the route of its own dialect.', { param: 'input' })
}

/**
 * Upstream refuses the request if its reasoning used up the output limit. The client gets an answer that ended for its
 * length.
 */
function nullAtLimit (thrown: unknown): null {
  if (thrown instanceof GatewayError && isOutputLimit(thrown)) return null
  throw thrown
}
