// Encrypted reasoning that a client sends back. Upstream refuses another model's, and a user may switch models in the
// middle of a conversation. State of an unknown model passes.
import { isObject, text, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { ReasoningReferences, RememberedReasoning } from '../../contract/memory.ts'

/** The body without state that another model certainly made; the same object if there is none. */
export function recallReasoning (
  body: JsonObject,
  model: string,
  { makerOf }: Pick<RememberedReasoning, 'makerOf'>,
  ledger: Pick<Ledger, 'lose'>,
): JsonObject {
  const input = body['input']
  if (!Array.isArray(input)) return body
  const lost = new Set<'reasoning' | 'compaction'>()
  const kept = input.filter(item => {
    const state = isObject(item) ? stateOf(item) : null
    const maker = state === null ? undefined : makerOf(state)
    if (maker === undefined || maker === model) return true
    lost.add(isObject(item) && item['type'] === 'compaction' ? 'compaction' : 'reasoning')
    return false
  })
  if (kept.length === input.length) return body
  for (const field of lost) ledger.lose(field)
  return { ...body, input: kept }
}

/** Reasoning stands directly before the call that it led to. */
export function reasoningInInput ({ input }: JsonObject): ReasoningReferences {
  const calls: string[] = []
  const states: string[] = []
  let before = ''
  for (const item of Array.isArray(input) ? input : []) {
    if (!isObject(item)) continue
    const state = stateOf(item)
    if (state !== null) states.push(state)
    const kind = isCall(item) ? 'call' : text(item['type'])
    if (kind === 'call' && before !== 'call' && before !== 'reasoning') calls.push(text(item['call_id']))
    before = kind
  }
  return { calls, states }
}

function isCall ({ type, call_id: id }: JsonObject): boolean {
  return typeof type === 'string' && type.endsWith('_call') && typeof id === 'string'
}

/** The encrypted state of a reasoning or compaction item; null for any other item. */
export function stateOf ({ type, encrypted_content: state }: JsonObject): string | null {
  return (type === 'reasoning' || type === 'compaction') && typeof state === 'string' ? state : null
}
