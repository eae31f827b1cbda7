// A request in no dialect: as rich as the three together, with the blocks of a turn in order. `translation.md` 2.1.
// Decoders make one, encoders read it; both leave out what was not said, so that upstream's own defaults hold.
import type { JsonObject } from '../json.ts'

export interface Prompt {
  /** As the client named it. */
  readonly model: string
  /** The leading instructions, in order; never empty texts. */
  readonly system: readonly TextBlock[]
  readonly turns: readonly Turn[]
  readonly tools: readonly Tool[]
  /** Null: not said. */
  readonly toolChoice: ToolChoice | null
  readonly parallelToolCalls: boolean | null
  readonly maxTokens: number | null
  readonly temperature: number | null
  readonly topP: number | null
  readonly topK: number | null
  readonly stop: readonly string[]
  readonly effort: Effort | null
  /** `budget_tokens` of a thinking switch. */
  readonly thinkingBudget: number | null
  /** `on` with a budget, `adaptive` at the model's own measure. */
  readonly thinking: 'on' | 'off' | 'adaptive' | null
  /** Whether the client wants to see the reasoning, and not only its state. */
  readonly showReasoning: boolean
  readonly format: OutputFormat | null
  readonly verbosity: 'low' | 'medium' | 'high' | null
  /** Number of alternatives per token; null when no log-probabilities are asked for. */
  readonly topLogprobs: number | null
  /** Who the end user is, as OpenAI's dialects say it; Anthropic's `metadata.user_id` is long and stays out of it. */
  readonly user: string | null
  /** Keeps the requests of one session on one prompt cache. */
  readonly cacheKey: string | null
  readonly serviceTier: string | null
  readonly stream: boolean
  /** The client's own body: its own encoder echoes from it, and nobody else reads it. */
  readonly body: JsonObject
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'
export type ToolChoice =
  | { readonly type: 'auto' | 'none' | 'required' }
  | { readonly type: 'tool', readonly tool: ToolId }
  | { readonly type: 'allowed', readonly mode: 'auto' | 'required', readonly tools: readonly ToolId[] }
export type OutputFormat =
  | { readonly type: 'json' }
  | { readonly type: 'schema', readonly name: string | null, readonly description: string | null, readonly schema: JsonObject, readonly strict: boolean | null }

/** A tool as its client knows it. Upstream knows it by one flat name: see `tool-names.ts`. */
export interface ToolId { readonly name: string, readonly namespace: string | null }
export interface Tool extends ToolId {
  /** `custom`: its input is free text, not JSON. */
  readonly kind: 'function' | 'custom'
  /** A tool that the client's vendor defines and the client runs: `local_shell`, `bash` … A call of it goes back in the vendor's form. */
  readonly builtin: string | null
  readonly description: string | null
  /** Of a function; null where none was given. */
  readonly schema: JsonObject | null
  readonly strict: boolean | null
  /** Of a custom tool: its grammar, as `{syntax, definition}`, or null for plain text. */
  readonly grammar: { readonly syntax: string, readonly definition: string } | null
  /** Ends a stretch of the prompt that should be cached. */
  readonly cache: boolean
}

export interface Turn { readonly role: 'user' | 'assistant' | 'system', readonly blocks: readonly Block[] }
export type Block = TextBlock | ImageBlock | FileBlock | RefusalBlock | ReasoningBlock | ToolCallBlock | ToolResultBlock

export interface TextBlock {
  readonly type: 'text'
  readonly text: string
  /** Begins a message of its own: no continuation of the text before it. */
  readonly apart?: boolean
  /** Of instructions that were a message: its role. Absent where the dialect has a field for them. */
  readonly role?: 'system' | 'developer'
  readonly cache?: boolean
}
/** `mime` is what the bytes are, whatever was declared: see `media.ts`. `data` is base64 without white space. */
export interface ImageBlock { readonly type: 'image', readonly source: Inline | Remote, readonly detail: string | null, readonly cache?: boolean }
export interface FileBlock { readonly type: 'file', readonly source: Inline | Remote | { readonly text: string }, readonly name: string | null, readonly context?: string | null, readonly cache?: boolean }
export interface Inline { readonly mime: string, readonly data: string }
export interface Remote { readonly url: string }
export interface RefusalBlock { readonly type: 'refusal', readonly text: string }
/** Reasoning of an earlier turn. Only a carrier of ours can be given back to an upstream: see `carrier.ts`. */
export interface ReasoningBlock { readonly type: 'reasoning', readonly text: string, readonly carrier: Carrier | null }
export interface ToolCallBlock extends ToolId {
  readonly type: 'tool-call'
  readonly id: string
  readonly kind: 'function' | 'custom'
  readonly builtin: string | null
  /** JSON text of an object for a function, free text for a custom tool. */
  readonly input: string
  readonly cache?: boolean
}
export interface ToolResultBlock {
  readonly type: 'tool-result'
  readonly id: string
  readonly blocks: ReadonlyArray<TextBlock | ImageBlock | FileBlock>
  /** Null where the dialect has no such flag. */
  readonly isError: boolean | null
  readonly cache?: boolean
}

/** The state of a model's reasoning, verbatim, on its way through a dialect that is not its own. */
export interface Carrier {
  /** What it is: a Messages `thinking` or `redacted_thinking` block, a Responses `reasoning` item, Chat's opaque fields. */
  readonly kind: 'm' | 'd' | 'r' | 'c'
  readonly item: JsonObject
  /** The model that made it, as upstream names it; null when unknown. */
  readonly model: string | null
}
