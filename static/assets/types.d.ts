// Shapes that several modules of the pages share. Only the type checker reads this file; it is not served.

/** The user who is signed in. The proof is a cookie that no script can read. */
export interface Session {
  readonly username: string
}

/** An entry of /v1/models: Copilot's fields, and those that this proxy adds. Only `id` is always there. */
export interface Model {
  readonly id: string
  readonly name?: string
  readonly vendor?: string
  readonly free?: boolean
  readonly preview?: boolean
  readonly model_picker_enabled?: boolean
  readonly context_length?: number | null
  readonly max_input_tokens?: number | null
  readonly max_output_tokens?: number | null
  readonly supported_endpoints?: readonly string[]
  readonly policy?: { readonly state?: string }
  readonly billing?: { readonly multiplier?: number,
    readonly token_prices?: { readonly batch_size?: number,
      readonly default?: { readonly input_price?: number, readonly output_price?: number } } }
  readonly capabilities?: { readonly type?: string,
    readonly limits?: {
      readonly vision?: { readonly max_prompt_images?: number, readonly max_prompt_image_size?: number,
        readonly supported_media_types?: readonly string[] },
    },
    readonly supports?: { readonly streaming?: boolean, readonly tool_calls?: boolean, readonly vision?: boolean,
      readonly reasoning_effort?: readonly string[], readonly min_thinking_budget?: number,
      readonly max_thinking_budget?: number } }
}

/**
 * A file with a message. `data` is a data URL, or the text of a text file; it is missing until the database has loaded
 * it.
 */
export interface Attachment {
  readonly id: string
  readonly kind: 'image' | 'pdf' | 'text'
  readonly name: string
  readonly type: string
  readonly size: number
  /** A text that comes from a document: of what kind, and how many pages, sheets or slides it has. */
  readonly from?: 'pdf' | 'word' | 'sheet' | 'slides'
  readonly pages?: number
  readonly chars?: number
  data?: string | undefined
}

export interface Usage {
  readonly input: number
  readonly output: number
  readonly cached: number
  readonly reasoning: number
}
export interface Failure {
  readonly code: string
  readonly message: string
}

/** A page of the web. `title` may be empty. */
export interface Source {
  readonly url: string
  readonly title: string
}

/** What a model answered. `ms` is null until the answer has ended. */
export interface Answer {
  readonly model: string
  /** `cut`: the page was closed or reloaded while the answer arrived. */
  status: 'running' | 'done' | 'stopped' | 'cut' | 'failed'
  text: string
  reasoning: string
  error: Failure | null
  finish: string | null
  usage: Usage | null
  credits:
    | number
    | null
  /** The pages that the answer cites. */
  sources?: readonly Source[]
  readonly startedAt: number
  ms: number | null
}

/**
 * One version of what the user wrote, and one version of the answer to it. The turns of a conversation are a tree: an
 * edit or another answer is a new turn with the same parent.
 */
export interface Turn {
  readonly id: string
  /** The turn before this one, or null. */
  readonly parent:
    | string
    | null
  /** Turns with the same parent and the same question differ in their answer alone. */
  readonly question: string
  /** A turn has a higher number than its parent, and than the versions before it. */
  readonly order: number
  readonly text: string
  readonly attachments: readonly Attachment[]
  answer: Answer | null
}

export interface Conversation {
  readonly id: string
  readonly user: string
  /** Empty until the user or a model gives one. */
  title: string
  /** Whether the user gave the title. */
  isNamed: boolean
  /** The first words, which are the title until there is one. */
  opening: string
  readonly createdAt: number
  updatedAt: number
  /** The model's id. */
  model: string
  system: string
  /** Null leaves it to the model. */
  temperature:
    | number
    | null
  /** The effort, or '' for the model's own. */
  reasoning: string
  isPinned: boolean
  tags: readonly string[]
  /** Whether the model may search the web. */
  search?: boolean
  /** The last turn on the screen. */
  leaf:
    | string
    | null
  /** All versions, by their order. Empty until they are loaded. */
  nodes: Turn[]
  /** The versions on the screen: from the first turn to `leaf`. */
  turns: Turn[]
  isLoaded: boolean
}

/** A message that the user has not sent. */
export interface Draft {
  readonly text: string
  readonly attachments: readonly Attachment[]
}

/** A part of a message, as OpenAI Chat names it. */
export type Part =
  | { readonly type: 'text', readonly text: string }
  | { readonly type: 'image_url', readonly image_url: { readonly url: string } }
  | { readonly type: 'file', readonly file: { readonly filename: string, readonly file_data: string } }

/** One turn on the screen. */
export interface TurnView {
  readonly element: HTMLElement
  push(text: string): void
  think(text: string): void
  finish(): Promise<void>
}

/** /readyz. */
export interface ServerState {
  readonly status: string
  readonly store: string | null
  readonly hot_state?: string
  readonly registration: string
  readonly version: string
  /** `npm run demo`: an emulator answers, and nothing is kept. */
  readonly demo: boolean
}

