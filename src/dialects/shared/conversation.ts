// Identifies a conversation in any dialect: by the client's own session field, or by the beginning of the conversation.
// It reads only a bounded part of the beginning, so it costs the same for a body of 8 MiB.
// docs/spec/copilot.md#interaction: Copilot keys its prompt cache on one id for each conversation.
import type { ReceivedHeaders } from '../../contract.ts'
import { isObject, type JsonObject } from '../../json.ts'

/** The headers of Claude Code, Codex (newer, older) and opencode. */
const sessionHeaders = ['x-claude-code-session-id', 'session-id', 'session_id', 'thread-id', 'conversation_id',
  'x-opencode-session', 'x-session-id']
const maxSessionLength = 512
const maxTextLength = 4_096
/** Turns and blocks before the first answer; more add nothing new. */
const maxPieces = 64
/** Claude Code's billing line, which changes with every request. */
const billing = 'x-anthropic-billing-header:'

/** The same text for every request of a conversation, in any dialect. */
export function conversationKey (body: JsonObject, headers: ReceivedHeaders): string {
  const session = sessionOf(body, headers)
  return session === null ? `begins ${beginningOf(body)}` : `session ${session.slice(0, maxSessionLength)}`
}

function sessionOf ({ prompt_cache_key: key, metadata }: JsonObject, headers: ReceivedHeaders): string | null {
  if (typeof key === 'string' && key !== '') return key
  const named = isObject(metadata) && typeof metadata['user_id'] === 'string'
    ? sessionInUserId(metadata['user_id'])
    : null
  return named ?? sessionHeaders.map(name => headers[name]).find(value => value !== undefined && value !== '') ?? null
}

/**
 * Claude Code writes `{…,"session_id":"…"}` or `user_…_session_…`. Any other user id is the same in all conversations.
 */
function sessionInUserId (id: string): string | null {
  return /(?:"session_id" *: *"|_session_)([\w-]{8,128})/.exec(id.slice(0, 1_024))?.[1] ?? null
}

function beginningOf (body: JsonObject): string {
  const system = createText()
  const user = createText()
  system.add(body['system'])
  system.add(body['instructions'])
  system.add(partsOf(body['systemInstruction'] ?? body['system_instruction']))
  if (typeof body['input'] === 'string') user.add(body['input'])
  for (const turn of listOf(body['messages'] ?? body['input'] ?? body['contents']).slice(0, maxPieces)) {
    if (!isObject(turn)) continue
    const { role, content = partsOf(turn) } = turn
    if (role === 'system' || role === 'developer') system.add(content)
    else if (role === 'user') user.add(content)
    else if (role !== undefined || (turn['type'] !== 'additional_tools' && turn['type'] !== 'configuration_update')) {
      break
    }
  }
  return `${system.text().length} ${system.text()}${user.text()}`
}

/** Of Google's contents. */
function partsOf (content: unknown): unknown {
  return isObject(content) ? content['parts'] : undefined
}

function createText () {
  let text = ''
  const take = (piece: unknown): void => {
    if (typeof piece === 'string' && piece !== '' && !piece.startsWith(billing)) {
      text = (text === '' ? piece.slice(0, maxTextLength) : `${text}\n${piece.slice(0, maxTextLength)}`).slice(0,
        maxTextLength)
    }
  }
  return {
    text: () => text,
    add (content: unknown): void {
      if (text.length >= maxTextLength) return
      if (typeof content === 'string') return take(content)
      for (const block of listOf(content).slice(0, maxPieces)) if (isObject(block)) take(block['text'])
    },
  }
}

function listOf (value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
