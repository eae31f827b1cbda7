// What a generating request becomes: which model is meant, which of upstream's endpoints is asked, what is sent there, and
// how the answer gets back into the client's dialect.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { AnswerOptions, Dialect, RequestFacts, StreamTidy, Target } from '../dialects/dialect.ts'
import { createLedger, type Ledger } from '../dialects/ledger.ts'
import type { Block, Prompt } from '../dialects/prompt.ts'
import { createToolNames } from '../dialects/tool-names.ts'
import type { JsonObject } from '../json.ts'
import { limitOf } from '../model-entry.ts'
import { droppedHeader } from '../relay/headers.ts'
import { normaliseTurns } from '../relay/normalise.ts'
import { planUpstream } from '../relay/plan.ts'
import { defaultModel, modelNotFound, resolveModel, type ResolvedModel } from '../relay/resolve-model.ts'
import { toTarget } from '../relay/target.ts'
import type { Translation } from '../relay/translate.ts'
import type { CopilotCall } from '../upstream/copilot.ts'
import type { ModelRequest } from '../upstream/models.ts'
import { parseObject } from '../upstream/read-body.ts'
import { accountOf, readApiBody, seatRequest } from './api-body.ts'

/** How an answer gets from upstream's dialect to the client's. */
export interface Plan {
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
  readonly keep: { readonly whole: (response: JsonObject) => void, readonly stream: (username: string, tidy: StreamTidy) => StreamTidy }
}

/** A request as it was received, and as it is read. */
export interface Asked {
  readonly call: Call
  /** The body as received, and with references to earlier responses replaced by what they refer to. */
  readonly received: JsonObject
  readonly given: JsonObject
  /** The dialect of the body; the client's own but for Cursor's. */
  readonly asked: Dialect
  readonly facts: RequestFacts
}

export const newId = () => crypto.randomUUID().replaceAll('-', '')

/** The first byte of one in UTF-8. A client's is forgiven, and not passed on. */
const byteOrderMark = 0xef

/** @throws {GatewayError} `model_not_found`, `invalid_request`, `unsupported_parameter` */
export function createPlanner (core: Core, client: Dialect): (asked: Asked) => Promise<Plan> {
  const { config, models, clock, dialects, responses, reasoning, origins } = core
  return makePlan

  async function makePlan ({ call, given, received, asked, facts }: Asked): Promise<Plan> {
    const account = accountOf(call)
    const request = seatRequest(call, config)
    const requested = facts.model ?? defaultModel
    const model = resolveModel(requested, models.known(request), config.modelAliases) ?? await lookUp(requested, request)
    const upstream = planUpstream(asked.name, model, dialects, facts.hasFile)
    const ledger = createLedger({ strict: call.headers['x-proxy-strict'] === '1', model: requested, upstream: upstream.name })
    // Responses refuses another model's encrypted reasoning, and a conversation may have changed its model.
    const { body, dropped } = upstream === asked && asked.name === 'openai-responses' ? origins.dropForeign(account.username, given, model.id) : { body: given, dropped: false }
    if (dropped) ledger.lose('reasoning')
    const target = toTarget(model, (facts.stream || isTooLongUnstreamed(body, model)) && model.streams)
    /** Null once it is not needed but in rare cases: half a megabyte in thousands of strings would be held as long as the answer streams. */
    let kept: JsonObject | null = body
    const bodyAgain = (): JsonObject => kept ?? readApiBody(call)
    const read = once(() => readPrompt(asked, bodyAgain(), ledger, account.username))
    const isPassed = upstream === asked && facts.mustTranslate !== true
    const sent = isPassed ? prepared(asked, body, target, ledger, body === received && call.bytes[0] !== byteOrderMark ? call.bytes : null) : JSON.stringify(encoded(upstream, read(), target, ledger))
    const isTranslated = upstream !== client || facts.mustTranslate === true
    const translation = once((): Translation => {
      // On the diagonal a prompt only serves to shape an answer, and no loss in it is a loss.
      const prompt = !isPassed ? read() : readPrompt(asked, bodyAgain(), createLedger({ strict: false, model: requested, upstream: upstream.name }), account.username)
      return {
        upstream, client, upstreamModel: model.id,
        names: createToolNames(prompt, maxNameLength(upstream)),
        stops: upstream.name === 'openai-responses' ? prompt.stop : upstream.name === 'openai-chat' && !isPassed ? prompt.stop.slice(4) : [],
        watch: reasoning.watcher(account.username),
        encode: { prompt, facts, model: isTranslated ? requested : model.id, inputEstimate: estimateInput(call.bytes.length, prompt), now: clock.now, newId },
      }
    })
    // An answer that is streamed only to be put together must be one that can be: known before anything is asked of upstream.
    if (target.stream && !facts.stream) translation()
    const headers = upstream.upstreamHeaders?.(isPassed ? call.headers : {}, parsed(sent, body), target) ?? {}
    if (sent === call.bytes && client.name !== 'openai-responses') kept = null
    return {
      requested, facts, request, upstream, client, isTranslated,
      call: {
        ...request, method: 'POST', path: upstream.path, body: sent,
        intent: facts.hasTools ? 'conversation-agent' : 'conversation-panel',
        initiator: facts.initiator, vision: facts.vision,
        headers,
        signal: call.signal, headersMs: config.upstreamFirstByteSeconds * 1_000,
      },
      answer: { facts, model: model.id, now: clock.now, newId },
      translation,
      headers: { 'x-copilot-initiator': facts.initiator, 'x-copilot-upstream': upstream.path, ...droppedHeader(ledger.lost()) },
      keep: {
        whole (response) {
          if (client.name !== 'openai-responses') return
          if (upstream === client) origins.note(account.username, response, model.id)
          responses.keep(account.username, bodyAgain(), response)
        },
        stream: (username, tidy) => client.name === 'openai-responses' ? responses.watch(username, bodyAgain(), upstream === client ? origins.watch(username, model.id, tidy) : tidy) : tidy,
      },
    }
  }

  function readPrompt (dialect: Dialect, body: JsonObject, ledger: Ledger, username: string): Prompt {
    const prompt = dialect.decodeRequest(body, ledger)
    return { ...prompt, turns: reasoning.restore(username, normaliseTurns(prompt.turns)) }
  }

  /** Before saying no: what is known may be an old list. */
  async function lookUp (requested: string, request: ModelRequest): Promise<ResolvedModel> {
    const list = await models.list(request, 60_000)
    const second = resolveModel(requested, list, config.modelAliases)
    if (second === null) throw modelNotFound(requested, list)
    return second
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

/** For a figure that is only shown until the real one comes: four bytes a token, and a picture or a page by the piece. */
export function estimateInput (bytes: number, { turns }: Pick<Prompt, 'turns'>): number {
  let inline = 0
  let pieces = 0
  for (const { blocks } of turns) {
    for (const block of blocks.flatMap((each): readonly Block[] => each.type === 'tool-result' ? each.blocks : [each])) {
      if ((block.type !== 'image' && block.type !== 'file') || !('data' in block.source)) continue
      inline += block.source.data.length
      pieces++
    }
  }
  return Math.max(1, Math.ceil(Math.max(0, bytes - inline) / 4) + 1_600 * pieces)
}

function once<T> (make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
