// POST /v1/chat/completions, for models that upstream serves there: checked, relayed, mended where Copilot's answers
// break the dialect, and not touched anywhere else.
import { createChatTidy, inspectChat, openAiChat, prepareChat, tidyCompletion, toChunks } from '../dialects/openai-chat/index.ts'
import { readUsage } from '../dialects/openai-chat/usage.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { isObject } from '../json.ts'
import { droppedHeader, passedHeaders } from '../relay/headers.ts'
import { defaultModel, modelNotFound, resolveModel, type ResolvedModel } from '../relay/resolve-model.ts'
import { streamReply, type Opened } from '../relay/stream.ts'
import type { CopilotCall } from '../upstream/copilot.ts'
import { toStreamError, toUpstreamError } from '../upstream/errors.ts'
import { readAccountType } from '../upstream/hosts.ts'
import type { ModelRequest } from '../upstream/models.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import { accountOf, readApiBody } from './api-body.ts'

const path = '/chat/completions'
const maxAnswerBytes = 32 * 1_048_576

export function chatCompletions (core: Core): Handler {
  const { config, copilot, models, tally, clock, log } = core
  const newId = () => crypto.randomUUID().replaceAll('-', '')

  return async call => {
    const account = accountOf(call)
    const body = readApiBody(call)
    const request = inspectChat(body)
    const modelRequest: ModelRequest = { account, accountType: readAccountType(call.headers['x-copilot-account-type'], config), requestId: call.id, defer: call.defer }
    const requested = request.model ?? defaultModel
    const model = await resolve(requested, modelRequest)
    const prepared = prepareChat(body, model)
    const upstreamCall: CopilotCall = {
      ...modelRequest,
      method: 'POST', path,
      body: prepared.body === null ? call.bytes : JSON.stringify(prepared.body),
      intent: request.hasTools ? 'conversation-agent' : 'conversation-panel',
      initiator: request.initiator, vision: request.vision,
      signal: call.signal, headersMs: config.upstreamFirstByteSeconds * 1_000,
    }
    const headers = { 'x-copilot-initiator': request.initiator, 'x-copilot-upstream': path, ...droppedHeader(prepared.dropped) }
    const count = (usage: ReturnType<typeof readUsage>) => { tally.add(account.username, model.id, usage) }
    const tidyOptions = { model: model.id, n: request.n, now: clock.now, newId, includeUsage: request.includeUsage }

    if (!request.stream) {
      const response = await send(upstreamCall, requested, modelRequest)
      const answer = await readAnswer(response)
      count(readUsage(answer))
      return {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers, ...passedHeaders(response.headers) },
        body: JSON.stringify(tidyCompletion(answer, tidyOptions)),
      }
    }
    return streamReply({
      dialect: openAiChat, headers, signal: call.signal,
      heartbeatMs: config.heartbeatSeconds * 1_000, idleMs: config.upstreamIdleSeconds * 1_000,
      open: async (): Promise<Opened> => {
        const response = await send(upstreamCall, requested, modelRequest)
        const passed = passedHeaders(response.headers)
        if (response.headers['content-type']?.includes('text/event-stream') === true) return { headers: passed, body: response.body, tidy: createChatTidy(tidyOptions) }
        const answer = await readAnswer(response)
        count(readUsage(answer))
        return { headers: passed, text: toChunks(tidyCompletion(answer, tidyOptions), request.includeUsage) }
      },
      onEnd (error, tidy) {
        if (tidy !== null) count(tidy.usage())
        if (error !== null) logEnd(call, error)
      },
    })
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
  async function send (upstreamCall: CopilotCall, requested: string, request: ModelRequest): Promise<UpstreamResponse> {
    const response = await copilot(upstreamCall)
    if (response.status === 200) return response
    const error = toUpstreamError(response, await readExcerpt(response, 65_536))
    throw error.code === 'model_not_supported' ? await explain(error, requested, request) : error
  }

  /** Copilot says "not supported" of a model it does not know and of one this seat may not use: tell which. */
  async function explain (error: GatewayError, requested: string, request: ModelRequest): Promise<GatewayError> {
    const list = await models.list(request).catch(() => null)
    const found = list === null ? null : resolveModel(requested, list, config.modelAliases)
    if (list !== null && found === null) return modelNotFound(requested, list)
    const policy = found?.entry?.['policy']
    if (!isObject(policy) || policy['state'] === 'enabled') return error
    return new GatewayError(error, `${error.message} Its terms are not accepted for this seat yet: enable the model at github.com/settings/copilot, or ask the organisation's administrator.`, { param: 'model' })
  }

  function logEnd (call: Call, error: GatewayError): void {
    const gone = call.signal.aborted
    log[gone ? 'debug' : 'warn']({ reqId: call.id, ...(call.account === null ? {} : { user: call.account.username }), code: gone ? 'client_gone' : error.code, err: error.cause }, 'a stream ended early')
  }
}

/** @throws {GatewayError} for an error inside a 200, and for what is no answer at all */
async function readAnswer (response: UpstreamResponse) {
  const text = await readText(response, maxAnswerBytes).catch((thrown: unknown) => {
    const error = toGatewayError(thrown)
    throw error.code === 'internal' ? new GatewayError('upstream_error', 'The connection to Copilot broke in the middle of its answer.', { cause: thrown }) : error
  })
  const answer = parseObject(text)
  if (answer === null) throw new GatewayError('upstream_error', 'Copilot answered with something that is not JSON.')
  if (isObject(answer['error']) && !Array.isArray(answer['choices'])) throw toStreamError(answer['error'])
  return answer
}

