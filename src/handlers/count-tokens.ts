// POST /v1/messages/count_tokens: upstream's own count where it gives one, else a count made here, and said to be one.
import { LRUCache } from 'lru-cache'
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { createLedger } from '../dialects/ledger.ts'
import { defaultModel, modelNotFound, resolveModel } from '../relay/resolve-model.ts'
import { pathsOf, toTarget } from '../relay/target.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import { countPrompt } from '../usage/prompt-tokens.ts'
import { estimateTokens } from '../usage/token-estimate.ts'
import { accountOf, readApiBody, seatRequest } from './api-body.ts'
import { json } from './reply.ts'

const path = '/v1/messages/count_tokens'
const absentForMs = 24 * 3_600_000

/** The header `x-token-count` says whose count it is: `upstream`, `tokenizer` or `estimate`. */
export function countTokens ({ config, copilot, models, clock, tokenizer }: Core, messages: Dialect): Handler {
  /** Hosts that have no such route, and until when they are believed. */
  const absent = new LRUCache<string, number>({ max: 1_000 })

  return async call => {
    const account = accountOf(call)
    const body = readApiBody(call)
    const facts = messages.inspect(body)
    const request = seatRequest(call, config)
    const requested = facts.model ?? defaultModel
    const list = models.known(request)
    const model = resolveModel(requested, list, config.modelAliases)
    if (model === null) throw modelNotFound(requested, list)

    const host = `${account.rid}:${request.accountType ?? ''}`
    if (pathsOf(model).includes(messages.path) && clock.monotonic() >= (absent.get(host) ?? 0)) {
      const counted = await ask()
      if (counted !== null) return json(200, { input_tokens: counted }, { 'x-token-count': 'upstream', 'request-id': call.id })
    }
    const prompt = messages.decodeRequest(body, createLedger({ strict: false, model: requested, upstream: messages.name }))
    const tokens = await countPrompt(prompt, tokenizer ?? estimateTokens)
    return json(200, { input_tokens: tokens }, { 'x-token-count': tokenizer === null ? 'estimate' : 'tokenizer', 'request-id': call.id })

    /** Null when upstream has no such route, or failed: a count made here will do. */
    async function ask (): Promise<number | null> {
      if (model === null) return null
      const ledger = createLedger({ strict: false, model: requested, upstream: messages.name })
      const target = toTarget(model, false)
      const { max_tokens: _max, stream: _stream, ...counted } = messages.prepare(body, target, ledger) ?? body
      try {
        const response = await copilot({
          ...request, method: 'POST', path, body: JSON.stringify(counted), intent: 'conversation-panel', initiator: 'agent', vision: facts.vision,
          signal: call.signal, headersMs: 10_000,
        })
        if (response.status === 404) absent.set(host, clock.monotonic() + absentForMs)
        const answer = response.status === 200 ? parseObject(await readText(response, 65_536)) : await readExcerpt(response, 4_096).then(() => null)
        return typeof answer?.['input_tokens'] === 'number' ? answer['input_tokens'] : null
      } catch (thrown) {
        if (call.signal.aborted) throw thrown
        return null
      }
    }
  }
}
