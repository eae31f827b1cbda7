// Counts the tokens of a prompt without upstream, where Copilot has no route that counts.
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import { createLedger } from '../dialects/contract/ledger.ts'
import { text, type JsonObject } from '../json.ts'
import { inTurns } from '../steps.ts'
import { countPrompt } from '../usage/prompt-tokens.ts'
import { createTokenCounter } from '../usage/token-counter.ts'
import { readApiBodyInTurns } from './api-body.ts'
import { behindCountGate } from './behind-gate.ts'
import { json } from './reply.ts'

export interface CountForm {
  /** The request to count, in the body of a request for its count. */
  readonly read: (body: JsonObject, call: Call) => JsonObject | Promise<JsonObject>
  readonly write: (tokens: number) => JsonObject
}

/** The header `x-token-count` names the source of the count: `tokenizer` or `estimate`. */
export function countLocally ({ tokenizer, countGate }: Core, client: ClientDialect, form: CountForm): Handler {
  const countText = createTokenCounter(tokenizer)
  return behindCountGate({ countGate }, count)

  async function count (call: Call): Promise<Reply> {
    const request = await form.read(await readApiBodyInTurns(call), call)
    const body = client.addressed?.(request, call) ?? request
    const model = text(body['model'])
    const ledger = createLedger({ strict: false, model, upstream: client.name })
    const { tokens, by } = await countPrompt(await inTurns(client.decodeInSteps(body, ledger)), countText)
    return json(200, form.write(tokens), { 'x-token-count': by, ...client.replyHeaders?.(call.id) })
  }
}
