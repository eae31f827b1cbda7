// Makes a conversation into one item. Copilot does it where it serves the model on an endpoint that can; otherwise, and
// where that fails, the same model writes a summary. docs/spec/translation.md#compaction
import type { Core } from '../core.ts'
import type { Compactions } from '../dialects/contract/compactions.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import { readOverflow } from '../dialects/shared/overflow.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { passedHeaders } from '../relay/headers.ts'
import { createRepeats, type Repeats } from '../upstream/copilot.ts'
import { isModelRefusal } from '../upstream/errors.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { createAnswerReader } from './answer-whole.ts'
import { accountOf } from './api-body.ts'
import { createAsk, isEventStream, readAnswer, type Answered } from './ask-copilot.ts'
import { createCallCount, countedModelOf } from './count-call.ts'
import type { Better } from './choose-destination.ts'
import { createPlanner, type Plan } from './generate-plan.ts'
import type { Asked } from './read-request.ts'

export interface Compacted {
  /** The answer that led to the state, in the client's dialect. Its output is of no interest. */
  readonly answer: JsonObject
  readonly state: string
  readonly headers: Readonly<Record<string, string>>
}
/** @throws {GatewayError} */
export type Compact = (asked: Asked, canAddHeaders: () => boolean) => Promise<Compacted>

/** What all calls for one compaction share. */
interface Attempt {
  readonly asked: Asked
  readonly repeats: Repeats
  readonly canAddHeaders: () => boolean
}

export function createCompactor (core: Core, client: ClientDialect, compactions: Compactions): Compact {
  const { origins } = core
  const count = createCallCount(core)
  const makePlan = createPlanner(core, client)
  const ask = createAsk(core)
  const read = createAnswerReader(core)

  return async (asked, canAddHeaders) => {
    const attempt = { asked: asAgent(asked, asked.body), repeats: createRepeats(), canAddHeaders }
    const plan = await planOf(attempt, {})
    return (plan.upstream.compactions === undefined ? null : await compactNatively(attempt, plan))
      ?? await summarise(attempt)
  }

  /** Nobody typed it, and the answer is of use only when it is whole. */
  function asAgent (asked: Asked, body: JsonObject): Asked {
    return { ...asked, body, isVerbatim: false,
      facts: { ...asked.dialect.inspect(body), stream: false, initiator: 'agent' } }
  }

  async function planOf ({ asked }: Attempt, better: Better): Promise<Plan> {
    const plan = await makePlan(asked, better)
    return { ...plan, call: { ...plan.call, intent: 'conversation-agent', interactionType: 'conversation-compaction' } }
  }

  async function send (attempt: Attempt, plan: Plan): Promise<Answered> {
    try {
      return await ask(plan, { ...attempt, replan: better => planOf(attempt, better) })
    } catch (thrown) {
      count.failed(attempt.asked.call, countedModelOf(plan))
      throw thrown
    }
  }

  /** Null if Copilot refuses the request or gives no item: then a summary helps. */
  async function compactNatively (attempt: Attempt, first: Plan): Promise<Compacted | null> {
    try {
      const { plan, response } = await send(attempt, first)
      const { answer, usage } = plan.upstream.repairAnswer((await readWhole(response)).answer, plan.answer)
      count.answered(attempt.asked.call, countedModelOf(plan), usage)
      const state = compactions.stateOf(answer)
      if (state === null) throw new GatewayError('invalid_request', 'Copilot gave no compaction item.')
      origins.note(accountOf(attempt.asked.call).owner, state, plan.target.id)
      return { answer, state, headers: headersOf(plan, response) }
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      spend(attempt.repeats, thrown)
      return null
    }
  }

  async function summarise (attempt: Attempt): Promise<Compacted> {
    const question = compactions.askSummary(attempt.asked.body)
    try {
      return await summaryOf(attempt, question)
    } catch (thrown) {
      const shorter = isOverflow(thrown) ? compactions.shorten(question) : null
      if (shorter === null) throw thrown
      spend(attempt.repeats, thrown)
      return await summaryOf(attempt, shorter)
    }
  }

  async function summaryOf (attempt: Attempt, question: JsonObject): Promise<Compacted> {
    const asking = { ...attempt, asked: asAgent(attempt.asked, question) }
    const { plan, response } = await send(asking, await planOf(asking, {}))
    const { answer, usage } = await read(response, plan)
    count.answered(attempt.asked.call, countedModelOf(plan), usage)
    const state = compactions.summaryOf(answer)
    if (state === null) throw new GatewayError('upstream_error', 'The model wrote no summary of the conversation.')
    return { answer, state, headers: headersOf(plan, response) }
  }
}

/** @throws {GatewayError} for a stream, which upstream sends only if it is asked for one */
async function readWhole (response: UpstreamResponse): ReturnType<typeof readAnswer> {
  if (!isEventStream(response)) return readAnswer(response)
  response.body.cancel()
  throw new GatewayError('upstream_error', 'Copilot answered with a stream that was not asked for.')
}

function headersOf ({ headers }: Plan, response: UpstreamResponse): Compacted['headers'] {
  return { ...headers, ...passedHeaders(response.headers) }
}

function isRefusal (thrown: unknown): thrown is GatewayError {
  return thrown instanceof GatewayError && thrown.status === 400 && !isModelRefusal(thrown)
}

function isOverflow (thrown: unknown): boolean {
  return thrown instanceof GatewayError && readOverflow(thrown) !== null
}

/** Takes one of the repetitions that a request may have. @throws the last failure if none is left */
function spend (repeats: Repeats, failure: unknown): void {
  if (repeats.left === 0) throw failure
  repeats.left--
}
