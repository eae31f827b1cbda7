// The functions that each dialect provides for the rest of the core. Each dialect has its own folder, which knows no
// other dialect.
import type { Call, ErrorRenderer, Headers, ReceivedHeaders } from '../../contract.ts'
import type { GatewayError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { Model } from '../../model-entry.ts'
import type { MaybeSteps, Steps } from '../../steps.ts'
import type { Compactions } from './compactions.ts'
import type { Ledger } from './ledger.ts'
import type { ReasoningReferences, References, RememberedReasoning, RememberedResponse,
  RememberedResponses } from './memory.ts'
import type { Answer, Part, Usage } from './part.ts'
import type { DeltaType, PlainDelta, PlainEvent, PlainText } from './plain-event.ts'
import type { Carrier, Prompt } from './prompt.ts'
import type { SocketForm } from './socket-form.ts'
import type { WarmUp } from './warm-up.ts'
import type { SearchSettings } from './search.ts'
import type { ToolNames } from '../shared/tool-names.ts'

export type { Usage } from './part.ts'
/** Of Copilot's endpoints. */
export type DialectName = 'openai-chat' | 'openai-responses' | 'anthropic-messages'
export type ClientName = DialectName | 'google-gemini'

export type DialectPath =
  | '/chat/completions'
  | '/responses'
  | '/v1/messages'

/** What the gateway needs of a dialect to serve its clients, whatever endpoint of Copilot answers. */
export interface ClientDialect {
  readonly name: ClientName
  /**
   * The endpoints to serve this dialect's clients from, best first: its own, then the one that carries most of what the
   * dialect expresses.
   */
  readonly preferredUpstreams: readonly DialectPath[]
  /** The request field of stop sequences. */
  readonly stopField:
    | 'stop'
    | 'stop_sequences'
    | 'generationConfig.stopSequences'
  /** Renders an error before the first byte of an answer. */
  readonly renderError: ErrorRenderer
  /** Keeps a silent stream alive. Clients ignore it. */
  readonly ping: string
  /** Renders an error after the first byte if no encoder or repair has begun. Nothing may follow it. */
  readonly failStream: (error: GatewayError) => string

  /** The body with what the dialect writes in the address, such as the model. */
  readonly addressed?: (body: JsonObject, call: Pick<Call, 'params'>) => JsonObject
  /**
   * Rewrites shapes that clients borrow from other dialects as this dialect's own. Returns the same object if there are
   * none. All later code reads only this dialect's shapes.
   */
  readonly normalise?: (body: JsonObject) => JsonObject
  /** @throws {GatewayError} `invalid_request` naming the field */
  readonly inspect: (body: JsonObject) => RequestFacts
  /**
   * The endpoint of the dialect that the body is written in, if the client sent another dialect's body to this route.
   */
  readonly foreignPath?: (body: JsonObject) =>
    | DialectPath
    | null
  /**
   * True if the gateway answers without upstream: upstream refuses such a request, and the request asks for zero
   * tokens.
   */
  readonly answersLocally?: (body: JsonObject) => boolean
  /** Headers that clients of this dialect expect on every reply. */
  readonly replyHeaders?: (requestId: string) => Headers

  // References to earlier answers.
  /** What `resolveReferences` will look up. Null if the body has no reference. */
  readonly referencesOf?: (body: JsonObject) =>
    | References
    | null
  /** What the translation of the body, or `recallReasoning`, will look up. */
  readonly reasoningOf?: (body: JsonObject) => ReasoningReferences
  /** The items of a remembered request in the form of a list: each complete, with an id of its own. */
  readonly listInput?: (remembered: RememberedResponse) => readonly JsonObject[]
  /**
   * The body, with each reference replaced by the answer that it names.
   * @param roomBytes how many bytes of JSON that may add
   * @throws {GatewayError}
   */
  readonly resolveReferences?: (body: JsonObject, remembered: RememberedResponses, roomBytes: number) => Resolved
  /** Returns a function that keeps the answer for later references, or null if the client wants nothing kept. */
  readonly rememberResponse?: (body: JsonObject, length: number, remembered: RememberedResponses) =>
    | ((response: JsonObject) => void)
    | null
  /** For a dialect whose clients can have a conversation compacted. Its upstream may do so, or give a summary. */
  readonly compactions?: Compactions
  /** For a dialect whose clients can send the beginning of a conversation ahead. */
  readonly warmUp?: WarmUp
  /** For a dialect that is spoken over WebSocket too. */
  readonly socket?: SocketForm

  // Upstream speaks another dialect.
  /** @throws {GatewayError} `invalid_request`, or `unsupported_parameter` for what no other dialect can carry */
  readonly decodeRequest: (body: JsonObject, ledger: Ledger) => Prompt
  readonly decodeInSteps: (body: JsonObject, ledger: Ledger) => Steps<Prompt>
  readonly encodeAnswer: (answer: Answer, options: EncodeOptions) => JsonObject
  readonly createEncoder: (options: EncodeOptions) => StreamEncoder
}

/** What the gateway needs of a dialect to ask Copilot in it. */
export interface UpstreamDialect {
  readonly name: DialectName
  /** Upstream's path for this dialect. */
  readonly path: DialectPath
  /** The longest tool name that upstream accepts, in characters. */
  readonly maxToolNameLength: number
  /** False if upstream ignores stop sequences. The gateway then cuts the answer. */
  readonly nativeStops: boolean
  /** Whether upstream accepts files. */
  readonly nativeFiles: boolean

  // The client speaks this dialect too.
  /**
   * The body with the state of earlier reasoning in the form that `model` accepts. Returns the same object if nothing
   * changes.
   */
  readonly recallReasoning?: (
    body: JsonObject,
    model: string,
    remembered: RememberedReasoning,
    ledger: Ledger,
  ) => MaybeSteps<JsonObject>
  /** The body as upstream requires it, or null if nothing has to change and the received bytes can be sent. */
  readonly prepare: (body: JsonObject, target: Target, ledger: Ledger) =>
    | JsonObject
    | null
  /** The same for a large body. */
  readonly prepareInSteps: (body: JsonObject, target: Target, ledger: Ledger) => Steps<JsonObject | null>
  /** Headers that this dialect passes on from the client: an allow list, never a copy. */
  readonly upstreamHeaders?: (received: ReceivedHeaders, body: JsonObject, target: Target) => Headers
  readonly createRepair: (options: AnswerOptions) => StreamRepair
  /** Writes a repaired whole answer as a stream, if decoding and encoding it would lose something. */
  readonly toStream?: (answer: JsonObject, options: AnswerOptions) => string
  /** Repairs a whole answer. @throws {GatewayError} for an answer that reports a failure */
  readonly repairAnswer: (answer: JsonObject, options: AnswerOptions) => RepairedAnswer
  /** Visits every object with the `name` of a tool, in an answer or in an event. */
  readonly visitToolNames: (value: JsonObject, visit: NameVisitor) => void

  /** The request for one search of the web, where upstream has models that search. */
  readonly searchQuestion?: (model: string, question: string, settings: SearchSettings) => JsonObject

  // The client speaks another dialect.
  /** @throws {GatewayError} `unsupported_parameter` for what this dialect or the model cannot carry */
  readonly encodeRequest: (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames) => JsonObject
  readonly encodeInSteps: (prompt: Prompt, target: Target, ledger: Ledger, names: ToolNames) => Steps<JsonObject>
  /** @throws {GatewayError} for an answer that reports a failure */
  readonly decodeAnswer: (answer: JsonObject) => Part[]
  readonly createDecoder: () => StreamDecoder
}

/** A dialect on both sides. */
export interface Dialect extends ClientDialect, UpstreamDialect {
  readonly name: DialectName
}

export type NameVisitor = (holder: unknown) => void

/** A body without references, and the approximate number of bytes that replacing them added. */
export interface Resolved {
  readonly body: JsonObject
  readonly added: number
}

export interface RepairedAnswer {
  readonly answer: JsonObject
  readonly usage:
    | Usage
    | null
  /**
   * The missing fields as JSON, followed by a comma, if the answer needed no other repair: the relay then puts them in
   * front of the received text and serialises nothing. `''` if nothing was missing.
   */
  readonly missing?: string
}

/** Facts that the planner reads of every request, in any dialect. */
export interface RequestFacts {
  readonly model: string | null
  readonly stream: boolean
  /** Chat only: the client wants the usage in its own chunk. */
  readonly includeUsage: boolean
  /** Chat only: the number of requested choices. */
  readonly n: number
  /**
   * Whether a person or an agent caused the request: GitHub charges for a person's request, not for an agent's next
   * step. `docs/spec/interface.md#initiator`.
   */
  readonly initiator:
    | 'user'
    | 'agent'
  /** Whether the request contains an image, also in tool results. */
  readonly vision: boolean
  readonly hasTools: boolean
  /** Chat only: the request contains a file, which Copilot's Chat endpoint does not accept. */
  readonly hasFile?: boolean
  /** Chat only: legacy functions, which only OpenAI's models know. */
  readonly usesFunctions?: boolean
  /**
   * Responses only: the request contains something that upstream's Responses endpoint refuses and a translation can
   * carry (namespaces, deferred tools, the vendor's client-run tools). It is then decoded and encoded even if both
   * sides speak Responses.
   */
  readonly mustTranslate?: boolean
  /** The web tools of the vendor's servers in the request, if there are any. */
  readonly webTools?: 'search' | 'fetch'
}

/** The known facts about the requested model: from its entry, or guessed by its id. */
export interface Target {
  /** Upstream's id. */
  readonly id: string
  readonly family:
    | 'openai'
    | 'claude'
    | 'gemini'
    | 'other'
  /** False if all fields below are guessed by the id. */
  readonly isListed: boolean
  /** Whether the model accepts `stream: true`. */
  readonly streams: boolean
  /** Whether the gateway calls upstream with `stream: true`. */
  readonly stream: boolean
  readonly supports: { readonly tools: boolean, readonly vision: boolean, readonly structuredOutputs: boolean,
    readonly adaptiveThinking: boolean }
  /** The reasoning efforts that its entry lists, possibly none. */
  readonly efforts: readonly string[]
  readonly thinkingBudget: { readonly min: number, readonly max: number } | null
  readonly maxOutputTokens: number | null
  readonly maxNonStreamingOutputTokens:
    | number
    | null
  /**
   * Copilot's entry of the model, if the list is known. `rules/model-facts.ts` reads the entry before it guesses by the
   * id.
   */
  readonly entry?: Model | null
}

export interface AnswerOptions {
  readonly facts: RequestFacts
  /** Upstream's id of the model, for answers that name none. */
  readonly model: string
  readonly now: () => number
  /** 32 random hexadecimal digits. */
  readonly newId: () => string
  /**
   * Stores the reasoning state that led to calls, by the first call's id, because some clients drop it. Null for an
   * answer without such a state.
   */
  readonly remember?:
    | ((callId: string, carrier: Carrier | null) => void)
    | undefined
  /** Takes each encrypted reasoning state of the answer. */
  readonly rememberState?:
    | ((state: string) => void)
    | undefined
  /** Takes the finished answer of a stream, in a dialect whose clients may refer to it later. */
  readonly completed?: ((answer: JsonObject) => void) | undefined
}

export interface EncodeOptions {
  readonly prompt: Prompt
  readonly facts: RequestFacts
  /** The client's name for the model, which the answer repeats. */
  readonly model: string
  /** An estimate of the prompt's tokens, for dialects that report them before upstream does. */
  readonly inputEstimate: number
  readonly now: () => number
  readonly newId: () => string
  /** Takes the finished answer of a stream, in a dialect whose clients may refer to it later. */
  readonly completed?: ((answer: JsonObject) => void) | undefined
}

/** Synchronous. One object serves one stream. */
export interface StreamDecoder {
  /**
   * @param parsed the data's JSON, if known
   * @throws {GatewayError} for upstream's own error, and for data in another dialect
   */
  readonly push: (data: string, name: string, parsed?: JsonObject | null) => Part[]
  /**
   * Describes an event that `push` would turn into one delta of an open block. Null for any other. Changes nothing.
   */
  readonly plain?: (event: JsonObject, name: string) =>
    | PlainDelta
    | null
  /** @throws {GatewayError} when the stream ended before the answer was complete */
  readonly end: () => Part[]
}

export interface StreamEncoder {
  readonly push: (part: Part) => string
  /**
   * How `push` would write more text of a block that has some: valid until the next part that is no delta. Null if
   * more text would do more than that. Changes nothing.
   */
  readonly continueText?: (type: DeltaType, block: number) =>
    | PlainText
    | null
  /** After `message-end`: the dialect's terminator, if any. */
  readonly end: () => string
  /** Ends the stream with an error. */
  readonly fail: (error: GatewayError) => string
}

/**
 * Sits between upstream's events and the client: repairs upstream's mistakes in the client's own dialect, or
 * translates. Synchronous. One object serves one stream.
 */
export interface StreamRepair {
  /**
   * @param data the event's data @param name its `event:` line, or '' @param parsed the data's JSON, if known
   * @returns null to leave the event unchanged, '' to drop it, or its replacement
   * @throws {GatewayError} when the event reports a failure: the stream ends with it
   */
  readonly event: (data: string, name: string, parsed?: JsonObject | null) =>
    | string
    | null
  /**
   * For the fast path: describes the values in which other events may differ from this one, while `event` would give
   * them the same answer. Asked before `event`. Null if the event may change more. Changes nothing.
   */
  readonly plain?: (event: JsonObject, name: string) =>
    | PlainEvent
    | null
  /** Returns the missing end of upstream's stream. @throws {GatewayError} when the stream was cut off */
  readonly end: () => string
  /** True once the answer is complete. Anything that upstream sends later is discarded. */
  readonly isDone: () => boolean
  readonly usage: () =>
    | Usage
    | null
  /** Replaces the dialect's `failStream` if the failure must match what was already sent. */
  readonly fail?: (error: GatewayError) => string
}
