// The canonical form of a request. It can express everything that the three dialects can, and keeps the blocks of a
// turn in order. `docs/spec/translation.md#prompt`. Decoders make it, encoders read it. Both leave out fields that the
// client did not set, so that upstream's own defaults apply.
import type { JsonObject } from '../../json.ts'
import type { WebTools } from './search.ts'

export interface Prompt {
  /** The client's name for it. */
  readonly model: string
  /** The instructions at the start, in order; never empty texts. */
  readonly system: readonly TextBlock[]
  readonly turns: readonly Turn[]
  readonly tools: readonly Tool[]
  /** Absent if the client offers none. */
  readonly webTools?:
    | WebTools
    | null
  /** Null: not set. */
  readonly toolChoice: ToolChoice | null
  readonly parallelToolCalls: boolean | null
  readonly maxTokens: number | null
  readonly temperature: number | null
  readonly topP: number | null
  readonly topK: number | null
  readonly stop: readonly string[]
  readonly effort:
    | Effort
    | null
  /** `budget_tokens` of the thinking field. */
  readonly thinkingBudget:
    | number
    | null
  /** `on`: with a budget. `adaptive`: the model decides. */
  readonly thinking:
    | 'on'
    | 'off'
    | 'adaptive'
    | null
  /** Whether the client wants the readable reasoning, and not only its state. */
  readonly showReasoning: boolean
  readonly format: OutputFormat | null
  readonly verbosity:
    | 'low'
    | 'medium'
    | 'high'
    | null
  /** The number of alternatives for each token; null if the client asks for no log probabilities. */
  readonly topLogprobs:
    | number
    | null
  /** The end user, in the form of OpenAI's dialects. Anthropic's `metadata.user_id` is too long and is left out. */
  readonly user:
    | string
    | null
  /** Keeps all requests of a session on one prompt cache. */
  readonly cacheKey:
    | string
    | null
  /** The gateway made the key: leaving it out loses nothing of the client's. */
  readonly isOwnCacheKey?: boolean
  readonly serviceTier:
    | string
    | null
  /** The client wants the conversation compacted, and no answer. Only one endpoint of upstream's can do that. */
  readonly compacts?: boolean
  readonly stream: boolean
  /** The client's own body. Only its own dialect's encoder reads it, to echo fields. */
  readonly body: JsonObject
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'
export type ToolChoice = { readonly type: 'auto' | 'none' | 'required' } | { readonly type: 'tool',
  readonly tool: ToolId } | { readonly type: 'allowed', readonly mode: 'auto' | 'required',
  readonly tools: readonly ToolId[] }
export type OutputFormat =
  | { readonly type: 'json' }
  | { readonly type: 'schema', readonly name: string | null, readonly description: string | null,
    readonly schema: JsonObject, readonly strict: boolean | null }

/** A tool's identity for the client. Upstream knows it by one flat name: see `tool-names.ts`. */
export interface ToolId {
  readonly name: string
  readonly namespace: string | null
}
export interface Tool extends ToolId {
  /** `custom`: its input is free text, not JSON. */
  readonly kind:
    | 'function'
    | 'custom'
  /**
   * A tool that the client's vendor defines and the client runs: `local_shell`, `bash` … Its calls return in the
   * vendor's form.
   */
  readonly builtin: string | null
  readonly description:
    | string
    | null
  /** A function's schema; null if it has none. */
  readonly schema: JsonObject | null
  readonly strict:
    | boolean
    | null
  /** A custom tool's grammar as `{syntax, definition}`, or null for plain text. */
  readonly grammar:
    | { readonly syntax: string, readonly definition: string }
    | null
  /** Whether it ends a cached part of the prompt. */
  readonly cache: boolean
}

export interface Turn {
  readonly role: 'user' | 'assistant' | 'system'
  readonly blocks: readonly Block[]
}
export type Block = TextBlock | ImageBlock | FileBlock | RefusalBlock | ReasoningBlock | ToolCallBlock | ToolResultBlock

export interface TextBlock {
  readonly type: 'text'
  readonly text: string
  /** Begins a new message: does not continue the text before it. */
  readonly apart?: boolean
  /** The role, for instructions that were a message. Absent if the dialect has a field for them. */
  readonly role?:
    | 'system'
    | 'developer'
  /** The text describes a finished search of an earlier turn, which a model with such a tool reads as its own call. */
  readonly search?: { readonly id: string, readonly query: string, readonly result: string, readonly isError: boolean }
  readonly cache?: boolean
}
/**
 * `mime` is the actual type of the bytes, whatever the client declared: see `media.ts`. `data` is base64 without white
 * space.
 */
export interface ImageBlock {
  readonly type: 'image'
  readonly source: Inline | Remote
  readonly detail: string | null
  readonly cache?: boolean
}
export interface FileBlock {
  readonly type: 'file'
  readonly source: Inline | Remote | { readonly text: string }
  readonly name: string | null
  readonly context?: string | null
  readonly cache?: boolean
}
export interface Inline {
  readonly mime: string
  readonly data: string
}
export interface Remote {
  readonly url: string
}
export interface RefusalBlock {
  readonly type: 'refusal'
  readonly text: string
}
/** Reasoning of an earlier turn. Only our own carrier can go back to an upstream: see `carrier.ts`. */
export interface ReasoningBlock {
  readonly type: 'reasoning'
  readonly text: string
  readonly carrier: Carrier | null
}
export interface ToolCallBlock extends ToolId {
  readonly type: 'tool-call'
  readonly id: string
  readonly kind: 'function' | 'custom'
  readonly builtin:
    | string
    | null
  /** A function's arguments as the JSON of an object, or a custom tool's free text. */
  readonly input: string
  readonly cache?: boolean
}
export interface ToolResultBlock {
  readonly type: 'tool-result'
  readonly id: string
  readonly blocks: ReadonlyArray<TextBlock | ImageBlock | FileBlock>
  /** Null if the dialect has no such flag. */
  readonly isError: boolean | null
  readonly cache?: boolean
}

/** The unchanged state of a model's reasoning, on its way through another dialect. */
export interface Carrier {
  /**
   * Its type: a Messages `thinking` or `redacted_thinking` block, a Responses `reasoning` item, or Chat's opaque
   * fields.
   */
  readonly kind: 'm' | 'd' | 'r' | 'c'
  readonly item: JsonObject
  /** Upstream's id of the model that made it; null if unknown. */
  readonly model: string | null
}
