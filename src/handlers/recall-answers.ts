// Brings the earlier answers that a body refers to into this process, if another one made them.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { accountOf } from './api-body.ts'

/** Null if nothing is missing. Never rejects. */
export type RecallAnswers = (call: Call, dialect: ClientDialect, body: JsonObject) =>
  | Promise<void>
  | null

/** @param core `responses`: those of the connection */
export function createAnswerRecall ({ hot, responses }: Pick<Core, 'hot' | 'responses'>): RecallAnswers {
  return (call, dialect, body) => {
    if (hot === null || hot.engine.isAlone()) return null
    const account = accountOf(call)
    hot.outbox.meet(account)
    const references = dialect.referencesOf?.(body) ?? null
    return references === null ? null : hot.recall.responses(account, references, responses(account.owner))
  }
}
