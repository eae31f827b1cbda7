// A Chat request on its way to upstream's own Chat endpoint: what is read of it, and what must change because Copilot
// refuses it. Most requests change nowhere, and then their bytes go on as they came.
import { GatewayError } from '../../errors.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { isReminder } from '../reminder.ts'

export interface ChatRequest {
  readonly model: string | null
  readonly stream: boolean
  readonly includeUsage: boolean
  /** How many choices are asked for. */
  readonly n: number
  /** Who caused it: GitHub charges for what a user asked, not for an agent's next step. */
  readonly initiator: 'user' | 'agent'
  readonly vision: boolean
  readonly hasTools: boolean
}

/** What is to be known of the model asked; see `resolveModel`. */
export interface ChatTarget { readonly id: string, readonly streams: boolean }

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspectChat (body: JsonObject): ChatRequest {
  const { model = null, stream = null, messages, n, stream_options: options } = body
  if (model !== null && !(typeof model === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model))) throw invalid('model', 'a model id')
  if (stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'true or false')
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a non-empty array')
  return {
    model: typeof model === 'string' ? model : null,
    stream: stream === true,
    includeUsage: isObject(options) && options['include_usage'] === true,
    n: typeof n === 'number' ? n : 1,
    initiator: initiatorOf(messages),
    vision: messages.some(hasImage),
    hasTools: Array.isArray(body['tools']) && body['tools'].length > 0,
  }
}

/**
 * The body with upstream's wishes met, or null when nothing has to change.
 * @returns `dropped`: names of fields that could not be carried
 */
export function prepareChat (body: JsonObject, { id, streams }: ChatTarget): { body: JsonObject | null, dropped: readonly string[] } {
  const changes: JsonObject = {}
  const dropped: string[] = []
  const given = (name: string) => body[name] !== undefined && body[name] !== null
  const drop = (names: readonly string[], isLoss: (name: string) => boolean = () => true) => {
    for (const name of names) {
      if (body[name] === undefined) continue
      changes[name] = undefined
      if (given(name) && isLoss(name)) dropped.push(name)
    }
  }
  if (body['model'] !== id) changes['model'] = id
  if (!streams && (body['stream'] === true || given('stream_options'))) Object.assign(changes, { stream: false, stream_options: undefined })
  if (!(Array.isArray(body['tools']) && body['tools'].length > 0)) drop(['tools', 'tool_choice', 'parallel_tool_calls'], () => false)
  drop(['service_tier', 'store', 'metadata'], name => body[name] !== false && body[name] !== 'auto' && body[name] !== 'default')

  const isReasoning = /^(?:o\d|gpt-5)/.test(id)
  const isOpenAi = !/^(?:claude|gemini|grok)/.test(id)
  if (isReasoning) {
    drop(['temperature', 'top_p'].filter(name => body[name] !== 1), () => true)
    if (given('max_tokens')) Object.assign(changes, { max_tokens: undefined, max_completion_tokens: body['max_completion_tokens'] ?? body['max_tokens'] })
  }
  if (!isOpenAi) {
    if (given('max_completion_tokens')) Object.assign(changes, { max_completion_tokens: undefined, max_tokens: body['max_completion_tokens'] })
    drop(['seed', 'logit_bias', 'frequency_penalty', 'presence_penalty', 'user', 'safety_identifier', 'prompt_cache_key', 'verbosity'], name => body[name] !== 0)
  }
  const messages = (body['messages'] as unknown[]).map((message, at, all) => fitMessage(message, id, isOpenAi, at === all.length - 1))
  if (messages.some((message, at) => message !== (body['messages'] as unknown[])[at])) changes['messages'] = messages

  return { body: Object.keys(changes).length === 0 ? null : { ...body, ...changes }, dropped }
}

/** The very same message when it fits. */
function fitMessage (message: unknown, id: string, isOpenAi: boolean, isLast: boolean): unknown {
  if (!isObject(message)) return message
  const { role, content } = message
  if (id.startsWith('o1') && (role === 'system' || role === 'developer')) return { ...message, role: 'user' }
  if (!isOpenAi && role === 'developer') return { ...message, role: 'system' }
  // Claude refuses a last assistant text that ends in white space.
  if (isLast && role === 'assistant' && id.startsWith('claude') && typeof content === 'string' && /\s$/.test(content)) return { ...message, content: content.trimEnd() }
  return message
}

/** The last message decides, but for notes: the system's at the end, and an agent's own inside a user's turn. */
function initiatorOf (messages: readonly unknown[]): 'user' | 'agent' {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]
    const role = isObject(message) ? message['role'] : undefined
    if (role === 'system' || role === 'developer') continue
    if (role === 'user' && isObject(message) && isOnlyReminders(message['content'])) continue
    return role === 'assistant' || role === 'tool' || role === 'function' ? 'agent' : 'user'
  }
  return 'user'
}

function isOnlyReminders (content: unknown): boolean {
  if (typeof content === 'string') return isReminder(content)
  return Array.isArray(content) && content.length > 0 &&
    content.every(part => isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string' && isReminder(part['text']))
}

function hasImage (message: unknown): boolean {
  return isObject(message) && Array.isArray(message['content']) && message['content'].some(part => isObject(part) && (part['type'] === 'image_url' || part['type'] === 'image'))
}

function invalid (param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${wanted}.`, { param })
}
