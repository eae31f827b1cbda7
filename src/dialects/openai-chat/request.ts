// The names under which the older Chat handler knows `inspect` and `prepare`.
import type { JsonObject } from '../../json.ts'
import type { RequestFacts, Target } from '../dialect.ts'
import { prepare } from './prepare.ts'

export { inspect as inspectChat } from './inspect.ts'
export type ChatRequest = RequestFacts
export interface ChatTarget { readonly id: string, readonly streams: boolean }

/** @returns `dropped`: names of fields that could not be carried */
export function prepareChat (body: JsonObject, { id, streams }: ChatTarget): { body: JsonObject | null, dropped: readonly string[] } {
  const family = (/^(?:claude|gemini|grok)/.exec(id)?.[0] ?? 'openai').replace('grok', 'other') as Target['family']
  const dropped: string[] = []
  const target: Target = {
    id, family, streams, stream: streams && body['stream'] === true, isListed: false, efforts: [], thinkingBudget: null, maxOutputTokens: null, maxNonStreamingOutputTokens: null,
    supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
  }
  return { body: prepare(body, target, { lose: field => { dropped.push(field) } }), dropped }
}
