// The parts of the core that handlers use. `gateway.ts` creates each part once.
import type { Audit } from './audit.ts'
import type { Entries } from './auth/entries.ts'
import type { DeviceCodes } from './auth/device-codes.ts'
import type { Invites } from './auth/invites.ts'
import type { LastUse } from './auth/last-use.ts'
import type { Operator } from './auth/operator.ts'
import type { Registry } from './auth/registry.ts'
import type { SeatLinks } from './auth/seat-links.ts'
import type { SignIn } from './auth/sign-in.ts'
import type { Config } from './config.ts'
import type { Clock, Log } from './contract.ts'
import type { Dialect } from './dialects/contract/dialect.ts'
import type { Hot } from './hot/hot.ts'
import type { Recall } from './hot/recall.ts'
import type { AddressLimiter, SharedDevices } from './hot/shared-limits.ts'
import type { Meter } from './meter.ts'
import type { ErrorList } from './recent-errors.ts'
import type { Conversations } from './relay/conversations.ts'
import type { ReasoningMemory } from './relay/reasoning-memory.ts'
import type { ReasoningOrigin } from './relay/reasoning-origin.ts'
import type { ResponseStore } from './relay/response-store.ts'
import type { Store } from './store/store.ts'
import type { Auto } from './upstream/auto.ts'
import type { Copilot } from './upstream/copilot.ts'
import type { Exchange } from './upstream/exchange.ts'
import type { GitHub } from './upstream/github.ts'
import type { UpstreamHealth } from './upstream/health.ts'
import type { Models } from './upstream/models.ts'
import type { Tokens } from './upstream/tokens.ts'
import type { LearnedRules } from './relay/learned-rules.ts'
import type { QuotaWatch } from './usage/quota-watch.ts'
import type { Spending } from './usage/spending.ts'
import type { SeatQuotas } from './usage/seat-quotas.ts'
import type { Tally } from './usage/tally.ts'
import type { Tokenizer } from './usage/token-counter.ts'
import type { UsageHistory } from './usage/usage-history.ts'
import type { UserGate } from './usage/user-gate.ts'

export interface Core {
  readonly config: Config
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  /** Null if no store is configured: the proxy then runs, reports that, and lets no user in. */
  readonly store:
    | Store
    | null
  /** What several processes share; null if this one is certainly alone. */
  readonly hot: (Hot & { readonly recall: Recall }) | null
  readonly accounts: { readonly registry: Registry, readonly signIn: SignIn, readonly lastUse: LastUse,
    readonly entries: Entries, readonly seats: SeatLinks, readonly invites: Invites, readonly deviceCodes: DeviceCodes }
    | null
  readonly operator: Operator
  readonly recentErrors: ErrorList
  readonly upstreamHealth: UpstreamHealth
  readonly audit: Audit
  readonly meter: Meter
  /** The counters of the meter as text; null if the runtime does not count. */
  readonly exposition: (() => Promise<{ readonly contentType: string, readonly text: string }>) | null
  readonly exchange: Exchange
  readonly tokens: Tokens
  readonly copilot: Copilot
  readonly github: GitHub
  readonly models: Models
  readonly quotas: SeatQuotas
  readonly auto: Auto
  readonly dialects: readonly Dialect[]
  readonly conversations: Conversations
  readonly learned: LearnedRules
  readonly responses: ResponseStore
  readonly reasoning: ReasoningMemory
  readonly origins: ReasoningOrigin
  readonly userGate: UserGate
  readonly tally: Tally
  readonly spending: Spending
  readonly history: UsageHistory
  readonly quotaWatch: QuotaWatch
  /** Like `userGate`, but for counting tokens, which calls no model: the same concurrency, and no rate limit. */
  readonly countGate: UserGate
  /** Limits how many large bodies of one user are read and translated at once. */
  readonly largeBodies: UserGate
  /** Null if the runtime has no memory for one. */
  readonly tokenizer: Tokenizer | null
  readonly limits: { readonly registrations: AddressLimiter, readonly deviceStarts: AddressLimiter }
  /** Null if no other process can start a device code. */
  readonly devices: SharedDevices | null
}
