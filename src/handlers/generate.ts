// POST /v1/chat/completions, /v1/responses and /v1/messages: one handler for all. It reads what the client wants, plans
// where to ask for it, and brings the answer back; the dialects know the rest.
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Dialect, RequestFacts, Usage } from '../dialects/dialect.ts'
import { createLedger } from '../dialects/ledger.ts'
import type { Part } from '../dialects/part.ts'
import { ClientGone, GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { collectAnswer } from '../relay/collect.ts'
import { passedHeaders } from '../relay/headers.ts'
import { readWhole } from '../relay/read-whole.ts'
import { defaultModel } from '../relay/resolve-model.ts'
import { eventStreamHeaders, streamReply, type Opened } from '../relay/stream.ts'
import { createCollector, createTranslator, streamWhole, translateAnswer } from '../relay/translate.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { accountOf, readApiBody } from './api-body.ts'
import { createAsk, isEventStream, readAnswer } from './ask-copilot.ts'
import { createPlanner, estimateInput, newId, type Plan } from './generate-plan.ts'
import { json, jsonText } from './reply.ts'

/** `text`: the answer as JSON, where it is there already. */
interface Brought { readonly answer: JsonObject, readonly usage: Usage | null, readonly text?: string }

export function generate (core: Core, client: Dialect): Handler {
  const { config, tally, clock, log, dialects, responses, userGate, meter, audit } = core
  const makePlan = createPlanner(core, client)
  const send = createAsk(core)

  return async call => {
    const received = readApiBody(call)
    const account = accountOf(call)
    const asked = requestDialect(received)
    const body = asked.name === 'openai-responses' ? responses.expand(account.username, received) : received
    const facts = asked.inspect(body)
    const local = client.name === 'anthropic-messages' && body['max_tokens'] === 0 ? emptyMessage(call, body, facts) : null
    if (local !== null) return local
    const plan = await makePlan({ call, received, given: body, asked, facts })
    const leave = userGate.enterAtOnce(account.username) ?? await enter(call, account.username)
    // A stream that nobody begins to read never ends. Also where nobody is counted: a signal that loses its last listener
    // leaves an empty Map behind, by which V8 keeps the call until its next full collection (test/bench/notes.md).
    call.signal.addEventListener('abort', leave, { once: true })
    if (facts.stream) return stream(call, plan, leave)
    try { return await whole(call, plan) } finally { leave() }
  }

  /** Cursor sends a Responses body to the Chat route, and wants Chat back. */
  function requestDialect (body: JsonObject): Dialect {
    const isResponses = client.name === 'openai-chat' && body['input'] !== undefined && body['messages'] === undefined
    return dialects.find(dialect => dialect.name === (isResponses ? 'openai-responses' : client.name)) ?? client
  }

  async function enter (call: Call, username: string): Promise<() => void> {
    try { return await userGate.enter(username, call.signal) } catch (thrown) {
      if (thrown instanceof GatewayError && thrown.code === 'rate_limited') audit({ action: 'model-call', outcome: 'limited', user: username, address: call.address, reqId: call.id })
      throw thrown
    }
  }

  async function whole (call: Call, plan: Plan): Promise<Reply> {
    const response = await send(plan)
    const { answer, usage, text = JSON.stringify(answer) } = isEventStream(response) ? await collected(response, plan) : brought(await readAnswer(response), plan)
    tally.add(accountOf(call).username, plan.answer.model, usage)
    plan.keep.whole(answer)
    return jsonText(200, text, { ...plan.headers, ...passedHeaders(response.headers), ...(plan.client.name === 'anthropic-messages' ? { 'request-id': call.id } : {}) })
  }

  function stream (call: Call, plan: Plan, leave: () => void): Promise<Reply> {
    const { username } = accountOf(call)
    const { upstream, client, answer, isTranslated } = plan
    const count = (usage: Usage | null) => { tally.add(username, answer.model, usage) }
    meter.streamBegan()
    return streamReply({
      dialect: client, signal: call.signal,
      headers: { ...plan.headers, ...(client.name === 'anthropic-messages' ? { 'request-id': call.id } : {}) },
      heartbeatMs: config.heartbeatSeconds * 1_000, idleMs: config.upstreamIdleSeconds * 1_000,
      open: async (): Promise<Opened> => {
        const response = await send(plan)
        const headers = passedHeaders(response.headers)
        if (isEventStream(response)) {
          const tidy = isTranslated ? createTranslator(plan.translation()) : client.createTidy(answer)
          return { headers, body: response.body, tidy: plan.keep.stream(username, tidy) }
        }
        const tidied = upstream.tidyAnswer((await readAnswer(response)).answer, answer)
        count(tidied.usage)
        if (!isTranslated && client.toStream !== undefined) return { headers, text: client.toStream(tidied.answer, answer) }
        return { headers, text: streamWhole(translateAnswer(tidied.answer, plan.translation()).parts, plan.translation()) }
      },
      onEnd (error, tidy) {
        meter.streamEnded()
        leave()
        if (tidy !== null) count(tidy.usage())
        if (error === null) return
        const gone = call.signal.reason instanceof ClientGone
        log[gone ? 'debug' : 'warn']({ reqId: call.id, user: username, code: gone ? 'client_gone' : error.code, err: error.cause }, 'a stream ended early')
      },
    })
  }

  /** An answer that came whole. What lacks nothing but a field or two goes on as the text that it is. */
  function brought (read: Awaited<ReturnType<typeof readAnswer>>, plan: Plan): Brought {
    const tidied = plan.upstream.tidyAnswer(read.answer, plan.answer)
    if (!plan.isTranslated) return tidied.missing === undefined ? tidied : { ...tidied, text: withFields(read.text, tidied.missing) }
    const translation = plan.translation()
    const { parts, usage } = translateAnswer(tidied.answer, translation)
    return { answer: plan.client.encodeAnswer(collectAnswer(parts), translation.encode), usage }
  }

  /** An answer that had to be streamed, because it may be longer than upstream gives at once. */
  async function collected (response: UpstreamResponse, plan: Plan): Promise<Brought> {
    const translation = plan.translation()
    const collector = createCollector(translation)
    await readWhole(response.body, collector, config.upstreamIdleSeconds * 1_000)
    return { answer: plan.client.encodeAnswer(collector.answer(), translation.encode), usage: collector.usage() }
  }

  /** No token is asked for: Anthropic only warms its cache then, and nobody else can. */
  function emptyMessage (call: Call, body: JsonObject, facts: RequestFacts): Reply {
    const model = facts.model ?? defaultModel
    const prompt = client.decodeRequest(body, createLedger({ strict: false, model, upstream: client.name }))
    const encode = { prompt, facts, model, inputEstimate: estimateInput(call.bytes.length, prompt), now: clock.now, newId }
    const parts: Part[] = [
      { type: 'message-start', id: '', model, created: null },
      { type: 'usage', usage: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, nanoCredits: 0 } },
      { type: 'message-end', reason: 'length', stopSequence: null, explanation: null },
    ]
    const headers = { 'request-id': call.id }
    if (!facts.stream) return json(200, client.encodeAnswer(collectAnswer(parts), encode), headers)
    return { status: 200, headers: { ...eventStreamHeaders, ...headers }, body: streamWhole(parts, { client, encode }) }
  }
}

/** @param text of a JSON object that has fields */
function withFields (text: string, fields: string): string {
  const at = text.indexOf('{') + 1
  return fields === '' ? text : text.slice(0, at) + fields + text.slice(at)
}
