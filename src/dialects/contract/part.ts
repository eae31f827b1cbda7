// An answer in no dialect: a stream of parts, and the whole answer that they form. Every decoder keeps this order, and
// every encoder relies on it:
//
//   message-start, then blocks, each  *-start, *-delta …, block-end ; usage anywhere ; message-end last, once.
//
// Blocks may overlap (Chat's parallel tool calls, Responses' items); `block` numbers them 0, 1, 2 in the order in which
// they start. Deltas are never empty. A decoder throws upstream's own error as a GatewayError.
import type { JsonObject } from '../../json.ts'
import type { Carrier } from './prompt.ts'
import type { SearchRecord, WebToolName } from './search.ts'

export type FinishReason = 'stop' | 'stop_sequence' | 'tool' | 'length' | 'context' | 'filter' | 'refusal' | 'pause'

export type Part =
  | { readonly type: 'message-start', readonly id: string, readonly model: string, readonly created: number | null }
  /** `apart`: does not continue the text before it (a separate message item). */
  | { readonly type: 'text-start', readonly block: number, readonly apart: boolean }
  | { readonly type: 'reasoning-start', readonly block: number }
  /** The model wrote a refusal; its text arrives as text deltas of this block. */
  | { readonly type: 'refusal-start', readonly block: number }
  | { readonly type: 'text-delta' | 'reasoning-delta' | 'refusal-delta', readonly block: number, readonly text: string }
  /** `name` is upstream's flat name until `restoreTools` puts the client's name back. */
  | { readonly type: 'tool-call-start', readonly block: number, readonly callId: string, readonly name: string,
    readonly namespace: string | null, readonly kind: 'function' | 'custom', readonly builtin: string | null }
  /** A piece of a function's JSON arguments, or of a custom tool's free text. */
  | { readonly type: 'tool-call-delta', readonly block: number, readonly text: string }
  /** A search of the web that a server runs. What it led to comes with the block's end. */
  | { readonly type: 'search-start', readonly block: number, readonly callId: string, readonly tool: WebToolName }
  /** Belongs to the open text block `block`. */
  | (Citation & { readonly type: 'citation', readonly block: number })
  /**
   * `logprobs`: OpenAI's entries for the block's text. `carrier`: the complete state of a reasoning block. `isCut`: a
   * call's input broke off; clients must not take it for complete. `search`: of a search's block; absent if there was
   * none in the end.
   */
  | { readonly type: 'block-end', readonly block: number, readonly carrier?: Carrier | null,
    readonly logprobs?: readonly JsonObject[], readonly isCut?: boolean, readonly search?: SearchRecord }
  | { readonly type: 'usage', readonly usage: Usage }
  | { readonly type: 'message-end', readonly reason: FinishReason, readonly stopSequence: string | null,
    readonly explanation: string | null }

/** Tokens of one answer. `input` is the whole prompt including cached parts; `output` includes reasoning. */
export interface Usage {
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly output: number
  readonly reasoning: number
  /** AI credits in units of 10⁻⁹; 0 if upstream reported none. */
  readonly nanoCredits: number
  /** The gateway cut the answer before upstream sent its usage: these are its own counts, and the price is unknown. */
  readonly isEstimate?: true
}

/** A whole answer: `collectAnswer` builds it from parts. */
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
  | { readonly type: 'text', readonly text: string, readonly apart: boolean, readonly citations: readonly Citation[],
    readonly logprobs: readonly JsonObject[] | null }
  | { readonly type: 'refusal', readonly text: string }
  | { readonly type: 'reasoning', readonly text: string, readonly carrier: Carrier | null }
  /** `input`: `{}` instead of an empty text for a function without arguments. `isCut`: the input broke off. */
  | { readonly type: 'tool-call', readonly callId: string, readonly name: string, readonly namespace: string | null,
    readonly kind: 'function' | 'custom', readonly builtin: string | null, readonly input: string,
    readonly isCut?: boolean }
  | { readonly type: 'search', readonly callId: string, readonly search: SearchRecord }
export interface Citation {
  readonly url: string
  readonly title: string
  /** The passage that is marked, often only a link. */
  readonly citedText:
    | string
    | null
  /** The sentence that the page supports, where the passage is not it. */
  readonly claim?:
    | string
    | null
  /** Where the passage is in the block's text, in UTF-16 units. */
  readonly range?: { readonly start: number, readonly end: number } | null
}
