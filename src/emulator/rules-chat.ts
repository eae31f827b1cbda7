// What POST /chat/completions refuses.
import { limitOf } from './ask.ts'
import { contentText } from './ask-chat.ts'
import { fields, list, text } from './json.ts'
import { isReasoning, refusesPrefill, styleOf } from './model-entry.ts'
import { refuse } from './reply.ts'
import type { Ask } from './ask.ts'
import type { Fields } from './json.ts'
import type { Reply } from './reply.ts'
import type { World } from './world.ts'

export function checkChat (world: World, ask: Ask): Reply | null {
  const body = fields(ask.request.json)
  const messages = list(body.messages).map(fields)
  if (messages.length === 0) return invalid("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.")
  return checkFields(world, ask, body) ?? checkTools(world, ask, body) ?? checkPairs(world, messages)
    ?? checkEnd(world, ask, messages) ?? checkReasoning(world, ask, messages)
}

export function invalid (message: string): Reply {
  return refuse(400, message, 'invalid_request_body')
}

function checkFields ({ strict }: World, { model }: Ask, body: Fields): Reply | null {
  if (strict.maxTokensName && isReasoning(model) && body.max_tokens !== undefined) {
    return invalid("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
  }
  const budget = body.thinking_budget
  const { min_thinking_budget: least = 0, max_thinking_budget: most = 0 } = model.capabilities.supports
  if (strict.thinkingBudget && typeof budget === 'number' && (budget < least || budget > most || budget >= (limitOf(body.max_tokens) ?? Infinity))) {
    return invalid(`Invalid 'thinking_budget': expected a value from ${least} to ${most} and below max_tokens, but got ${budget} instead.`)
  }
  const fixed = ['temperature', 'top_p'].find(name => body[name] !== undefined && body[name] !== 1)
  if (strict.sampling && isReasoning(model) && fixed !== undefined) return invalid(`Unsupported value: '${fixed}' does not support this value with this model. Only the default (1) value is supported.`)
  return null
}

function checkTools ({ strict }: World, { model }: Ask, body: Fields): Reply | null {
  if (body.tools === undefined) return null
  const tools = list(body.tools).map(fields)
  if (strict.toolCount && tools.length > 128) {
    return invalid(`Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length ${tools.length} instead.`)
  }
  if (strict.emptyTools && tools.length === 0 && styleOf(model) === 'claude') return invalid('tools: array must not be empty')
  if (strict.toolSupport && tools.length > 0 && model.capabilities.supports.tool_calls !== true) return invalid("'tools' is not supported with this model.")
  const wrong = tools.findIndex(tool => !/^[a-zA-Z0-9_-]{1,64}$/.test(text(fields(tool.function ?? tool.custom).name)))
  return strict.toolNames && wrong >= 0 ? invalid(`Invalid 'tools[${wrong}].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`) : null
}

/** Every call is followed by its results, and no result comes without its call. */
function checkPairs ({ strict }: World, messages: readonly Fields[]): Reply | null {
  if (!strict.toolPairs) return null
  let open = new Set<string>()
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(text(message.tool_call_id))) {
        return invalid(`Invalid parameter: messages[${index}] with role 'tool' must be a response to a preceding message with 'tool_calls'.`)
      }
      continue
    }
    if (open.size > 0) return unanswered(open)
    open = new Set(list(message.tool_calls).map(call => text(fields(call).id)))
  }
  return open.size > 0 ? unanswered(open) : null
}

function unanswered (open: Set<string>): Reply {
  return invalid(`An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(', ')}`)
}

function checkEnd ({ strict }: World, { model }: Ask, messages: readonly Fields[]): Reply | null {
  const last = messages.at(-1)
  if (!strict.prefill || last?.role !== 'assistant' || styleOf(model) !== 'claude') return null
  if (refusesPrefill(model)) return refuse(400, 'This model does not support assistant message prefill. The conversation must end with a user message.', 'invalid_request_body')
  return /\s$/.test(contentText(last.content)) ? invalid('messages: final assistant content cannot end with trailing whitespace') : null
}

/** Opaque reasoning state comes back whole and unchanged, or, where it may be missing, not at all. */
function checkReasoning ({ strict, memory, models }: World, { model }: Ask, messages: readonly Fields[]): Reply | null {
  const required = strict.opaqueRequired === 'all' || (strict.opaqueRequired === 'gemini' && styleOf(model) === 'gemini')
  // A call that another maker's model made was never signed by this one.
  const isOwn = (opaque: string): boolean => models.some(({ id, vendor }) => id === memory.issued.get(opaque)?.model && vendor === model.vendor)
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue
    const opaque = message.reasoning_opaque
    const owed = list(message.tool_calls).map(call => memory.opaqueOfCall.get(text(fields(call).id))).find(known => known !== undefined && isOwn(known))
    if (required && owed !== undefined && opaque === undefined) return invalid(`Function call is missing a thought_signature in messages[${index}].`)
    if (opaque === undefined || !strict.reasoningOrigin) continue
    const issued = memory.issued.get(text(opaque))
    if (issued === undefined || (owed !== undefined && owed !== opaque)) return invalid(`messages[${index}].reasoning_opaque: invalid thought signature`)
    if (issued.text !== '' && message.reasoning_text !== undefined && message.reasoning_text !== issued.text) return invalid(`messages[${index}].reasoning_text was modified`)
  }
  return null
}
