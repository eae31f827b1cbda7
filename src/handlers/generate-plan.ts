// Plans a generating request: where it goes, which body is sent there, and how the answer returns in the client's
// dialect.
import type { Core } from '../core.ts'
import type { ClientDialect, RequestFacts } from '../dialects/contract/dialect.ts'
import { createLedger } from '../dialects/contract/ledger.ts'
import { conversationKey } from '../dialects/shared/conversation.ts'
import type { JsonObject } from '../json.ts'
import { writeJsonInTurns } from '../json-writer.ts'
import { smallBytes } from '../next-turn.ts'
import { droppedHeader } from '../relay/headers.ts'
import { withoutBetas } from '../rules/betas.ts'
import { atOnce, inTurns } from '../steps.ts'
import { sessionHeader, type CopilotCall } from '../upstream/copilot.ts'
import { accountOf } from './api-body.ts'
import { createDestinations, type Better, type Destination } from './choose-destination.ts'
import { createFitter, type Fitted } from './fit-body.ts'
import { createAnswerPlanner, type AnswerPlan } from './plan-answer.ts'
import type { Asked } from './read-request.ts'

export interface Plan extends Destination, AnswerPlan {
  readonly facts: RequestFacts
  readonly call: CopilotCall
  /** For the reply to the client. */
  readonly headers: Readonly<Record<string, string>>
}

/** @throws {GatewayError} `model_not_found`, `invalid_request`, `unsupported_parameter` */
export function createPlanner (core: Core, client: ClientDialect): (asked: Asked, better?: Better) => Promise<Plan> {
  const { config, conversations, hot } = core
  const chooseDestination = createDestinations(core)
  const fit = createFitter(core)
  const planAnswer = createAnswerPlanner(core, client)
  return makePlan

  async function makePlan (asked: Asked, better: Better = {}): Promise<Plan> {
    const { call, facts, length } = asked
    const id = conversations.idOf(accountOf(call), conversationKey(asked.body, call.headers))
    const interaction = typeof id === 'string' ? id : await id
    const chosen = chooseDestination(asked, better, interaction)
    const destination = chosen instanceof Promise ? await chosen : chosen
    const { requested, upstream } = destination
    const ledger = createLedger({ strict: call.headers['x-proxy-strict'] === '1', model: requested,
      upstream: upstream.name })
    // The event loop runs between the steps of a large body. A small body is not delayed.
    if (destination.isUnnamed) ledger.lose('auto-session')
    const recalling = recall(asked, destination)
    if (recalling !== null) await recalling
    const fitting = fit(asked, destination, ledger)
    const fitted = length > smallBytes ? await inTurns(fitting) : atOnce(fitting)
    const planned = planAnswer(fitted, destination)
    const answer = planned instanceof Promise ? await planned : planned
    const { body } = fitted.applied
    const isSame = !destination.isUnnamed && body === fitted.asked.body && fitted.asked.isVerbatim
    const written = isSame ? asked.call.bytes : write(destination.isUnnamed ? withoutModel(body) : body, length)
    return {
      ...destination,
      ...answer,
      facts,
      call: copilotCall(fitted, destination, interaction, written instanceof Promise ? await written : written),
      headers: { 'x-copilot-initiator': facts.initiator, 'x-copilot-upstream': upstream.path,
        ...droppedHeader(ledger.lost()) },
    }
  }

  /** Brings the earlier reasoning that the body leaves out, if another process has it. Null if nothing is missing. */
  function recall ({ call, dialect, body }: Asked, { upstream, isPassed }: Destination): Promise<void> | null {
    if (hot === null || !hot.engine.isOn()) return null
    if (isPassed && (upstream !== dialect || upstream.recallReasoning === undefined)) return null
    const references = dialect.reasoningOf?.(body)
    return references === undefined ? null : hot.recall.reasoning(accountOf(call), references)
  }

  function copilotCall (
    { asked, applied }: Fitted,
    { request, upstream, target, isPassed, learned, session }: Destination,
    interaction: string,
    body: CopilotCall['body'],
  ): CopilotCall {
    const { call, facts } = asked
    const headers = upstream.upstreamHeaders?.(isPassed ? call.headers : {}, applied.body, target) ?? {}
    return {
      ...request,
      method: 'POST',
      path: upstream.path,
      body,
      intent: facts.hasTools ? 'conversation-agent' : 'conversation-panel',
      initiator: facts.initiator,
      vision: facts.vision,
      interaction,
      headers: session === null
        ? withoutBetas(headers, learned)
        : { ...withoutBetas(headers, learned), [sessionHeader]: session.token },
      signal: call.signal,
      headersMs: config.upstreamFirstByteSeconds * 1_000,
    }
  }
}

function withoutModel ({ model: _model, ...body }: JsonObject): JsonObject {
  return body
}

function write (body: Fitted['applied']['body'], length: number): string | Promise<string> {
  return length > smallBytes ? writeJsonInTurns(body) : JSON.stringify(body)
}
