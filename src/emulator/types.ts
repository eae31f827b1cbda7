// The emulator's interface for tests and the demo, and the few types that its own files share. Types only.
import type { Strictness } from './strictness.ts'
import type { Fault, FaultMatch } from './faults.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Script } from './script.ts'
import type { Wire } from './sse-writer.ts'

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
  /** Which headers that identify a conversation the request has. */
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
  /** Whether a fine-grained token has the account permission Copilot Requests. */
  copilotRequests: boolean
  /** The cost of all calls of a `credits` seat so far, in billionths of a credit. */
  nanoAiu: number
  /** How often this GitHub token was exchanged. */
  exchanges: number
  readonly tokensIssued: string[]
  /** Every charged request, in order. */
  readonly charges: { model: string, cost: number }[]
  /** Consents given through POST /models/{id}/policy. */
  readonly policies: Map<string, string>
}

export interface EmulatorOptions {
  /** 0, the default, picks a free port. */
  port?: number
  /** The server's own clock, in milliseconds since the epoch. */
  now?: () => number
  strict?: Partial<Strictness>
  /** How often a device code is pending before it approves itself. Infinity: only by hand. Default 2. */
  pendingPolls?: number
  /** Seconds between polls, possibly fractions. Default 5. */
  deviceInterval?: number
  /** Pause between events of a stream, in milliseconds. Default 0. */
  chunkDelayMs?: number
  /** Called with each line added to `problems`. */
  onProblem?: (message: string) => void
  /** Seed for the emulator's random choices: backends, and the wording of refusals. Default 1. */
  seed?: number
}

export interface Emulator {
  readonly origin: string
  readonly githubUrl: string
  readonly githubApiUrl: string
  readonly copilotUrl: string
  /** Contains the placeholder `{account}`. */
  readonly accountUrl: string
  readonly env: Record<string, string>
  readonly requests: RecordedRequest[]
  readonly problems: string[]
  /** Mutable: the rules that hold from the next request on. */
  readonly strict: Strictness
  readonly wire: Wire
  readonly answers: Answers
  /** The models of GET /models from the next request on, for models that no real list contains. */
  readonly models: ModelEntry[]
  /** Pause between events of a stream, in milliseconds. */
  chunkDelayMs: number
  readonly addSeat: (seat?: Partial<Seat>) => Seat
  readonly seat: (githubToken: string) =>
    | Seat
    | undefined
  /** @throws {Error} for a code that was never issued */
  readonly approve: (userCode: string, seat?: Partial<Seat>) => Seat
  /** @throws {Error} for a code that was never issued */
  readonly deny: (userCode: string) => void
  /** The next `times` matching requests get this fault. Of two faults, the older comes first. */
  readonly fault: (match: FaultMatch, fault: Fault, times?: number) => void
  readonly clearFaults: () => void
  /** From now on, refuses every Copilot token issued so far. */
  readonly expireTokens: () => void
  /** From now on, refuses every session of Auto issued so far. */
  readonly expireAutoSessions: () => void
  readonly close: () => Promise<void>
}

/** Scripts. The first model call that matches a script's `model` and `path` uses it up. */
export interface Answers {
  readonly push: (...scripts: Script[]) => void
  readonly clear: () => void
  readonly pending: number
}
