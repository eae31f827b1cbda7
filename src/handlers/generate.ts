// POST /v1/chat/completions, /v1/responses and /v1/messages: one handler for all. It reads what the client wants, plans
// where to ask for it, and brings the answer back; the dialects know the rest.
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { AnswerOptions, Dialect, RequestFacts, Target, Usage } from '../dialects/dialect.ts'
import { createLedger, type Ledger } from '../dialects/ledger.ts'
import type { Part } from '../dialects/part.ts'
import type { Prompt } from '../dialects/prompt.ts'
import { createToolNames } from '../dialects/tool-names.ts'
import { ClientGone, GatewayError, toGatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { limitOf } from '../model-entry.ts'
import { droppedHeader, passedHeaders } from '../relay/headers.ts'
import { collectAnswer } from '../relay/collect.ts'
import { normaliseTurns } from '../relay/normalise.ts'
import { planUpstream } from '../relay/plan.ts'
import { defaultModel, modelNotFound, resolveModel, type ResolvedModel } from '../relay/resolve-model.ts'
import { readWhole } from '../relay/read-whole.ts'
import { eventStreamHeaders, streamReply, type Opened } from '../relay/stream.ts'
import { toTarget } from '../relay/target.ts'
import { createCollector, createTranslator, streamWhole, translateAnswer, type Translation } from '../relay/translate.ts'
import type { CopilotCall } from '../upstream/copilot.ts'
import { toStreamError, toUpstreamError } from '../upstream/errors.ts'
import { readAccountType } from '../upstream/hosts.ts'
import type { ModelRequest } from '../upstream/models.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { accountOf, readApiBody } from './api-body.ts'
import { json } from './reply.ts'

/** How an answer gets from upstream's dialect to the client's. */
interface Plan {
  readonly call: CopilotCall
  readonly requested: string
  readonly facts: RequestFacts
  readonly request: ModelRequest
  readonly upstream: Dialect
  readonly client: Dialect
  /** Whether the answer has to be decoded and encoded; else it is only mended. */
  readonly isTranslated: boolean
  readonly answer: AnswerOptions
  /** Made when it is first needed: the diagonal seldom does. */
  readonly translation: () => Translation
  readonly headers: Readonly<Record<string, string>>
  readonly keep: { readonly whole: (response: JsonObject) => void, readonly stream: Core['responses']['watch'], readonly body: JsonObject }
}

const maxAnswerBytes = 32 * 1_048_576
const newId = () => crypto.randomUUID().replaceAll('-', '')

/** The first byte of one in UTF-8. A client's is forgiven, and not passed on. */
const byteOrderMark = 0xef

export function generate (core: Core, client: Dialect): Handler {
  const { config, copilot, models, tally, clock, log, dialects, responses, reasoning, userGate, meter, audit, origins } = core

  return async call => {
    const received = readApiBody(call)
    const account = accountOf(call)
    const asked = requestDialect(received)
    const body = asked.name === 'openai-responses' ? responses.expand(account.username, received) : received
    const facts = asked.inspect(body)
    const local = client.name === 'anthropic-messages' && body['max_tokens'] === 0 ? emptyMessage(call, body, facts) : null
    if (local !== null) return local
    const plan = await makePlan(call, body, received, asked, facts)
    const leave = await userGate.enter(account.username, call.signal).catch((thrown: unknown) => {
      if (thrown instanceof GatewayError && thrown.code === 'rate_limited') audit({ action: 'model-call', outcome: 'limited', user: account.username, address: call.address, reqId: call.id })
      throw thrown
    })
    call.signal.addEventListener('abort', leave, { once: true })   // a stream that nobody begins to read never ends
    if (facts.stream) return stream(call, plan, leave)
    try { return await whole(call, plan) } finally { leave() }
  }

  /** Cursor sends a Responses body to the Chat route, and wants Chat back. */
  function requestDialect (body: JsonObject): Dialect {
    const isResponses = client.name === 'openai-chat' && body['input'] !== undefined && body['messages'] === undefined
    return dialects.find(dialect => dialect.name === (isResponses ? 'openai-responses' : client.name)) ?? client
  }

  async function makePlan (call: Call, given: JsonObject, received: JsonObject, asked: Dialect, facts: RequestFacts): Promise<Plan> {
    const account = accountOf(call)
    const request: ModelRequest = { account, accountType: readAccountType(call.headers['x-copilot-account-type'], config), requestId: call.id, defer: call.defer }
    const requested = facts.model ?? defaultModel
    const model = await resolve(requested, request)
    const upstream = planUpstream(asked.name, model, dialects, facts.hasFile)
    const ledger = createLedger({ strict: call.headers['x-proxy-strict'] === '1', model: requested, upstream: upstream.name })
    // Responses refuses another model's encrypted reasoning, and a conversation may have changed its model.
    const { body, dropped } = upstream === asked && asked.name === 'openai-responses' ? origins.dropForeign(account.username, given, model.id) : { body: given, dropped: false }
    if (dropped) ledger.lose('reasoning')
    const target = toTarget(model, (facts.stream || isTooLongUnstreamed(body, model)) && model.streams)
    const read = once(() => readPrompt(asked, body, ledger, account.username))
    const isPassed = upstream === asked && facts.mustTranslate !== true
    const sent = isPassed ? prepared(asked, body, target, ledger, body === received && call.bytes[0] !== byteOrderMark ? call.bytes : null) : JSON.stringify(encoded(upstream, read(), target, ledger))
    const isTranslated = upstream !== client || facts.mustTranslate === true
    const translation = once((): Translation => {
      // On the diagonal a prompt only serves to shape an answer, and no loss in it is a loss.
      const prompt = !isPassed ? read() : readPrompt(asked, body, createLedger({ strict: false, model: requested, upstream: upstream.name }), account.username)
      return {
        upstream, client, upstreamModel: model.id,
        names: createToolNames(prompt, maxNameLength(upstream)),
        stops: upstream.name === 'openai-responses' ? prompt.stop : upstream.name === 'openai-chat' && !isPassed ? prompt.stop.slice(4) : [],
        watch: reasoning.watcher(account.username),
        encode: { prompt, facts, model: isTranslated ? requested : model.id, inputEstimate: estimate(call.bytes.length), now: clock.now, newId },
      }
    })
    // An answer that is streamed only to be put together must be one that can be: known before anything is asked of upstream.
    if (target.stream && !facts.stream) translation()
    return {
      requested, facts, request, upstream, client, isTranslated,
      call: {
        ...request, method: 'POST', path: upstream.path, body: sent,
        intent: facts.hasTools ? 'conversation-agent' : 'conversation-panel',
        initiator: facts.initiator, vision: facts.vision,
        headers: upstream.upstreamHeaders?.(isPassed ? call.headers : {}, parsed(sent, body), target) ?? {},
        signal: call.signal, headersMs: config.upstreamFirstByteSeconds * 1_000,
      },
      answer: { facts, model: model.id, now: clock.now, newId },
      translation,
      headers: { 'x-copilot-initiator': facts.initiator, 'x-copilot-upstream': upstream.path, ...droppedHeader(ledger.lost()) },
      keep: {
        body,
        whole (response) {
          if (client.name !== 'openai-responses') return
          if (upstream === client) origins.note(account.username, response, model.id)
          responses.keep(account.username, body, response)
        },
        stream: (username, of, tidy) => client.name === 'openai-responses' ? responses.watch(username, of, upstream === client ? origins.watch(username, model.id, tidy) : tidy) : tidy,
      },
    }
  }

  function readPrompt (dialect: Dialect, body: JsonObject, ledger: Ledger, username: string): Prompt {
    const prompt = dialect.decodeRequest(body, ledger)
    return { ...prompt, turns: reasoning.restore(username, normaliseTurns(prompt.turns)) }
  }

  async function whole (call: Call, plan: Plan): Promise<Reply> {
    const response = await send(plan)
    const { answer, usage } = isEventStream(response) ? await collected(response, plan) : await translated(response, plan)
    tally.add(accountOf(call).username, plan.answer.model, usage)
    plan.keep.whole(answer)
    return json(200, answer, { ...plan.headers, ...passedHeaders(response.headers), ...(plan.client.name === 'anthropic-messages' ? { 'request-id': call.id } : {}) })
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
      open: async (signal): Promise<Opened> => {
        const response = await send({ ...plan, call: { ...plan.call, signal } })
        const headers = passedHeaders(response.headers)
        if (isEventStream(response)) {
          const tidy = isTranslated ? createTranslator(plan.translation()) : client.createTidy(answer)
          return { headers, body: response.body, tidy: plan.keep.stream(username, plan.keep.body, tidy) }
        }
        const raw = await readAnswer(response)
        const tidied = upstream.tidyAnswer(raw, answer)
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

  /** An answer that came whole. */
  async function translated (response: UpstreamResponse, plan: Plan): Promise<{ answer: JsonObject, usage: Usage | null }> {
    const tidied = plan.upstream.tidyAnswer(await readAnswer(response), plan.answer)
    if (!plan.isTranslated) return tidied
    const translation = plan.translation()
    const { parts, usage } = translateAnswer(tidied.answer, translation)
    return { answer: plan.client.encodeAnswer(collectAnswer(parts), translation.encode), usage }
  }

  /** An answer that had to be streamed, because it may be longer than upstream gives at once. */
  async function collected (response: UpstreamResponse, plan: Plan): Promise<{ answer: JsonObject, usage: Usage | null }> {
    const translation = plan.translation()
    const collector = createCollector(translation)
    await readWhole(response.body, collector, config.upstreamIdleSeconds * 1_000)
    return { answer: plan.client.encodeAnswer(collector.answer(), translation.encode), usage: collector.usage() }
  }

  async function resolve (requested: string, request: ModelRequest): Promise<ResolvedModel> {
    const found = resolveModel(requested, models.known(request), config.modelAliases)
    if (found !== null) return found
    // Before saying no, make sure that the list is not an old one.
    const list = await models.list(request, 60_000)
    const second = resolveModel(requested, list, config.modelAliases)
    if (second === null) throw modelNotFound(requested, list)
    return second
  }

  /** A response with status 200, whatever its body. @throws {GatewayError} */
  async function send (plan: Plan): Promise<UpstreamResponse> {
    const response = await copilot(plan.call)
    if (response.status === 200) return response
    const error = toUpstreamError(response, await readExcerpt(response, 65_536))
    throw error.code === 'model_not_supported' ? await explain(error, plan) : error
  }

  /** Copilot says "not supported" of a model it does not know and of one this seat may not use: tell which. */
  async function explain (error: GatewayError, { requested, request }: Plan): Promise<GatewayError> {
    const list = await models.list(request).catch(() => null)
    const found = list === null ? null : resolveModel(requested, list, config.modelAliases)
    if (list !== null && found === null) return modelNotFound(requested, list)
    const policy = found?.entry?.['policy']
    if (!isObject(policy) || policy['state'] === 'enabled') return error
    return new GatewayError(error, `${error.message} Its terms are not accepted for this seat yet: enable the model at github.com/settings/copilot, or ask the organisation's administrator.`, { param: 'model' })
  }

  /** No token is asked for: Anthropic only warms its cache then, and nobody else can. */
  function emptyMessage (call: Call, body: JsonObject, facts: RequestFacts): Reply {
    const model = facts.model ?? defaultModel
    const prompt = client.decodeRequest(body, createLedger({ strict: false, model, upstream: client.name }))
    const encode = { prompt, facts, model, inputEstimate: estimate(call.bytes.length), now: clock.now, newId }
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

/** The received bytes, when nothing in them has to change. @param bytes null when the body is not what was received */
function prepared (dialect: Dialect, body: JsonObject, target: Target, ledger: Ledger, bytes: Call['bytes'] | null): Call['bytes'] | string {
  const changed = dialect.prepare(body, target, ledger)
  const fitting = changed ?? body
  if ((fitting['stream'] === true) === target.stream) return changed === null && bytes !== null ? bytes : JSON.stringify(fitting)
  const options = dialect.name === 'openai-chat' ? { stream_options: target.stream ? { include_usage: true } : undefined } : {}
  return JSON.stringify({ ...fitting, stream: target.stream, ...options })
}

function encoded (upstream: Dialect, prompt: Prompt, target: Target, ledger: Ledger): JsonObject {
  return upstream.encodeRequest(prompt, target, ledger, createToolNames(prompt, maxNameLength(upstream)))
}

function maxNameLength (upstream: Dialect): number {
  return upstream.name === 'anthropic-messages' ? 128 : 64
}

/** The body that is sent, for whoever must look into it once more. */
function parsed (sent: Call['bytes'] | string, body: JsonObject): JsonObject {
  return typeof sent === 'string' ? parseObject(sent) ?? body : body
}

/** Claude answers at most so much at once; what may be longer is streamed from upstream and put together here. */
function isTooLongUnstreamed (body: JsonObject, { entry }: ResolvedModel): boolean {
  const limit = entry === null ? null : limitOf(entry, 'max_non_streaming_output_tokens')
  const wanted = body['max_completion_tokens'] ?? body['max_output_tokens'] ?? body['max_tokens']
  return limit !== null && typeof wanted === 'number' && wanted > limit
}

/** For a figure that is only shown until the real one comes: four bytes a token. */
function estimate (bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4))
}

function isEventStream ({ headers }: UpstreamResponse): boolean {
  return headers['content-type']?.includes('text/event-stream') === true
}

/** @throws {GatewayError} for an error inside a 200, and for what is no answer at all */
async function readAnswer (response: UpstreamResponse): Promise<JsonObject> {
  const text = await readText(response, maxAnswerBytes).catch((thrown: unknown) => {
    const error = toGatewayError(thrown)
    throw error.code === 'internal' ? new GatewayError('upstream_error', 'The connection to Copilot broke in the middle of its answer.', { cause: thrown }) : error
  })
  const answer = parseObject(text)
  if (answer === null) throw new GatewayError('upstream_error', 'Copilot answered with something that is not JSON.')
  if (isObject(answer['error']) && answer['choices'] === undefined && answer['output'] === undefined && answer['content'] === undefined) throw toStreamError(answer['error'])
  return answer
}

function once<T> (make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
