// What handlers are given: every part of the core, made once by `gateway.ts`.
import type { Audit } from './audit.ts'
import type { LastUse } from './auth/last-use.ts'
import type { Registry } from './auth/registry.ts'
import type { SignIn } from './auth/sign-in.ts'
import type { Config } from './config.ts'
import type { Clock, Log } from './contract.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { Limiter } from './limiter.ts'
import type { Meter } from './meter.ts'
import type { ReasoningMemory } from './relay/reasoning-memory.ts'
import type { ReasoningOrigin } from './relay/reasoning-origin.ts'
import type { ResponseStore } from './relay/response-store.ts'
import type { Store } from './store/store.ts'
import type { Copilot } from './upstream/copilot.ts'
import type { Exchange } from './upstream/exchange.ts'
import type { GitHub } from './upstream/github.ts'
import type { Models } from './upstream/models.ts'
import type { Tokens } from './upstream/tokens.ts'
import type { Tally } from './usage/tally.ts'
import type { UserGate } from './usage/user-gate.ts'

export interface Core {
  readonly config: Config
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  /** Null while none is configured: the proxy then runs, says so, and lets nobody in. */
  readonly store: Store | null
  readonly accounts: { readonly registry: Registry, readonly signIn: SignIn, readonly lastUse: LastUse } | null
  readonly audit: Audit
  readonly meter: Meter
  /** What the meter counted, as text; null where the runtime does not count. */
  readonly exposition: (() => Promise<{ readonly contentType: string, readonly text: string }>) | null
  readonly exchange: Exchange
  readonly tokens: Tokens
  readonly copilot: Copilot
  readonly github: GitHub
  readonly models: Models
  readonly dialects: readonly Dialect[]
  readonly responses: ResponseStore
  readonly reasoning: ReasoningMemory
  readonly origins: ReasoningOrigin
  readonly userGate: UserGate
  readonly tally: Tally
  /** Tokens of a text; null where there is no room for a tokenizer. */
  readonly tokenizer: ((text: string) => Promise<number>) | null
  readonly limits: { readonly registrations: Limiter, readonly deviceStarts: Limiter }
}
