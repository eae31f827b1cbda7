// Answers a client that sends the beginning of a conversation ahead: with an id, without asking upstream.
import type { Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import type { WarmUp } from '../dialects/contract/warm-up.ts'
import { eventStreamHeaders } from '../relay/stream.ts'
import { defaultModel } from '../rules/model-names.ts'
import { accountOf } from './api-body.ts'
import { newId } from './plan-answer.ts'
import type { Asked } from './read-request.ts'
import { json } from './reply.ts'

export function createWarmUpAnswer (
  { responses, clock }: Pick<Core, 'responses' | 'clock'>,
  client: ClientDialect,
): (asked: Asked, warmUp: WarmUp) => Reply {
  return ({ call, body, length, facts }, warmUp) => {
    const response = warmUp.response(body, facts.model ?? defaultModel, newId, clock.now())
    client.rememberResponse?.(body, length, responses(accountOf(call).owner))?.(response)
    return facts.stream
      ? { status: 200, headers: eventStreamHeaders, body: warmUp.stream(response) }
      : json(200, response)
  }
}
