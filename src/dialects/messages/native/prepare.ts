// Prepares a Messages request for upstream's own Messages endpoint: sets the model and the stream flag of the plan, and
// removes what only Anthropic's own service runs, and our own state. `rules/` handles what Copilot refuses. If nothing
// has to change, the bytes are sent as received. `docs/spec/translation.md#same-dialect`.
import { isObject, type JsonObject } from '../../../json.ts'
import { atOnce, type Steps } from '../../../steps.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { fitMessages } from './prepare-messages.ts'
import { fitTools } from './prepare-tools.ts'
import { isBilling, textOnly } from '../request/decode-system.ts'
import { list, mapSame, text } from '../wire.ts'

export function prepare (body: JsonObject, target: Target, ledger: Ledger): JsonObject | null {
  return atOnce(prepareInSteps(body, target, ledger))
}

export function* prepareInSteps (body: JsonObject, target: Target, ledger: Ledger): Steps<JsonObject | null> {
  const changes: JsonObject = {}
  const set = (name: string, value: unknown): void => {
    if (body[name] !== value) changes[name] = value
  }
  set('model', target.id)
  if ((body['stream'] === true) !== target.stream) changes['stream'] = target.stream
  set('system', fitSystem(body['system'], ledger))
  const { tools } = body
  const offered = Array.isArray(tools) ? fitTools(tools as unknown[], body['tool_choice'], ledger) : []
  yield
  if (Array.isArray(tools)) set('tools', offered)
  set('messages',
    yield* fitMessages(list(body['messages']), { target, ledger,
      tools: new Set(offered.filter(isObject).map(tool => text(tool['name']))) }))
  // The older form of `output_config.format`.
  const output = isObject(body['output_config']) ? body['output_config'] : {}
  if (isObject(body['output_format'])) {
    Object.assign(changes, { output_format: undefined,
      output_config: { ...output, format: output['format'] ?? body['output_format'] } })
  }
  return Object.keys(changes).length === 0 ? null : { ...body, ...changes }
}

/** A system prompt that is a string stays a string. */
function fitSystem (system: unknown, ledger: Ledger): unknown {
  if (typeof system === 'string') {
    const kept = isBilling({ type: 'text', text: system })
      ? system.slice(system.indexOf('\n') + 1 || system.length)
      : system
    return kept.trim() === '' ? undefined : kept
  }
  if (!Array.isArray(system)) return system
  const raw = system as unknown[]
  const texts = raw.every(block => !isObject(block) || block['type'] === 'text')
    ? raw
    : textOnly(raw.filter(isObject), ledger)
  return mapSame(texts, block => isObject(block) && isBilling(block) ? null : block)
}