/** A kind of quota that has no numbers has null for each of them. */
export interface Bucket {
  readonly id: string
  readonly kind: 'metered' | 'unlimited' | 'not_applicable' | 'extra' | 'free_plan'
  readonly entitlement: number | null
  readonly used: number | null
  readonly remaining: number | null
  readonly percent_remaining: number | null
  readonly overage_count: number
  readonly overage_permitted: boolean
  readonly resets_at: string | null
}

export interface ModelTally {
  readonly model: string
  readonly requests: number
  readonly input_tokens: number
  readonly cached_tokens: number
  readonly output_tokens: number
  readonly ai_credits: number
}

export interface UsageReport {
  readonly plan: string | null
  readonly sku: string | null
  readonly login: string | null
  readonly resets_at: string | null
  readonly buckets: readonly Bucket[]
  readonly proxy: {
    readonly ai_credits: number,
    readonly models: readonly ModelTally[],
    /** What Copilot counted, next to this proxy's own count. Null before the first answer that names a quota. */
    readonly reconciled: { readonly unit: 'credits' | 'requests', readonly since: string, readonly copilot: number,
      readonly counted: number, readonly difference: number, readonly percent: number | null } | null,
  }
}

export interface UsageCounts {
  readonly requests: number
  readonly errors: number
  readonly input_tokens: number
  readonly cached_tokens: number
  readonly output_tokens: number
  readonly reasoning_tokens: number
  readonly credits: number
  readonly searches: number
}
/** By day, model, key and client. */
export interface UsageRow extends UsageCounts {
  readonly day: string
  readonly model: string
  readonly key: string
  readonly client: string
}
/** /usage/history. `kept_days` is 0 where the server records nothing. */
export interface UsageHistory {
  readonly from: string
  readonly to: string
  readonly kept_days: number
  readonly data: readonly UsageRow[]
}

/** /keys. Never the secret. */
export interface UserKey {
  readonly id: string
  readonly name: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_day: string | null
  readonly models: readonly string[] | null
  readonly monthly_credits: number | null
  readonly credits_used: number
  readonly seat: string | null
}

/** /seats */
export interface UserSeat {
  readonly name: string
  readonly login: string | null
  readonly plan:
    | string
    | null
  /** Why GitHub does not show this seat. */
  readonly problem: string | null
}

/** /devices. */
export interface Device {
  readonly id: string
  readonly name: string
  readonly remembered: boolean
  readonly created_at: string
  readonly last_used_day: string | null
  readonly expires_at: string | null
  readonly current: boolean
}

export interface WitnessReport {
  readonly holds: readonly unknown[]
  readonly differs: readonly { readonly says: string, readonly seen: string }[]
  readonly skipped: readonly { readonly question: string, readonly why: string }[]
  readonly new: { readonly models: readonly string[], readonly fields: readonly string[],
    readonly headers: readonly string[] }
}

export interface ChatAnswer {
  readonly choices?: readonly { readonly message?: { readonly content?: unknown } }[]
}

export interface DeviceCode {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly expires_in: number
  readonly interval: number
}

/**
 * The data of a successful answer, by the path that the page asks. The proxy that serves the page is also the one that
 * answers.
 */
export interface Answers {
  '/': { readonly status: string }
  '/readyz': ServerState
  '/usage': UsageReport
  [history: `/usage/history?${string}`]: UsageHistory
  /** The list of a GET, and the key of a POST. */
  '/keys': { readonly data: readonly UserKey[], readonly key: string }
  [key: `/keys/${string}`]: object
  '/seats': { readonly data: readonly UserSeat[] }
  [key: `/seats/${string}`]: { readonly status: string }
  '/devices': { readonly data: readonly Device[] }
  [key: `/devices/${string}`]: object
  '/session': { readonly username: string, readonly expires_at?: string }
  '/session?optional=1': { readonly username: string | null, readonly expires_at?: string }
  '/session/device-code': { readonly code: string, readonly expires_at: string }
  '/models': { readonly data: readonly Model[] }
  '/models?client_version=latest': { readonly models: readonly object[] }
  '/witness': WitnessReport & { readonly data: readonly { readonly asks: string, readonly cost: string }[] }
  '/chat/completions': ChatAnswer
  '/users/password': object
  '/users/delete': object
  '/github/get-device-code': DeviceCode
  '/github/poll-device-code': { readonly access_token?: unknown }
}

interface Outcome {
  /** 0 when the proxy did not answer. */
  readonly status: number
  readonly state: string
  readonly message: string
  /** Seconds. */
  readonly retryAfter: number | null
}

/** What `ask` returns. `data` of a failure is whatever arrived. */
export type Reply<Data> =
  & Outcome
  & ({ readonly ok: true, readonly data: Data } | { readonly ok: false, readonly data: unknown })

/** A text of the catalogue; one for each plural form where it counts something. */
export type Text = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>
export type Texts = Readonly<Record<string, Text>>
