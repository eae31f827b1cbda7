// POST /v1/messages/count_tokens: upstream's own count if there is one, otherwise this proxy's count, marked as such.
import { LRUCache } from 'lru-cache'
import { autoId } from '../auto-model.ts'
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Dialect } from '../dialects/contract/dialect.ts'
import { createLedger } from '../dialects/contract/ledger.ts'
import { writeJsonInTurns } from '../json-writer.ts'
import { modelNotFound, resolveModel } from '../relay/resolve-model.ts'
import { pathsOf, toTarget } from '../relay/target.ts'
import { inTurns } from '../steps.ts'
import type { ModelList, ModelRequest } from '../upstream/models.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import { UpstreamUnreachable } from '../upstream/send.ts'
import { countPrompt } from '../usage/prompt-tokens.ts'
import { createTokenCounter } from '../usage/token-counter.ts'
import { accountOf, readApiBodyInTurns, seatRequest } from './api-body.ts'
import { behindCountGate } from './behind-gate.ts'
import { assertModelAllowed, defaultModelFor } from './key-rights.ts'
import { json } from './reply.ts'

const path = '/v1/messages/count_tokens'
const absentForMs = 24 * 3_600_000

/** The header `x-token-count` names the source of the count: `upstream`, `tokenizer` or `estimate`. */
export function countTokens (
  { config, copilot, models, clock, tokenizer, countGate }: Core,
  messages: Dialect,
): Handler {
  const countText = createTokenCounter(tokenizer)
  /** Hosts without this route, and how long that is remembered. */
  const absent = new LRUCache<string, number>({ max: 1_000 })

  return behindCountGate({ countGate }, count)

  /** Counting does not need upstream: without a connection the result is an estimate. */
  async function known (request: ModelRequest): Promise<ModelList | null> {
    try {
      return await models.planned(request)
    } catch (thrown) {
      if (thrown instanceof UpstreamUnreachable) return null
      throw thrown
    }
  }

  async function count (call: Call): Promise<Reply> {
    const account = accountOf(call)
    const body = await readApiBodyInTurns(call)
    const facts = messages.inspect(body)
    const request = seatRequest(call, config)
    const list = await known(request)
    const requested = facts.model ?? defaultModelFor(account, list, config.modelAliases)
    const model = resolveModel(requested, list, config.modelAliases)
    if (model === null) throw modelNotFound(requested, list)
    assertModelAllowed(account, model.id)

    const host = `${account.seatId}:${request.accountType ?? ''}`
    if (model.id !== autoId && pathsOf(model).includes(messages.path) && clock.monotonic() >= (absent.get(host) ?? 0)) {
      const counted = await ask()
      if (counted !== null) {
        return json(200, { input_tokens: counted }, { 'x-token-count': 'upstream',
          ...messages.replyHeaders?.(call.id) })
      }
    }
    const ledger = createLedger({ strict: false, model: requested, upstream: messages.name })
    const { tokens, by } = await countPrompt(await inTurns(messages.decodeInSteps(body, ledger)), countText)
    return json(200, { input_tokens: tokens }, { 'x-token-count': by, ...messages.replyHeaders?.(call.id) })

    /** Null if upstream has no such route, or failed: then this proxy counts. */
    async function ask (): Promise<number | null> {
      if (model === null) return null
      const ledger = createLedger({ strict: false, model: requested, upstream: messages.name })
      const target = toTarget(model, false)
      const { max_tokens: _max, stream: _stream, ...counted } =
        (await inTurns(messages.prepareInSteps(body, target, ledger))) ?? body
      try {
        const response = await copilot({
          ...request,
          method: 'POST',
          path,
          body: await writeJsonInTurns(counted),
          intent: 'conversation-panel',
          initiator: 'agent',
          vision: facts.vision,
          signal: call.signal,
          headersMs: 10_000,
        })
        if (response.status === 404) absent.set(host, clock.monotonic() + absentForMs)
        const answer = response.status === 200
          ? parseObject(await readText(response, 65_536))
          : await readExcerpt(response, 4_096).then(() => null)
        return typeof answer?.['input_tokens'] === 'number' ? answer['input_tokens'] : null
      } catch (thrown) {
        if (call.signal.aborted) throw thrown
        return null
      }
    }
  }
}
