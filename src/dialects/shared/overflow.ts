// Recognises upstream's errors about a prompt that is too long, in any wording. Coding agents then compact their
// history, but each only knows its own dialect's wording. `docs/spec/translation.md#overflow`. A leaf.
import type { GatewayError } from '../../errors.ts'

/** Numbers in tokens; null if upstream named none. */
export interface Overflow {
  readonly tokens: number | null
  readonly limit:
    | number
    | null
  /** If prompt and answer together are too long: the answer's part. */
  readonly answerTokens: number | null
}

const number = String.raw`(\d[\d,]{0,15})`
const sums = [
  // Anthropic: input length and `max_tokens` exceed context limit: A + B > C
  new RegExp(String.raw`exceed context limit: ${number} \+ ${number} > ${number}`),
]
const pairs = [new RegExp(String.raw`prompt token count of ${number} exceeds the limit of ${number}`),
  new RegExp(String.raw`prompt is too long: ${number} tokens > ${number} maximum`)]
/** OpenAI puts the limit first. */
const limit = new RegExp(String.raw`maximum context length (?:is|of) ${number}`)
const inPrompt = String.raw`${number} in (?:the |your )?(?:messages|prompt|input)`
const inAnswer = String.raw`${number} in (?:the |your )?(?:completion|output)`
const split = new RegExp(String.raw`\(${inPrompt}[^)]{0,80}?${inAnswer}\)`)
const given = new RegExp(String.raw`(?:resulted in|requested(?: about)?) ${number} tokens`)

const overflows = [/maximum context length/i, /prompt is too long/i, /exceed context limit/i,
  /exceeds? (?:the|this model's|its) context (?:window|length|limit)/i]

/** Null when the error is about something else. */
export function readOverflow (
  { code, message, status }: Pick<GatewayError, 'code' | 'message' | 'status'>,
): Overflow | null {
  if (status !== 400 && status !== 413 && status !== 422 && status !== 502) return null
  const sum = first(sums, message)
  if (sum !== null) return { tokens: count(sum[1]), answerTokens: count(sum[2]), limit: count(sum[3]) }
  const pair = first(pairs, message)
  if (pair !== null) return { tokens: count(pair[1]), answerTokens: null, limit: count(pair[2]) }
  const most = limit.exec(message)
  if (most !== null) {
    const parts = split.exec(message)
    if (parts !== null) return { tokens: count(parts[1]), answerTokens: count(parts[2]), limit: count(most[1]) }
    return { tokens: count(given.exec(message)?.[1]), answerTokens: null, limit: count(most[1]) }
  }
  const isOverflow = code === 'context_length_exceeded' || code === 'model_max_prompt_tokens_exceeded'
    || overflows.some(pattern => pattern.test(message))
  return isOverflow ? { tokens: null, limit: null, answerTokens: null } : null
}

function first (patterns: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)
    if (found !== null) return found
  }
  return null
}

function count (digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits.replaceAll(',', ''))
}
