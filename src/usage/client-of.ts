// Which client sent a request, from its user agent: one name of a short list, so that a caller cannot make new ones.
// Most specific first, because agents are built on the vendors' SDKs and some name those too.
import { LRUCache } from 'lru-cache'
import type { ReceivedHeaders } from '../contract.ts'

const clients: Readonly<Record<string, RegExp>> = {
  'claude-code': /\bclaude-(?:cli|code)\b/i,
  'codex': /\bcodex(?:[_ -]|\b)/i,
  'gemini-cli': /\bgemini-?cli\b/i,
  'qwen-code': /\bqwen-?code\b/i,
  'opencode': /\bopencode\b/i,
  'cursor': /\bcursor\b/i,
  'cline': /\bcline\b/i,
  'roo-code': /\broo-?code\b/i,
  'kilo-code': /\bkilo-?code\b/i,
  'continue': /\bcontinue\b/i,
  'aider': /\b(?:aider|litellm)\b/i,
  'copilot-cli': /\bcopilot\b/i,
  'zed': /\bzed\b/i,
  'pi': /\bpi(?:-coding-agent)?\//i,
  'ai-sdk': /\bai-?sdk\b|^ai\//i,
  'openai-sdk': /\b(?:Async)?OpenAI\b/i,
  'anthropic-sdk': /\b(?:Async)?Anthropic\b/i,
  'google-sdk': /\bgoogle-(?:genai-sdk|api)\b|\bgenai\b/i,
  'curl': /^curl\//i,
}
const longest = 512
const known = new LRUCache<string, string>({ max: 1_000 })

/** All names that `clientOf` gives. */
export const clientNames: readonly string[] = [...Object.keys(clients), 'page', 'other']

export function clientOf (headers: ReceivedHeaders): string {
  // Browsers alone send this header, and no page of another site can send this value.
  if (headers['sec-fetch-site'] === 'same-origin') return 'page'
  const agent = headers['user-agent']
  if (agent === undefined || agent.length > longest) return 'other'
  const found = known.get(agent)
  if (found !== undefined) return found
  const name = Object.entries(clients).find(([, form]) => form.test(agent))?.[0] ?? 'other'
  known.set(agent, name)
  return name
}
