// Decodes an assistant's message of an earlier turn: its reasoning, its text, its calls. Chat has no other order.
import { isObject, parseJson, type JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { unpackCarrier } from '../../shared/carrier.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, ReasoningBlock, ToolCallBlock } from '../../contract/prompt.ts'
import { readContent, readPart } from './decode-content.ts'
import { invalid, readObject } from './decode-fields.ts'
import { hasThoughts, reasoningOf } from '../wire-reasoning.ts'
import { carrierSeparator } from '../wire.ts'

/** @param at the position of the message, which makes ids for calls of legacy functions. @throws {GatewayError} */
export function* decodeAssistant (message: JsonObject, at: number, ledger: Ledger): Steps<Block[]> {
  const path = `messages[${at}]`
  const { content, refusal, tool_calls: calls, function_call: legacy, audio } = message
  if (isObject(audio)) ledger.refuse(`${path}.audio`, 'audio')
  if (calls !== undefined && calls !== null && !Array.isArray(calls)) throw invalid(`${path}.tool_calls`, 'an array')
  return [...(yield* readReasoning(message)), ...readWords(content, `${path}.content`, ledger),
    ...(typeof refusal === 'string' && refusal !== '' ? [{ type: 'refusal', text: refusal } as const] : []),
    ...(yield* mapInSteps((calls ?? []) as readonly unknown[],
      (call, index) => readCall(readObject(call, `${path}.tool_calls[${index}]`), `${path}.tool_calls[${index}]`))),
    ...(isObject(legacy) ? [toFunctionCall(`call_fn_${at}`, legacy, `${path}.function_call`)] : [])]
}

/** One block for each carrier; the visible text goes with the first. Foreign state is dropped. */
function* readReasoning (message: JsonObject): Steps<ReasoningBlock[]> {
  const text = reasoningOf(message)
  const opaque = message['reasoning_opaque']
  const carriers = typeof opaque === 'string'
    ? (yield* mapInSteps(opaque.split(carrierSeparator), unpackCarrier)).filter(carrier => carrier !== null)
    : []
  if (carriers.length === 0) {
    return text === '' && typeof opaque !== 'string' && !hasThoughts(message)
      ? []
      : [{ type: 'reasoning', text, carrier: null }]
  }
  return carriers.map((carrier, index) => ({ type: 'reasoning', text: index === 0 ? text : '', carrier }))
}

function readWords (content: unknown, path: string, ledger: Ledger): Block[] {
  if (!Array.isArray(content)) return [...readContent(content, path, ledger)]
  return content.flatMap((part: unknown, at): readonly Block[] => {
    if (isObject(part) && part['type'] === 'refusal') {
      return typeof part['refusal'] === 'string' && part['refusal'] !== ''
        ? [{ type: 'refusal', text: part['refusal'] }]
        : []
    }
    return [readPart(readObject(part, `${path}[${at}]`), `${path}[${at}]`, ledger)].filter(block =>
      block.type !== 'text' || block.text !== ''
    )
  })
}

function readCall (call: JsonObject, path: string): ToolCallBlock {
  const { id } = call
  if (typeof id !== 'string' || id === '') throw invalid(`${path}.id`, 'the id of the call')
  if (!isObject(call['custom'])) {
    return toFunctionCall(id, readObject(call['function'], `${path}.function`), `${path}.function`)
  }
  const { name, input } = call['custom']
  if (typeof name !== 'string') throw invalid(`${path}.custom.name`, 'a string')
  return { type: 'tool-call', id, name, namespace: null, kind: 'custom', builtin: null,
    input: typeof input === 'string' ? input : '' }
}

function toFunctionCall (id: string, { name, arguments: json }: JsonObject, path: string): ToolCallBlock {
  if (typeof name !== 'string') throw invalid(`${path}.name`, 'a string')
  return { type: 'tool-call', id, name, namespace: null, kind: 'function', builtin: null, input: toObjectJson(json) }
}

/** This is history: a value that is no object is wrapped instead of refused, and an object stays as written. */
function toObjectJson (json: unknown): string {
  if (isObject(json)) return JSON.stringify(json) // Some clients send an object instead of text.
  if (typeof json !== 'string' || json.trim() === '') return '{}'
  try {
    if (isObject(parseJson(json))) return json
  } catch { /* The next line wraps it. */ }
  return JSON.stringify({ _raw: json })
}
