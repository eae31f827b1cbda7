// What each dialect has to offer the rest of the core. A folder per dialect fulfils it, and knows no other dialect.
import type { Decode } from '../body.ts'
import type { ErrorRenderer, Headers, ReceivedHeaders } from '../contract.ts'
import type { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Ledger } from './ledger.ts'
import type { Answer, Part, Usage } from './part.ts'
import type { Prompt } from './prompt.ts'
import type { ToolNames } from './tool-names.ts'

export type { Usage } from './part.ts'
export type DialectName = 'openai-chat' | 'openai-responses' | 'anthropic-messages'

export interface Dialect {
  readonly name: DialectName
  /** Where upstream serves it. */
  readonly path: '/chat/completions' | '/responses' | '/v1/messages'
  /** An error before the first byte of an answer. */
  readonly renderError: ErrorRenderer
  /** What keeps a silent stream alive without meaning anything to its reader. */
  readonly ping: string
  /** An error after the first byte, when no encoder or tidy has begun; nothing may follow it. */
  readonly failStream: (error: GatewayError) => string

  /** @throws {GatewayError} `invalid_request` naming the field */
  readonly inspect: (body: JsonObject) => RequestFacts

  // The diagonal: client and upstream speak this dialect.
  /** The body with upstream's wishes met, or null when nothing has to change and the received bytes can go on. */
  readonly prepare: (body: JsonObject, target: Target, ledger: Ledger) => JsonObject | null
  /** Headers of a request that this dialect has beside its body, from the client's: an allow list, never a copy. */
  readonly upstreamHeaders?: (received: ReceivedHeaders, body: JsonObject, target: Target) => Headers
  readonly createTidy: (options: AnswerOptions) => StreamTidy
  /** A mended whole answer as a stream, where decoding and encoding it again would lose something. */
  readonly toStream?: (answer: JsonObject, options: AnswerOptions) => string
  /** Mends a whole answer. @throws {GatewayError} for an answer that tells of a failure */
  readonly tidyAnswer: (answer: JsonObject, options: AnswerOptions) => TidiedAnswer

  // Off the diagonal.
  /** @throws {GatewayError} `invalid_request`, or `unsupported_parameter` for what no other dialect can carry */
  readonly decodeRequest: (body: JsonObject, ledger: Ledger) => Prompt
  /** @throws {GatewayError} `unsupported_parameter` for what this dialect or the model cannot carry */
  readonly encodeRequest: (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames) => JsonObject
  /** @throws {GatewayError} for an answer that tells of a failure */
  readonly decodeAnswer: (answer: JsonObject) => Part[]
  readonly createDecoder: () => StreamDecoder
  readonly encodeAnswer: (answer: Answer, options: EncodeOptions) => JsonObject
  readonly createEncoder: (options: EncodeOptions) => StreamEncoder
}

export interface TidiedAnswer {
  readonly answer: JsonObject
  readonly usage: Usage | null
  /**
   * The fields that were missing, as JSON with a comma behind, where nothing else had to be mended: then the text that came
   * can go on with them in front, and need not be written anew. `''` when nothing was.
   */
  readonly missing?: string
}

/** What is read of every request, in whatever dialect. */
export interface RequestFacts {
  readonly model: string | null
  readonly stream: boolean
  /** Chat only: the client asked for a chunk of its own with the usage. */
  readonly includeUsage: boolean
  /** Chat only: how many choices are asked for. */
  readonly n: number
  /** Who caused it: GitHub charges for what a user asked, not for an agent's next step. `contract.md`, "Initiator". */
  readonly initiator: 'user' | 'agent'
  /** Whether an image is anywhere in it, tool results included. */
  readonly vision: boolean
  readonly hasTools: boolean
  /** Chat only: a file is in it, which Copilot's own Chat endpoint does not take. */
  readonly hasFile?: boolean
  /**
   * Responses only: it says something that upstream's own endpoint of the dialect refuses, while a translation carries it
   * there and back (namespaces, deferred tools, the vendor's client-run tools). Decode and encode it, equal dialects or not.
   */
  readonly mustTranslate?: boolean
}

