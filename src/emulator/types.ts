// The few types that most files of the emulator share: hosts, requests and seats. Types only.

/** GitHub's host that a request is for. The first path segment names it. */
export type HostName = 'github' | 'github-api' | 'copilot' | 'plan' | 'account'
export type Dialect =
  | 'chat'
  | 'responses'
  | 'messages'
/** The backend that serves a call to Claude. It shows in the ids of answers. */
export type Backend =
  | 'anthropic'
  | 'bedrock'
  | 'vertex'

/** One request as it arrived. It fills up while it is served: `body` after the upload, `status` with the answer. */
export interface RecordedRequest {
  readonly host: HostName
  /** The plan or account in the path of those two hosts. */
  readonly label?: string
  readonly method: string
  /** The path below the host's prefix, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Lower-case names; repeated headers joined as Node joins them. */
  readonly headers: Readonly<Record<string, string>>
  /** Names and values in turn, in the order of arrival. */
  readonly rawHeaders: readonly string[]
  body: string
  /** The parsed body, or undefined if it is no JSON. */
  json: unknown
  /** Milliseconds since the epoch, by the server's clock. */
  readonly at: number
  /** Whether the client left before the answer ended. */
  aborted: boolean
  /** When the exchange ended or was aborted. */
  closedAt?: number
  status?: number
  /** The headers in the request that identify a conversation. */
  readonly identity: Identity
}

export interface Identity {
  readonly interactionId: boolean
  readonly interactionType: boolean
  readonly agentTaskId: boolean
  readonly initiator: boolean
}

/** Only Auto serves `student`; `credits` pays by token. */
export type SeatKind =
  | 'paid'
  | 'free'
  | 'student'
  | 'negative'
  | 'bare'
  | 'credits'
/** `policy` and `access-revoked` fail at the exchange. `blocked` exchanges, but every call to Copilot gets 403. */
export type SeatState =
  | 'ok'
  | 'revoked'
  | 'no-seat'
  | 'wrong-app'
  | 'rate-limited'
  | 'policy'
  | 'access-revoked'
  | 'blocked'

/** One GitHub account and its rights. Mutable: when a test changes a field, the next request sees the change. */
export interface Seat {
  githubToken: string
  login: string
  kind: SeatKind
  state: SeatState
  plan: 'individual' | 'business' | 'enterprise'
  sku: string
  /** `endpoints.api` of the token reply; undefined: by plan; null: the reply has no `endpoints`. */
  endpointsApi:
    | string
    | null
    | undefined
  /** Answer 421 when an exchanged token is used at another host than its reply named. */
  strictHost: boolean
  /** Premium requests of a paid seat, or chat requests of a free one; `remaining` may be fractional. */
  quota: { entitlement: number, remaining: number, overage: number, overagePermitted: boolean }
  /** The picker has no model, and requests must not name one: Copilot chooses (`POST /auto`). */
  autoOnly: boolean
  /** The ids of its models; null: all that the emulator has. */
  models:
    | readonly string[]
    | null
  /** Whether a fine-grained token has the account permission Copilot Requests. */
  copilotRequests: boolean
  /** The cost of all calls of a `credits` seat so far, in billionths of a credit. */
  nanoAiu: number
  /** The number of exchanges of this GitHub token. */
  exchanges: number
  readonly tokensIssued: string[]
  /** Every charged request, in order. */
  readonly charges: { model: string, cost: number }[]
  /** Consents given through POST /models/{id}/policy. */
  readonly policies: Map<string, string>
}
