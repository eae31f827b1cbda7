// Tool results on Chat: their names, their media, and the ids of Kimi's calls.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapField, text } from './fields.ts'
import { isGemini, isKimi, kimiCallPrefix } from './model-facts.ts'
import type { Rule } from './rule.ts'
import { toolName } from './tool-wire.ts'

export const chatResults: readonly Rule[] = [{
  id: 'chat-result-names',
  what: 'A result of a tool gets the name of its call.',
  models: 'Gemini',
  applies: isGemini,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'live', reference: 'github/app#2894' },
  answers: [/Tool name is required/],
  apply: nameResults,
}, {
  id: 'chat-result-media',
  what: "Images and files in a tool's result go into a user's message behind it.",
  models: 'all',
  applies: () => true,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: 'OpenAI: "Image URLs are only allowed for messages with role \'user\'"' },
  answers: [/only allowed for messages with role 'user'/],
  apply: moveMedia,
}, {
  id: 'chat-call-ids-kimi',
  what: 'Ids of calls are `functions.NAME:I` (`NAME:I` for k3), where I counts the calls of the conversation.',
  models: 'Kimi',
  applies: isKimi,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts' },
  apply (body, { target }) {
    const prefix = kimiCallPrefix(target)
    const ids = new Map<unknown, string>()
    let count = 0
    return mapField(body, 'messages', message => {
      const named = mapField(message, 'tool_calls', call => {
        const id = `${prefix}${toolName(call)}:${count++}`
        ids.set(call['id'], id)
        return call['id'] === id ? call : { ...call, id }
      })
      const known = message['role'] === 'tool' ? ids.get(message['tool_call_id']) : undefined
      return known === undefined || known === message['tool_call_id'] ? named : { ...named, tool_call_id: known }
    })
  },
}]

/** The latest call with an id counts, because some models number their calls from zero in each turn. */
function nameResults (body: JsonObject): JsonObject {
  const names = new Map<unknown, string>()
  return mapField(body, 'messages', message => {
    for (const call of list(message['tool_calls'])) if (isObject(call)) names.set(call['id'], toolName(call))
    const name = names.get(message['tool_call_id']) ?? ''
    return message['role'] === 'tool' && text(message['name']) === '' && name !== '' ? { ...message, name } : message
  })
}

const isMedia = (part: unknown): part is JsonObject =>
  isObject(part) && (part['type'] === 'image_url' || part['type'] === 'file')
const hasMedia = (message: unknown): message is JsonObject =>
  isObject(message) && message['role'] === 'tool' && list(message['content']).some(isMedia)

/** Puts media after all results of a round, so that the results stay next to their calls. */
function moveMedia (body: JsonObject): JsonObject {
  const messages = list(body['messages'])
  if (!messages.some(hasMedia)) return body
  const out: unknown[] = []
  let moved: JsonObject[] = []
  const flush = (): void => {
    if (moved.length > 0) out.push({ role: 'user', content: moved })
    moved = []
  }
  for (const message of messages) {
    if (!isObject(message) || message['role'] !== 'tool') flush()
    if (!hasMedia(message)) {
      out.push(message)
      continue
    }
    const parts = list(message['content'])
    moved.push({ type: 'text', text: `[Attachment of tool call ${text(message['tool_call_id'])}]` })
    for (const part of parts) if (isMedia(part)) moved.push(part)
    const texts = parts.filter(part => !isMedia(part))
    out.push({ ...message, content: texts.length > 0 ? texts : '[image attached below]' })
  }
  flush()
  return { ...body, messages: out }
}
