// Every rule by which a request may be refused, each with a switch: much of Copilot's contract is only inferred, and a
// test of one rule should not have to satisfy the others.

export const strictByDefault = {
  /** api.github.com refuses requests without a User-Agent. */
  userAgent: true,
  /** Exchanged tokens need `Editor-Version: name/version`. */
  editorVersion: true,
  /** `Editor-Version` and `Editor-Plugin-Version` below these are answered 466; null: no minimum. */
  minimumEditorVersion: null as string | null,
  minimumPluginVersion: null as string | null,
  /** A Copilot token at another host than its reply named: 421. */
  misdirected: true,
  /** Copilot tokens end 60 s after `refresh_in`, not at `exp`. */
  refresh: false,
  vision: true,
  imageTypes: true,
  modelIds: true,
  modelPolicy: true,
  modelEndpoints: true,
  modelStreaming: true,
  promptTokens: true,
  /** Bodies above this are 413. */
  maxBodyBytes: 67_108_864,
  bodyTooLarge: 'plain' as 'plain' | 'json',
  quota: true,
  /** Chat: `max_tokens` for gpt-5 and o-series. */
  maxTokensName: true,
  /** Values other than the default for temperature and top_p on reasoning models. Seen by few: off. */
  sampling: false,
  toolCount: true,
  emptyTools: true,
  toolNames: true,
  toolSupport: true,
  /** Results without a call, calls without a result. */
  toolPairs: true,
  prefill: true,
  /** Chat: `thinking_budget` within the model's bounds and below the token limit. */
  thinkingBudget: true,
  /** `reasoning_opaque` that must come back with a tool round: Gemini's only, everyone's, nobody's. */
  opaqueRequired: 'gemini' as 'gemini' | 'all' | 'none',
  /** Opaque state, signatures and encrypted reasoning must be what this emulator issued. */
  reasoningOrigin: true,
  responsesStore: true,
  responsesParts: true,
  responsesTools: true,
  responsesIds: true,
  responsesServiceTier: true,
  responsesMinimumTokens: true,
  messagesBeta: true,
  messagesFields: true,
  messagesCache: true,
  messagesSampling: true,
  messagesText: true,
  messagesTools: true,
  messagesThinking: true,
  messagesMaxTokens: true,
  embeddingsInput: true,
}

export type Strictness = typeof strictByDefault
