// The prompt cache: if the next call has the same X-Interaction-Id, Copilot finds the beginning of its prompt in the
// cache.
import { fields } from './json.ts'
import { tokensOf } from './ask.ts'
import type { Reading } from './ask.ts'

export interface Conversations {
  /** The cached share of the prompt, from 0 to 1. The prompt then replaces the cached one. */
  readonly share: (ask: Reading) => number
}

/** A shorter beginning is not cached, in tokens. */
const leastTokens = 1700
const mostConversations = 256
/** The part of a prompt that is kept, in characters. */
const mostChars = 1_000_000
/** Marks that a client moves from turn to turn. They do not belong to the prompt. */
const marks = new Set(['cache_control', 'copilot_cache_control', 'prompt_cache_breakpoint'])

export function createConversations (): Conversations {
  const prompts = new Map<string, string>()
  return {
    share (ask) {
      const id = ask.request.headers['x-interaction-id']
      if (id === undefined || id === '') return 0
      const key = `${ask.seat.login} ${ask.model.id} ${id}`
      const prompt = promptOf(ask)
      const common = commonLength(prompts.get(key) ?? '', prompt)
      prompts.delete(key)
      prompts.set(key, prompt)
      if (prompts.size > mostConversations) prompts.delete(prompts.keys().next().value ?? '')
      const share = prompt.length === 0 ? 0 : common / prompt.length
      return tokensOf(ask.promptChars) * share < leastTokens ? 0 : share
    },
  }
}

/** The prompt in the order in which a model reads it: tools, instructions, turns. */
function promptOf ({ request }: Reading): string {
  const { tools, system, instructions, messages, input } = fields(request.json)
  const text = JSON.stringify([tools ?? null, system ?? instructions ?? null, messages ?? input ?? null],
    (key, value: unknown) => marks.has(key) ? undefined : value)
  // Removes the brackets that close the list of turns: the next call continues the list.
  return text.slice(0, -2).slice(0, mostChars)
}

function commonLength (before: string, now: string): number {
  const most = Math.min(before.length, now.length)
  let at = 0
  while (at < most && before.charCodeAt(at) === now.charCodeAt(at)) at++
  return at
}
