// Answers a client that does not stream: repairs or translates upstream's answer, in whatever form it arrives.
import type { Call, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Usage } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { collectAnswer } from '../relay/collect.ts'
import { emptyAnswer } from '../relay/empty-answer.ts'
import { passedHeaders } from '../relay/headers.ts'
import { readWhole } from '../relay/read-whole.ts'
import { createCollector, translateAnswer } from '../relay/translate.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { isEventStream, readAnswer, type AskPlanned } from './ask-copilot.ts'
import { createCallCount, countedModelOf } from './count-call.ts'
import { createCallEstimates } from './estimate-call.ts'
import type { Plan } from './generate-plan.ts'
import { json, jsonText } from './reply.ts'

/** `text`: the answer as JSON, if upstream's text can be used. */
interface ClientAnswer {
  readonly answer: JsonObject
  readonly usage: Usage | null
  readonly text?: string
}
interface ReadAnswer extends ClientAnswer {
  /** When all of upstream's answer was there, of the clock's `monotonic`. */
  readonly arrivedAt: number
}

export function createWholeAnswer (
  core: Pick<Core, 'config' | 'clock' | 'tally' | 'spending' | 'history' | 'meter' | 'log'>,
): (call: Call, plan: Plan, ask: AskPlanned, beganAt: number) => Promise<Reply> {
  const { clock, meter } = core
  const count = createCallCount(core)
  const estimates = createCallEstimates(core)
  const read = createAnswerReader(core)
  return async (call, first, ask, beganAt) => {
    const askedAt = clock.monotonic()
    let plan = first
    let whole: ReadAnswer
    let headers: ReturnType<typeof passedHeaders>
    try {
      const answered = await ask(first, () => true)
      if (answered === null) return await emptyReply(call, first)
      plan = answered.plan
      whole = await read(answered.response, plan)
      headers = passedHeaders(answered.response.headers)
    } catch (thrown) {
      count.failed(call, countedModelOf(plan))
      throw thrown
    }
    const { answer, usage, arrivedAt, text = JSON.stringify(answer) } = whole
    count.answered(call, countedModelOf(plan), usage)
    estimates.whole(call, plan, usage)
    plan.remember?.(answer)
    meter.overhead(askedAt - beganAt + clock.monotonic() - arrivedAt)
    return jsonText(200, text, { ...plan.headers, ...headers, ...plan.client.replyHeaders?.(call.id) })
  }

  async function emptyReply (call: Call, { client, answer: { model }, translation, remember, headers }: Plan) {
    const { encode } = await translation.inTurns()
    const answer = client.encodeAnswer(collectAnswer(emptyAnswer(model)), encode)
    remember?.(answer)
    return json(200, answer, { ...headers, ...client.replyHeaders?.(call.id) })
  }
}

/** Reads upstream's answer as one of the client's dialect. */
export function createAnswerReader (
  { config, clock }: Pick<Core, 'config' | 'clock'>,
): (response: UpstreamResponse, plan: Plan) => Promise<ReadAnswer> {
  return async (response, plan) => {
    if (isEventStream(response)) return await collect(response, plan)
    const read = await readAnswer(response)
    return { arrivedAt: clock.monotonic(), ...toClientAnswer(read, plan) }
  }

  /** Collects the stream of an answer that may be longer than upstream sends in one piece. */
  async function collect (response: UpstreamResponse, { client, translation }: Plan): Promise<ReadAnswer> {
    const translated = translation.now()
    const collector = createCollector(translated)
    await readWhole(response.body, collector, config.upstreamIdleSeconds * 1_000, clock)
    return { arrivedAt: clock.monotonic(), answer: client.encodeAnswer(collector.answer(), translated.encode),
      usage: collector.usage() }
  }
}

/** An answer that arrived whole. If it lacks only a field or two, its text is kept and the fields are inserted. */
function toClientAnswer (read: Awaited<ReturnType<typeof readAnswer>>, plan: Plan): ClientAnswer {
  const { client, upstream, restore, isTranslated, translation } = plan
  const repaired = upstream.repairAnswer(read.answer, plan.answer)
  if (restore !== null) return { answer: restore.answer(repaired.answer), usage: repaired.usage }
  if (!isTranslated) {
    return repaired.missing === undefined ? repaired : { ...repaired, text: withFields(read.text, repaired.missing) }
  }
  const translated = translation.now()
  const { parts, usage } = translateAnswer(repaired.answer, translated)
  return { answer: client.encodeAnswer(collectAnswer(parts), translated.encode), usage }
}

/** @param text a JSON object with at least one field */
function withFields (text: string, fields: string): string {
  const at = text.indexOf('{') + 1
  return fields === '' ? text : text.slice(0, at) + fields + text.slice(at)
}
