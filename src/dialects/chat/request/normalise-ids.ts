// Adds missing ids to calls and results. Some editors leave out ids, because each result follows its call. Upstream
// requires them on both. docs/spec/translation.md#cursor
import { isObject, type JsonObject } from '../../../json.ts'

/** Returns the same list if every call and result has an id or has no partner. Linear in the messages. */
export function withIds (messages: readonly unknown[]): readonly unknown[] {
  if (!messages.some(lacksId)) return messages
  const out = [...messages]
  for (let at = 0; at < out.length; at++) {
    const message = out[at]
    if (!isObject(message) || callsOf(message).length === 0) continue
    let end = at + 1
    while (isResult(out[end])) end++
    pair(out, at, end)
    at = end - 1
  }
  return out
}

/** The message at `from` has calls, and the messages from there to `end` are their results. */
function pair (messages: unknown[], from: number, end: number): void {
  const asking = messages[from] as JsonObject
  const calls = callsOf(asking)
  const called = new Set(calls.map(call => call['id']).filter(isId))
  const results = messages.slice(from + 1, end) as JsonObject[]
  const answered = new Set(results.map(result => result['tool_call_id']).filter(isId))
  // A result may have an id that its call lacks.
  const spare = results.map(result => result['tool_call_id']).filter(isId).filter(id => !called.has(id)).values()
  const ids = calls.map(({ id }, index) => isId(id) ? id : spare.next().value ?? `call_${from}_${index}`)
  if (calls.some(call => !isId(call['id']))) {
    messages[from] = { ...asking, tool_calls: calls.map((call, index) => ({ ...call, id: ids[index] })) }
  }
  const open = ids.filter(id => !answered.has(id)).values()
  for (const [index, result] of results.entries()) {
    if (isId(result['tool_call_id'])) continue
    const id = open.next().value
    if (id !== undefined) messages[from + 1 + index] = { ...result, tool_call_id: id }
  }
}

function callsOf ({ tool_calls: calls }: JsonObject): readonly JsonObject[] {
  return Array.isArray(calls) && calls.every(isObject) ? calls : []
}

function isResult (message: unknown): message is JsonObject {
  return isObject(message) && message['role'] === 'tool'
}

function isId (id: unknown): id is string {
  return typeof id === 'string' && id !== ''
}

function lacksId (message: unknown): boolean {
  return isObject(message)
    && (message['role'] === 'tool' ? !isId(message['tool_call_id']) : callsOf(message).some(call => !isId(call['id'])))
}
