// The turns of a Messages request: none is empty, and system text is at the top.
import { isObject, type JsonObject } from '../json.ts'
import { list, mapSame, text, withFields } from './fields.ts'
import { takesSystemTurns } from './model-facts.ts'
import type { Rule } from './rule.ts'

const isBlank = (block: unknown): boolean =>
  isObject(block) && block['type'] === 'text' && text(block['text']).trim() === ''
const all: Pick<Rule, 'models' | 'applies' | 'when'> = { models: 'all', applies: () => true, when: 'always' }

export const messagesTurns: readonly Rule[] = [{
  ...all,
  id: 'messages-content-empty',
  what: 'Texts of white space are left out, and messages of nothing else.',
  fix: 'drop',
  loses: 'no',
  source: { mark: 'live', reference: 'Copilot: "text content blocks must be non-empty"' },
  answers: [/text content blocks must be non-empty/, /all messages must have non-empty content/],
  apply (body) {
    const messages = list(body['messages'])
    const kept = mapSame(messages, message => isObject(message) ? withContent(message) : message)
    const { system } = body
    const blocks = Array.isArray(system)
      ? mapSame(system as readonly unknown[], block => isBlank(block) ? null : block)
      : system
    // If the whole request is empty, Copilot's own error explains it best.
    return withFields(body, { ...(kept.length > 0 && kept !== messages ? { messages: kept } : {}),
      ...(blocks === system ? {} : { system: list(blocks).length === 0 ? undefined : blocks }) })
  },
}, {
  ...all,
  id: 'messages-system-turns',
  fix: 'rewrite',
  loses: 'no',
  what: '`role: "system"` before the first turn goes to `system`; the last message keeps it behind a user\'s for Opus '
    + "4.8 and version 5; any other becomes a reminder in a user's turn.",
  source: { mark: 'live', reference: 'Menci/Floway: defaults.ts' },
  answers: [/role 'system' is not supported on this model/, /Unexpected role "system"/],
  apply (body, { target }) {
    const messages = list(body['messages'])
    if (!messages.some(isSystem)) return body
    const start = messages.findIndex(message => !isSystem(message))
    const leading = messages.slice(0, Math.max(0, start)).flatMap(message =>
      blocksOf((message as JsonObject)['content'])
    )
    const rest = messages.slice(Math.max(0, start))
    const isKept = takesSystemTurns(target) && isSystem(rest.at(-1)) && isUser(rest.at(-2))
    const placed = place(isKept ? rest.slice(0, -1) : rest)
    const system = leading.length === 0 ? {} : { system: [...blocksOf(body['system']), ...leading] }
    const fitted = isKept ? [...placed, rest.at(-1)] : placed
    return fitted.length === messages.length && isKept && leading.length === 0
        && fitted.every((message, at) => message === messages[at])
      ? body
      : { ...body, ...system, messages: fitted }
  },
}]

/** Null for an empty message. */
function withContent (message: JsonObject): JsonObject | null {
  const { content } = message
  if (typeof content === 'string') return content.trim() === '' ? null : message
  if (!Array.isArray(content)) return message
  const blocks = mapSame(content as readonly unknown[],
    block => isBlank(block) ? null : isObject(block) ? withoutBlanks(block) : block)
  return blocks.length === 0 ? null : blocks === content ? message : { ...message, content: blocks }
}

function withoutBlanks (block: JsonObject): JsonObject {
  if (block['type'] !== 'tool_result' || !Array.isArray(block['content'])) return block
  const kept = mapSame(block['content'] as readonly unknown[], inner => isBlank(inner) ? null : inner)
  return kept === block['content'] ? block : { ...block, content: kept }
}

const isSystem = (message: unknown): message is JsonObject => isObject(message) && message['role'] === 'system'
const isUser = (message: unknown): message is JsonObject => isObject(message) && message['role'] === 'user'
const blocksOf = (content: unknown): readonly JsonObject[] =>
  typeof content === 'string'
    ? content.trim() === '' ? [] : [{ type: 'text', text: content }]
    : list(content).filter(isObject)
const reminder = (block: JsonObject): JsonObject => ({ ...block,
  text: `<system-reminder>\n${text(block['text'])}\n</system-reminder>` })

/** Moves each system message into the user's turn before it; otherwise into the next one, after its results. */
function place (messages: readonly unknown[]): readonly unknown[] {
  const out: unknown[] = []
  let pending: JsonObject[] = []
  /** The list of the last message, once it took in system text: our own copy, which may grow. */
  let joined: JsonObject[] | null = null
  for (const message of messages) {
    if (!isSystem(message)) {
      // Joins two user turns that only a system message separated.
      if (joined !== null && isUser(message)) {
        for (const block of blocksOf(message['content'])) joined.push(block)
        continue
      }
      out.push(pending.length > 0 && isUser(message) ? withNotes(message, pending) : message)
      if (isUser(message)) pending = []
      joined = null
      continue
    }
    const notes = blocksOf(message['content']).filter(({ type }) => type === 'text').map(reminder)
    const last = out.at(-1)
    if (!isUser(last)) {
      for (const note of notes) pending.push(note)
      continue
    }
    if (joined === null) {
      joined = [...blocksOf(last['content'])]
      out[out.length - 1] = { ...last, content: joined }
    }
    for (const note of notes) joined.push(note)
  }
  if (pending.length > 0) out.push({ role: 'user', content: pending })
  return out
}

function withNotes (message: JsonObject, notes: readonly JsonObject[]): JsonObject {
  const content = blocksOf(message['content'])
  const results = content.findLastIndex(block => block['type'] === 'tool_result') + 1
  return { ...message, content: [...content.slice(0, results), ...notes, ...content.slice(results)] }
}
