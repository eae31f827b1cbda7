// Answers a client that streams. Repairs or translates upstream's answer, whether it arrives as a stream or whole.
import type { Call, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect, StreamRepair, Usage } from '../dialects/contract/dialect.ts'
import { ClientGone, type GatewayError } from '../errors.ts'
import { emptyAnswer } from '../relay/empty-answer.ts'
import { passedHeaders } from '../relay/headers.ts'
import { streamReply } from '../relay/stream.ts'
import { createTranslator, streamWhole, translateAnswer } from '../relay/translate.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { accountOf } from './api-body.ts'
import { isEventStream, readAnswer, type AskPlanned } from './ask-copilot.ts'
import { createCallCount, countedModelOf } from './count-call.ts'
import { createCallEstimates, type MeteredStream } from './estimate-call.ts'
import type { Plan } from './generate-plan.ts'
import { createSettle } from './settle.ts'

export function createStreamAnswer (
  core: Pick<Core, 'config' | 'clock' | 'tally' | 'spending' | 'history' | 'meter' | 'log' | 'hot'>,
  client: ClientDialect,
): (call: Call, plan: Plan, ask: AskPlanned, leave: () => void, beganAt: number) => Promise<Reply> {
  const { config, clock, meter, log } = core
  const calls = createCallCount(core)
  const estimates = createCallEstimates(core)
  const settle = createSettle(core)
  return (call, first, ask, leave, beganAt) => {
    let plan = first
    let metered: MeteredStream | null = null
    let isCounted = false
    const count = (usage: Usage | null, isError = false) => {
      isCounted = true
      calls.answered(call, countedModelOf(plan), usage, { isError })
    }
    meter.streamBegan()
    return streamReply({
      dialect: client,
      signal: call.signal,
      headers: { ...plan.headers, ...client.replyHeaders?.(call.id) },
      clock,
      heartbeatMs: config.heartbeatSeconds * 1_000,
      idleMs: config.upstreamIdleSeconds * 1_000,
      async open (hasStatus) {
        meter.overhead(clock.monotonic() - beganAt)
        const answered = await ask(plan, () => !hasStatus())
        if (answered === null) return { headers: plan.headers, text: await emptyText(plan) }
        plan = answered.plan
        const { response } = answered
        const headers = { ...plan.headers, ...passedHeaders(response.headers) }
        if (!isEventStream(response)) return { headers, text: await wholeText(response, plan, count) }
        metered = estimates.meter(call, response.body)
        return { headers, body: metered?.body ?? response.body, repair: repairOf(plan) }
      },
      onEnd (error, repair, firstTokenAt) {
        meter.streamEnded()
        if (repair !== null) {
          const usage = repair.usage()
          count(usage, error !== null && !(call.signal.reason instanceof ClientGone))
          if (!Number.isNaN(firstTokenAt)) {
            meter.streamed(plan.answer.model, firstTokenAt - beganAt, rateOf(usage, clock.monotonic() - firstTokenAt))
          }
          metered?.end(plan, usage, error === null)
        } else if (error !== null && !isCounted) calls.failed(call, countedModelOf(plan))
        if (error !== null) logFailure(log, call, error)
        leave()
        return settle(call)
      },
    })
  }
}

/** Tokens per second. Null if they were not counted, or came too fast to tell. */
function rateOf (usage: Usage | null, ms: number): number | null {
  return usage === null || usage.isEstimate === true || usage.output === 0 || ms < 1 ? null : usage.output * 1_000 / ms
}

export function logFailure (log: Core['log'], call: Call, error: GatewayError): void {
  const isGone = call.signal.reason instanceof ClientGone
  log[isGone ? 'debug' : 'warn']({ reqId: call.id, user: accountOf(call).username,
    code: isGone ? 'client_gone' : error.code, err: error.cause }, 'a stream ended early')
}

function repairOf ({ upstream, isTranslated, translation, restore, answer }: Plan): StreamRepair {
  return isTranslated ? createTranslator(translation.now()) : (restore ?? upstream).createRepair(answer)
}

async function emptyText ({ answer: { model }, translation }: Plan): Promise<string> {
  return streamWhole(emptyAnswer(model), await translation.inTurns())
}

/** Turns an answer that arrived whole into a stream. */
async function wholeText (
  response: UpstreamResponse,
  { upstream, isTranslated, translation, restore, answer: options }: Plan,
  count: (usage: Usage | null) => void,
): Promise<string> {
  const { answer, usage } = upstream.repairAnswer((await readAnswer(response)).answer, options)
  count(usage)
  if (!isTranslated && upstream.toStream !== undefined) {
    return upstream.toStream(restore?.answer(answer) ?? answer, options)
  }
  const translated = translation.now()
  return streamWhole(translateAnswer(answer, translated).parts, translated)
}
