// POST /v1/responses/input_tokens: this proxy's own count, since Copilot has no such route. Nothing is sent to Copilot.
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Dialect } from '../dialects/contract/dialect.ts'
import { createLedger } from '../dialects/contract/ledger.ts'
import { GatewayError } from '../errors.ts'
import { inTurns } from '../steps.ts'
import { countPrompt } from '../usage/prompt-tokens.ts'
import { createTokenCounter } from '../usage/token-counter.ts'
import { accountOf, readApiBodyInTurns } from './api-body.ts'
import { json } from './reply.ts'

/** The header `x-token-count` names the source of the count: `tokenizer` or `estimate`. */
export function countInputTokens ({ responses, tokenizer, countGate }: Core, dialect: Dialect): Handler {
  const countText = createTokenCounter(tokenizer)

  return async call => {
    const { username } = accountOf(call)
    const leave = countGate.enterAtOnce(username) ?? await countGate.enter(username, call.signal)
    try {
      return await count(call)
    } finally {
      leave()
    }
  }

  async function count (call: Call): Promise<Reply> {
    const received = await readApiBodyInTurns(call)
    const { input = null } = received
    if (input !== null && typeof input !== 'string' && !Array.isArray(input)) {
      throw new GatewayError('invalid_request', '`input` must be a text or an array.', { param: 'input' })
    }
    const { body } = dialect.resolveReferences?.(received, responses(accountOf(call).username)) ?? { body: received }
    const ledger = createLedger({ strict: false, model: 'any', upstream: dialect.name })
    const { tokens, by } = await countPrompt(await inTurns(dialect.decodeInSteps(body, ledger)), countText)
    return json(200, { object: 'response.input_tokens', input_tokens: tokens }, { 'x-token-count': by })
  }
}
