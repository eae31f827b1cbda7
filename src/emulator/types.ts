// What the emulator shows to tests and to the demo, and the few shapes its own files share. Types only.
import type { Strictness } from './strictness.ts'
import type { Fault, FaultMatch } from './faults.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Script } from './script.ts'
import type { Wire } from './sse-writer.ts'

/** Which of GitHub's hosts a request was meant for; the first path segment says so. */
export type HostName = 'github' | 'github-api' | 'copilot' | 'plan' | 'account'
export type Dialect = 'chat' | 'responses' | 'messages'

/** One request as it arrived. Filled in while it is served: `body` after the upload, `status` with the answer. */
export interface RecordedRequest {
  readonly host: HostName
  /** The plan or account named in the path of those two hosts. */
  readonly label?: string
  readonly method: string
  /** The path below the host's prefix, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Lower-case names; repeated headers joined as Node joins them. */
  readonly headers: Readonly<Record<string, string>>
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  body: string
  /** The body parsed, or undefined where it is not JSON. */
  json: unknown
  /** Milliseconds since the epoch, by the server's clock. */
  readonly at: number
  /** The client left before the answer had ended. */
  aborted: boolean
  /** When the exchange was over, ended or aborted. */
  closedAt?: number
  status?: number
}

export type SeatKind = 'paid' | 'free' | 'negative' | 'bare'
/** `policy` and `access-revoked` fail in the exchange; `blocked` exchanges, and every call to Copilot is 403. */
export type SeatState = 'ok' | 'revoked' | 'no-seat' | 'wrong-app' | 'rate-limited' | 'policy' | 'access-revoked' | 'blocked'

/** One GitHub account and what it may do. Mutable: a test changes a field, and the next request meets it. */
export interface Seat {
  githubToken: string
  login: string
  kind: SeatKind
  state: SeatState
  plan: 'individual' | 'business' | 'enterprise'
  sku: string
  /** What the token reply names as `endpoints.api`; undefined: by plan; null: the reply has no `endpoints`. */
  endpointsApi: string | null | undefined
  /** Answer 421 when an exchanged token is used at another host than its reply named. */
  strictHost: boolean
  /** Premium requests of a paid seat, or chat requests of a free one; `remaining` may be fractional. */
  quota: { entitlement: number, remaining: number, overage: number, overagePermitted: boolean }
  /** How often a Copilot token was asked for with this GitHub token. */
  exchanges: number
  readonly tokensIssued: string[]
  /** Every charged request, in order. */
  readonly charges: { model: string, cost: number }[]
  /** Consents given with POST /models/{id}/policy. */
  readonly policies: Map<string, string>
}

export interface EmulatorOptions {
  /** 0, the default, picks a free one. */
  port?: number
  /** The server's own clock, in milliseconds since the epoch. */
  now?: () => number
  strict?: Partial<Strictness>
  /** How often a device code is pending before it approves itself; Infinity: only by hand. Default 2. */
  pendingPolls?: number
  /** Seconds between polls, fractions allowed. Default 5. */
  deviceInterval?: number
  /** Pause between events of a stream, in milliseconds. Default 0. */
  chunkDelayMs?: number
  /** Called with each line added to `problems`. */
  onProblem?: (message: string) => void
}

export interface Emulator {
  readonly origin: string
  readonly githubUrl: string
  readonly githubApiUrl: string
  readonly copilotUrl: string
  /** Holds the placeholder `{account}`. */
  readonly accountUrl: string
  readonly env: Record<string, string>
  readonly requests: RecordedRequest[]
  readonly problems: string[]
  /** Mutable: which rules hold from the next request on. */
  readonly strict: Strictness
  readonly wire: Wire
  readonly answers: Answers
  /** What GET /models lists, from the next request on: for models that no real list has. */
  readonly models: ModelEntry[]
  /** Pause between events of a stream, in milliseconds. */
  chunkDelayMs: number
  readonly addSeat: (seat?: Partial<Seat>) => Seat
  readonly seat: (githubToken: string) => Seat | undefined
  /** @throws {Error} for a code that was never issued */
  readonly approve: (userCode: string, seat?: Partial<Seat>) => Seat
  /** @throws {Error} for a code that was never issued */
  readonly deny: (userCode: string) => void
  /** The next `times` matching requests meet this fault; of two, the older goes first. */
  readonly fault: (match: FaultMatch, fault: Fault, times?: number) => void
  readonly clearFaults: () => void
  /** Every Copilot token issued so far is refused from now on. */
  readonly expireTokens: () => void
  readonly close: () => Promise<void>
}

/** Scripts, each used once, by the first model call that fits its `model` and `path`. */
export interface Answers {
  readonly push: (...scripts: Script[]) => void
  readonly clear: () => void
  readonly pending: number
}
