// Prepares a Chat request for upstream's own Chat endpoint: sets the model and the stream flag of the plan, and removes
// state of other upstreams. `rules/` handles what Copilot refuses. Most requests need no change, so their bytes are
// sent as received.
import { isObject, type JsonObject } from '../../../json.ts'
import { atOnce, stepSize, type Steps } from '../../../steps.ts'
import { fits, isCarrier, unpackCarrier } from '../../shared/carrier.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { hasThoughts } from '../wire-reasoning.ts'
import { carrierSeparator } from '../wire.ts'

/** The body as upstream requires it, or null if nothing has to change. */
export function prepare (body: JsonObject, target: Target, ledger: Pick<Ledger, 'lose'>): JsonObject | null {
  return atOnce(prepareInSteps(body, target, ledger))
}

export function* prepareInSteps (
  body: JsonObject,
  target: Target,
  ledger: Pick<Ledger, 'lose'>,
): Steps<JsonObject | null> {
  const changes: JsonObject = {}
  if (body['model'] !== target.id) changes['model'] = target.id
  if (!target.stream && (body['stream'] === true || (!target.streams && (body['stream_options'] ?? null) !== null))) {
    Object.assign(changes, { stream: false, stream_options: undefined })
  }
  if (target.stream && body['stream'] !== true) {
    Object.assign(changes, { stream: true, stream_options: { include_usage: true } })
  }
  const received = body['messages'] as readonly unknown[]
  const fitted: unknown[] = []
  for (const message of received) {
    if (fitted.length % stepSize === stepSize - 1) yield
    fitted.push(
      isObject(message) && message['role'] === 'assistant' && hasState(message)
        ? yield* fitReasoning(withoutThoughts(message, ledger), target, ledger)
        : message,
    )
  }
  const messages = fitted.filter(message => message !== null)
  if (messages.length !== received.length || messages.some((message, at) => message !== received[at])) {
    changes['messages'] = messages
  }
  return Object.keys(changes).length === 0 ? null : { ...body, ...changes }
}

function hasState (message: JsonObject): boolean {
  return 'reasoning_opaque' in message || 'reasoning_content' in message || 'thinking_blocks' in message
}

function withoutThoughts (message: JsonObject, ledger: Pick<Ledger, 'lose'>): JsonObject {
  if (!('thinking_blocks' in message)) return message
  if (hasThoughts(message)) ledger.lose('reasoning')
  const { thinking_blocks: _thoughts, ...rest } = message
  return rest
}

/**
 * Returns the same message if it fits, null if nothing is left of it. Upstream's own state goes back unchanged; ours is
 * unpacked or removed. `reasoning_content` is only for clients.
 */
function* fitReasoning (message: JsonObject, target: Target, ledger: Pick<Ledger, 'lose'>): Steps<JsonObject | null> {
  const { reasoning_opaque: opaque, reasoning_content: shown, ...bare } = message
  if (isCarrier(opaque)) {
    const { reasoning_text: _text, ...rest } = bare
    for (const [at, packed] of opaque.split(carrierSeparator).toReversed().entries()) {
      if (at % stepSize === stepSize - 1) yield
      const carrier = unpackCarrier(packed)
      if (carrier !== null && fits(carrier, ['c'], target.id)) return { ...rest, ...carrier.item }
    }
    ledger.lose('reasoning')
    return isEmpty(rest) ? null : rest
  }
  if (!('reasoning_content' in message)) return message
  if (typeof opaque === 'string' && opaque !== '') {
    const text = bare['reasoning_text'] ?? shown
    return { ...bare, ...(typeof text === 'string' && text !== '' ? { reasoning_text: text } : {}),
      reasoning_opaque: opaque }
  }
  if (typeof shown === 'string' && shown !== '') ledger.lose('reasoning_content')
  return { ...bare, ...('reasoning_opaque' in message ? { reasoning_opaque: opaque } : {}) }
}

function isEmpty ({ content, tool_calls: calls, function_call: call, refusal }: JsonObject): boolean {
  const isNothing = (value: unknown) =>
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  return [content, calls, call, refusal].every(isNothing)
}
