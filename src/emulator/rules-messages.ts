// What POST /v1/messages refuses: fields, sampling, text and turns. Tools, caching and thinking have files of their own.
import { blocksOf } from './ask-messages.ts'
import { checkCache } from './rules-messages-cache.ts'
import { checkMessagesTools } from './rules-messages-tools.ts'
import { checkThinking } from './rules-messages-thinking.ts'
import { fields, list, text } from './json.ts'
import { refuseFlat } from './reply.ts'
import { refusesPrefill } from './model-entry.ts'
import type { Ask } from './ask.ts'
import type { Fields } from './json.ts'
import type { Reply } from './reply.ts'
import type { World } from './world.ts'

const known = new Set(['model', 'messages', 'system', 'max_tokens', 'stop_sequences', 'stream', 'temperature', 'top_p', 'top_k', 'thinking', 'output_config',
  'tools', 'tool_choice', 'metadata', 'context_management'])
const betas = /^(?:interleaved-thinking|context-management|advanced-tool-use)-\d{4}-\d{2}-\d{2}$/

export function checkMessages (world: World, ask: Ask): Reply | null {
  const body = fields(ask.request.json)
  const problem = checkBeta(world, ask, body) ?? checkFields(world, body) ?? checkCache(world, body) ?? checkTokens(world, ask, body)
    ?? checkThinking(world, ask, body) ?? checkSampling(world, body) ?? checkTurns(world, ask, body) ?? checkMessagesTools(world, body)
  return problem === null ? null : refuseFlat(problem)
}

function checkBeta ({ strict }: World, { request }: Ask, body: Fields): string | null {
  const header = request.headers['anthropic-beta']
  const sent = header === undefined ? [] : header.split(',').map(beta => beta.trim())
  const unknown = sent.filter(beta => !betas.test(beta))
  if (strict.messagesBeta && unknown.length > 0) return `Unexpected value(s) ${unknown.map(beta => `\`${beta}\``).join(', ')} for the \`anthropic-beta\` header.`
  const managed = body.context_management !== undefined && !sent.some(beta => beta.startsWith('context-management-'))
  return strict.messagesBeta && managed ? 'context_management: Extra inputs are not permitted' : null
}

function checkFields ({ strict }: World, body: Fields): string | null {
  const extra = Object.keys(body).find(name => !known.has(name))
  if (strict.messagesFields && extra !== undefined) return `${extra}: Extra inputs are not permitted`
  return list(body.messages).length === 0 ? 'messages: at least one message is required' : null
}

function checkTokens ({ strict }: World, { model: { capabilities: { limits = {} } } }: Ask, body: Fields): string | null {
  if (!strict.messagesMaxTokens) return null
  if (typeof body.max_tokens !== 'number') return 'max_tokens: Field required'
  const most = limits.max_output_tokens ?? Infinity
  if (body.max_tokens > most) return `max_tokens: ${body.max_tokens} > ${most}, which is the maximum allowed number of output tokens`
  const whole = limits.max_non_streaming_output_tokens ?? 16_000
  return body.stream !== true && body.max_tokens > whole ? `max_tokens: ${body.max_tokens} > ${whole}: streaming is required` : null
}

function checkSampling ({ strict }: World, body: Fields): string | null {
  if (!strict.messagesSampling) return null
  if (body.temperature !== undefined && body.top_p !== undefined) return '`temperature` and `top_p` cannot both be specified for this model. Please use only one.'
  const thinks = ['enabled', 'adaptive'].includes(text(fields(body.thinking).type))
  return thinks && body.temperature !== undefined && body.temperature !== 1 ? '`temperature` may only be set to 1 when thinking is enabled.' : null
}

function checkTurns ({ strict }: World, { model }: Ask, body: Fields): string | null {
  const messages = list(body.messages).map(fields)
  const system = blocksOf(body.system ?? [])
  if (strict.messagesText) {
    if (system.some(isEmpty)) return 'system: text content blocks must be non-empty'
    for (const [index, { content, role }] of messages.entries()) {
      if (role !== 'user' && role !== 'assistant') return `messages.${index}.role: Input should be 'user' or 'assistant'`
      if (content === '' || (Array.isArray(content) && content.length === 0)) return `messages.${index}: all messages must have non-empty content`
      const nested = blocksOf(content).flatMap(block => [block, ...(block.type === 'tool_result' && Array.isArray(block.content) ? blocksOf(block.content) : [])])
      if (nested.some(isEmpty)) return 'messages: text content blocks must be non-empty'
    }
  }
  if (!strict.prefill || messages.at(-1)?.role !== 'assistant') return null
  if (refusesPrefill(model)) return 'This model does not support assistant message prefill. The conversation must end with a user message.'
  const last = text(blocksOf(messages.at(-1)?.content).at(-1)?.text)
  return /\s$/.test(last) ? 'messages: final assistant content cannot end with trailing whitespace' : null
}

function isEmpty (block: Fields): boolean {
  return block.type === 'text' && text(block.text).trim() === ''
}
