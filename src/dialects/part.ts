// An answer in no dialect: a stream of parts, and the whole that they add up to. Every decoder keeps this order, and
// every encoder may rely on it:
//
//   message-start, then blocks, each  *-start, *-delta …, block-end ; usage anywhere ; message-end last, once.
//
// Blocks may overlap (Chat's parallel tool calls, Responses' items); `block` numbers them 0, 1, 2 in order of their start.
// Deltas are never empty. A decoder that meets upstream's own error throws it as a GatewayError.
import type { JsonObject } from '../json.ts'
import type { Carrier } from './prompt.ts'

export type FinishReason = 'stop' | 'stop_sequence' | 'tool' | 'length' | 'context' | 'filter' | 'refusal' | 'pause'

export type Part =
  | { readonly type: 'message-start', readonly id: string, readonly model: string, readonly created: number | null }
  /** `apart`: not a continuation of the text before it (a message item of its own). */
  | { readonly type: 'text-start', readonly block: number, readonly apart: boolean }
  | { readonly type: 'reasoning-start', readonly block: number }
  /** The model wrote a refusal; its text comes as text deltas of this block. */
  | { readonly type: 'refusal-start', readonly block: number }
  | { readonly type: 'text-delta' | 'reasoning-delta' | 'refusal-delta', readonly block: number, readonly text: string }
  /** `name` is upstream's flat name until `restoreTools` has put the client's own back. */
  | { readonly type: 'tool-call-start', readonly block: number, readonly callId: string, readonly name: string, readonly namespace: string | null, readonly kind: 'function' | 'custom', readonly builtin: string | null }
  /** A piece of the JSON of a function's arguments, or of the free text of a custom tool. */
  | { readonly type: 'tool-call-delta', readonly block: number, readonly text: string }
  /** Belongs to the open text block `block`. */
  | { readonly type: 'citation', readonly block: number, readonly url: string, readonly title: string, readonly citedText: string | null }
  /** `logprobs`: OpenAI's entries for the text of the block. `carrier`: of a reasoning block, complete. */
  | { readonly type: 'block-end', readonly block: number, readonly carrier?: Carrier | null, readonly logprobs?: readonly JsonObject[] }
  | { readonly type: 'usage', readonly usage: Usage }
  | { readonly type: 'message-end', readonly reason: FinishReason, readonly stopSequence: string | null, readonly explanation: string | null }

/** Tokens of one answer. `input` is the whole prompt, cached parts included; `output` includes reasoning. */
export interface Usage {
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly output: number
  readonly reasoning: number
  /** AI credits in 10⁻⁹, where upstream said so, else 0. */
  readonly nanoCredits: number
}

/** A whole answer, as `collectAnswer` puts parts together. */
export interface Answer {
  readonly id: string
  readonly model: string
  readonly created: number | null
  readonly blocks: readonly AnswerBlock[]
  readonly finish: FinishReason
  readonly stopSequence: string | null
  readonly explanation: string | null
  readonly usage: Usage | null
}
export type AnswerBlock =
  | { readonly type: 'text', readonly text: string, readonly apart: boolean, readonly citations: readonly Citation[], readonly logprobs: readonly JsonObject[] | null }
  | { readonly type: 'refusal', readonly text: string }
  | { readonly type: 'reasoning', readonly text: string, readonly carrier: Carrier | null }
  /** `input`: `{}` rather than empty, for a function. */
  | { readonly type: 'tool-call', readonly callId: string, readonly name: string, readonly namespace: string | null, readonly kind: 'function' | 'custom', readonly builtin: string | null, readonly input: string }
export interface Citation { readonly url: string, readonly title: string, readonly citedText: string | null }
