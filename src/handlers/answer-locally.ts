// Answers a request for zero tokens without asking upstream: the answer is empty and complete.
import type { Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import { createLedger } from '../dialects/contract/ledger.ts'
import { collectAnswer } from '../relay/collect.ts'
import { emptyAnswer } from '../relay/empty-answer.ts'
import { estimateInput } from '../relay/estimate-input.ts'
import { eventStreamHeaders } from '../relay/stream.ts'
import { streamWhole } from '../relay/translate.ts'
import { defaultModel } from '../rules/model-names.ts'
import { inTurns } from '../steps.ts'
import { newId } from './plan-answer.ts'
import type { Asked } from './read-request.ts'
import { json } from './reply.ts'

export const nothingUsed = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, nanoCredits: 0 }

export function createLocalAnswer (
  { clock }: Pick<Core, 'clock'>,
  client: ClientDialect,
): (asked: Asked) => Promise<Reply> {
  return async ({ call, body, facts }) => {
    const model = facts.model ?? defaultModel
    const prompt = await inTurns(
      client.decodeInSteps(body, createLedger({ strict: false, model, upstream: client.name })),
    )
    const encode = { prompt, facts, model, inputEstimate: await inTurns(estimateInput(call.bytes.length, prompt)),
      now: clock.now, newId }
    const parts = emptyAnswer(model, nothingUsed)
    const headers = client.replyHeaders?.(call.id) ?? {}
    return facts.stream
      ? { status: 200, headers: { ...eventStreamHeaders, ...headers }, body: streamWhole(parts, { client, encode }) }
      : json(200, client.encodeAnswer(collectAnswer(parts), encode), headers)
  }
}
