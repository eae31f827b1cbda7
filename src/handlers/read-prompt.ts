// Decodes a body of any dialect into a prompt, normalises its turns, and restores the reasoning that the client left
// out.
import type { Ledger } from '../dialects/contract/ledger.ts'
import type { Prompt } from '../dialects/contract/prompt.ts'
import { normaliseInSteps } from '../relay/normalise.ts'
import type { ReasoningMemory } from '../relay/reasoning-memory.ts'
import { offerWebTools } from '../search/offer.ts'
import type { Steps } from '../steps.ts'
import { accountOf } from './api-body.ts'
import type { Asked } from './read-request.ts'

/** @throws {GatewayError} `invalid_request`, `unsupported_parameter` */
export function* readPrompt (
  { call, dialect, body, searched }: Pick<Asked, 'call' | 'dialect' | 'body' | 'searched'>,
  reasoning: ReasoningMemory,
  ledger: Ledger,
): Steps<Prompt> {
  const decoded = yield* dialect.decodeInSteps(body, ledger)
  yield
  const prompt = searched === undefined ? decoded : offerWebTools(decoded, searched)
  const turns = yield* normaliseInSteps(prompt.turns)
  yield
  return { ...prompt, turns: yield* reasoning.restore(accountOf(call).owner, turns) }
}