/** What is to be known of the model that is asked, from its entry, or by its id where there is none. */
export interface Target {
  /** As upstream names it. */
  readonly id: string
  readonly family: 'openai' | 'claude' | 'gemini' | 'other'
  /** False when all below is a guess by id. */
  readonly isListed: boolean
  /** Whether it can be called with `stream: true`. */
  readonly streams: boolean
  /** Whether upstream will be called with `stream: true`. */
  readonly stream: boolean
  readonly supports: { readonly tools: boolean, readonly vision: boolean, readonly structuredOutputs: boolean, readonly adaptiveThinking: boolean }
  /** The reasoning efforts it lists; empty when it lists none. */
  readonly efforts: readonly string[]
  readonly thinkingBudget: { readonly min: number, readonly max: number } | null
  readonly maxOutputTokens: number | null
  readonly maxNonStreamingOutputTokens: number | null
}

export interface AnswerOptions {
  readonly facts: RequestFacts
  /** The model asked, as upstream names it: for answers that name none. */
  readonly model: string
  readonly now: () => number
  /** 32 hexadecimal digits, random. */
  readonly newId: () => string
}

export interface EncodeOptions {
  readonly prompt: Prompt
  readonly facts: RequestFacts
  /** What the client asked for, and what it is told: its own name of the model. */
  readonly model: string
  /** A guess at the prompt's tokens, for dialects that name them before they are known. */
  readonly inputEstimate: number
  readonly now: () => number
  readonly newId: () => string
}

/** Synchronous; one object serves one stream. */
export interface StreamDecoder {
  /** @throws {GatewayError} for upstream's own error, and for what is not this dialect */
  readonly push: (data: string, name: string) => Part[]
  /** A shorter way for events that are like one before and hold a piece of text. */
  readonly framed?: FramedText
  /** @throws {GatewayError} when the stream ended before the answer was complete */
  readonly end: () => Part[]
}

/** Events that say nothing but a piece of text of one block, the one that the last `push` told of. */
export interface FramedText {
  /** Where such an event ends, if one begins at `from`; else -1. */
  readonly end: (text: string, from: number) => number
  /** What it says; may be nothing. @throws {GatewayError} */
  readonly read: (text: string, from: number, end: number) => string
  /** What a piece of bytes says that is one such event and no more; null for any other. @throws {GatewayError} */
  readonly readPiece: (piece: Uint8Array, decode: Decode) => string | null
  readonly block: () => number
}

export interface StreamEncoder {
  readonly push: (part: Part) => string
  /**
   * A shorter way for more text of a block that has said some. @returns what writes a piece, never an empty one, as `push`
   * would, and does so until `push` is called; null where the block has to wait, or has said nothing
   */
  readonly continueText: (block: number) => TextWriter | null
  /** After `message-end`: whatever the dialect says last. */
  readonly end: () => string
  /** In place of everything that would have come. */
  readonly fail: (error: GatewayError) => string
}

export interface TextWriter {
  readonly write: (text: string) => string
  /** The same for a piece that goes out alone: in bytes, where it can be written so. */
  readonly writeAlone: (text: string) => Uint8Array | string
}

/**
 * Stands between upstream's events and the client: puts right what upstream gets wrong in the client's own dialect, or
 * translates. Synchronous; one object serves one stream.
 */
export interface StreamTidy {
  /**
   * @param data the event's data; @param name its `event:` line, or ''
   * @returns null to leave the event as it came, '' to drop it, or what to send in its place
   * @throws {GatewayError} when the event tells of a failure: the stream ends with it
   */
  readonly event: (data: string, name: string) => string | null
  /**
   * A shorter way for events that are like one that `event` saw, and of which nothing is to be learned: where the event
   * ends that begins at `from`, or -1 for any that `event` must see. Then what to send in its place, or null to leave it.
   */
  readonly plainEnd?: ((text: string, from: number) => number) | undefined
  readonly mendPlain?: (text: string, from: number, end: number) => string | null
  /**
   * The shortest way, for a piece of bytes that is one such event and no more, as most are while a model speaks: what to send
   * in its place, the piece itself to leave it, or null for any that the other ways must see. @throws {GatewayError}
   */
  readonly mendPiece?: (piece: Uint8Array, decode: Decode) => Uint8Array | string | null
  /** What is missing at the end of upstream's stream. @throws {GatewayError} when it was cut off */
  readonly end: () => string
  /** True once the answer is complete; what upstream sends after it is not for the client. */
  readonly isDone: () => boolean
  readonly usage: () => Usage | null
  /** Instead of the dialect's `failStream`, where the failure has to fit what was sent before. */
  readonly fail?: (error: GatewayError) => string
}
