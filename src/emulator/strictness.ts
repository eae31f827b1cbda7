// A switch for every rule that can refuse a request. Much of Copilot's contract is only inferred, and a test of one
// rule need not satisfy the others. `rules/` states the rules for model calls, this file the rest. The two values of a
// switch are the two sides of a guess. `providerWords` turns on all guesses.
import type { Backend } from './types.ts'

export const strictByDefault = {
  /** api.github.com refuses requests without a User-Agent. */
  userAgent: true,
  /** Exchanged tokens need `Editor-Version: name/version`. */
  editorVersion: true,
  /** `Editor-Version` and `Editor-Plugin-Version` below these are answered 466; null: no minimum. */
  minimumEditorVersion: null as string | null,
  minimumPluginVersion: null as
    | string
    | null,
  /** 421 for a Copilot token at another host than its reply named. */
  misdirected: true,
  /** Copilot tokens expire 60 s after `refresh_in`, not at `exp`. */
  refresh: false,
  vision: true,
  imageTypes: true,
  /** Turns on all rules of `rules/` with the mark `guess`, whatever their own switches are. */
  providerWords: false,
  modelIds: true,
  modelPolicy: true,
  modelEndpoints: true,
  modelStreaming: true,
  promptTokens: true,
  /** Larger bodies get 413. */
  maxBodyBytes: 67_108_864,
  bodyTooLarge: 'plain' as 'plain' | 'json',
  quota: true,
  /** Chat: `max_tokens` for gpt-5 and o-series. */
  maxTokensName: true,
  /** Chat and Responses: a cap that a reasoning model uses up before it writes any text. */
  capTooSmall: true,
  /** Claude: input and `max_tokens` within the window. */
  contextWindow: true,
  /** `max_tokens` and similar fields above the entry's `max_output_tokens`. */
  outputOver: false,
  /** Claude from 4.5 on: `temperature` together with `top_p`. */
  claudeBoth: false,
  /** Claude from 4.7 on: `temperature`, `top_p`, `top_k`. */
  claudeSampling: false,
  /** Claude: stop sequences of white space. */
  blankStops: false,
  /** Chat: `n` above 1, except for OpenAI's models. */
  severalChoices: false,
  logprobs: false,
  efforts: true,
  /** Chat: `reasoning_effort` to Claude without efforts. */
  effortsOnChat: true,
  /**
   * Reasoning models: other values than the default for temperature and top_p. Few reports mention it, so it is off.
   */
  sampling: false,
  toolCount: true,
  /** Chat: more than 128 calls in one message. */
  callCount: true,
  emptyTools: true,
  toolNames: true,
  /** Responses: a function named `tool_search`. */
  toolNameReserved: true,
  /** Names of calls in the history must match the pattern of tool names. */
  toolNamesHistory: false,
  /** Gemini: each call needs a name; with `geminiResultNames`, each result too. */
  geminiNames: true,
  geminiResultNames: true,
  /** OpenAI: `properties` at the root of a schema, and, as a guess, at each object in it. */
  schemaProperties: true,
  schemaNested: false,
  /** An empty description; keywords that draft 7 does not allow; on Chat, images in a tool's result. */
  toolDescriptions: false,
  schemaDraft7: false,
  toolResultText: false,
  /** No choice (`anyOf` and similar) at the root of a schema. */
  schemaRoot: true,
  /** OpenAI: arrays with `items`. */
  schemaItems: true,
  /** A list as the value of `items`. */
  schemaTuples: true,
  /** Gemini: unions of types, enums that are not strings, required names without a property. */
  geminiSchemas: true,
  toolSupport: true,
  /** Chat, OpenAI: 40 characters; Claude: the alphabet. */
  callIds: true,
  callIdsResponses: false,
  callIdsTwice: false,
  /** Chat: `type: null` on a call. */
  callTypes: true,
  /** Results without a call, calls without a result. */
  toolPairs: true,
  prefill: true,
  /** Conversations without a message. */
  emptyInput: true,
  /** Messages: `role: "system"` inside the conversation, if the model does not accept it. */
  inlineSystem: true,
  /** Chat: the types and forms of content parts. */
  chatParts: true,
  /** Responses: media in the output of a tool. */
  toolOutputText: false,
  /** Messages: documents other than PDF. */
  documents: true,
  cacheBreakpoint: true,
  cacheTtl: false,
  surrogates: false,
  /** Messages: `output_config.format` without `structured_outputs`, and schemas beyond Anthropic's subset. */
  outputFormat: false,
  imagePixels: true,
  /** 413 for images with too many bytes on Chat and Responses. */
  imageBytes: true,
  imageSize: false,
  imageCount: false,
  /** Chat: `thinking_budget` within the model's bounds and below the token limit. */
  thinkingBudget: true,
  /** Which `reasoning_opaque` must come back with a tool round: only Gemini's, every model's, or none. */
  opaque: true,
  opaqueRequired: 'gemini' as
    | 'gemini'
    | 'all'
    | 'none',
  /** Opaque state, signatures and encrypted reasoning must come from this emulator. */
  reasoningOrigin: true,
  responsesStore: true,
  responsesParts: true,
  responsesTools: true,
  /** Older reports describe a refusal, newer ones success. */
  responsesWebSearch: false,
  /** Models that refuse it all the same; it differs by seat. */
  searchRefusals: true,
  searchless: [] as readonly string[],
  /** Responses: the older type of the tool, and the effort `minimal` next to it. */
  searchPreview: true,
  searchEffort: true,
  /** Responses: values of `include` that are refused although OpenAI knows them. */
  refusedIncludes: [] as readonly string[],
  namespaceDescription: true,
  responsesIds: true,
  /** Ids of reasoning items begin with `rs_`. */
  reasoningIds: false,
  /** Ids above 64 characters, also Copilot's own. Reasoning keeps its id: for the opposite see `reasoningIds`. */
  itemIdLength: true,
  itemTwice: true,
  /** Items of other types than Copilot is known to take; a trigger of compaction before the end. */
  itemTypes: true,
  compactionTrigger: true,
  /** Reasoning items carry no `content`. */
  reasoningContent: true,
  responsesServiceTier: true,
  responsesMinimumTokens: true,
  messagesBeta: true,
  messagesFields: true,
  messagesCache: true,
  messagesSampling: true,
  messagesText: true,
  messagesTools: true,
  messagesThinking: true,
  /** `thinking.type: "enabled"` from 4.7 on. */
  thinkingEnabled: true,
  /** Thinking before the calls of a tool round. */
  thinkingFirst: true,
  thinkingEmpty: true,
  redactedData: true,
  /** `context_management` by model. */
  contextManagement: true,
  messagesMaxTokens: true,
  embeddingsInput: true,
  /** Turns on the two lists below. */
  refusals: true,
  /** Top-level fields of a model call that are refused although the endpoint knows them. */
  refusedFields: [] as readonly string[],
  /** Values of `anthropic-beta` that are refused although Copilot knows them. */
  refusedBetas: [] as readonly string[],
  /** Claude's backends on the messages endpoint; each call gets one by chance. Vertex has no model from 4.8 on. */
  backends: ['anthropic', 'bedrock', 'vertex'] as readonly Backend[],
  /** POST /auto is 404 below version 2026-08-01. */
  autoVersion: true,
  /** Refuses credentials of GitHub Apps and Actions, whatever their headers are. */
  serverToServer: false,
  /** Reports model calls without X-Interaction-Id, X-Interaction-Type, X-Agent-Task-Id or X-Initiator as problems. */
  identity: false,
}

export type Strictness = typeof strictByDefault
/** The names of the rules that can be switched. */
export type Switch = { [Name in keyof Strictness]: Strictness[Name] extends boolean ? Name : never }[keyof Strictness]
