// `system`, and messages of the system in mid-conversation. `translation.md` 2.3.
import type { JsonObject } from '../../json.ts'
import { blocksOf, isEmptyText, text, versionOf } from './wire.ts'

const billing = 'x-anthropic-billing-header:'

/** Claude Code's billing line changes with every request: left in, no prompt would ever be found in a cache. */
export function isBilling (block: JsonObject): boolean {
  return block['type'] === 'text' && text(block['text']).startsWith(billing)
}

/** The blocks of `system` that say something. */
export function readSystem (system: unknown): JsonObject[] {
  const blocks = typeof system === 'string' && system.startsWith(billing) ? blocksOf(system.slice(system.indexOf('\n') + 1 || system.length)) : blocksOf(system)
  return blocks.filter(block => block['type'] === 'text' && !isEmptyText(block) && !isBilling(block))
}

/** Opus 4.8 was the first to take them; others answer 400. */
export function takesSystemTurns (id: string): boolean {
  const version = versionOf(id)
  return version >= 5 || (version >= 4.8 && id.startsWith('claude-opus'))
}

/** For models that do not: a note in the user's turn, which agents and models know as the system's. */
export function toReminder (said: string): string {
  return `<system-reminder>\n${said}\n</system-reminder>`
}

export interface Message { readonly role: string, readonly content: readonly JsonObject[] }

/**
 * Messages with each of the system's in the neighbouring user turn, or, where the model takes them, behind it.
 * Only system messages are touched, and the turns that take them in; results stay in front.
 */
export function placeSystemTurns (messages: readonly Message[], takesSystem: boolean): Message[] {
  const out: Message[] = []
  /** Notes that wait for the next user turn, since none has gone before. */
  let pending: JsonObject[] = []
  const put = (message: Message): void => {
    if (pending.length > 0 && message.role === 'user') {
      const results = message.content.findLastIndex(block => block['type'] === 'tool_result') + 1
      message = { ...message, content: [...message.content.slice(0, results), ...pending, ...message.content.slice(results)] }
      pending = []
    }
    out.push(message)
  }
  for (const message of messages) {
    if (message.role !== 'system') {
      put(message)
      continue
    }
    const last = out.at(-1)
    const said = message.content.filter(block => block['type'] === 'text' && !isEmptyText(block))
    if (said.length === 0) continue
    if (takesSystem && last?.role === 'user') {
      out.push({ role: 'system', content: said })
      continue
    }
    const notes = said.map(block => ({ ...block, text: toReminder(text(block['text'])) }))
    if (last?.role === 'user') out[out.length - 1] = { ...last, content: [...last.content, ...notes] }
    else pending.push(...notes)
  }
  if (pending.length > 0) put({ role: 'user', content: [] })
  return out
}
