// The one file that knows the whole core: makes every part, and hands a runtime what it has to serve.
import type { Account } from './auth/account.ts'
import { tokenInvalid } from './auth/credentials.ts'
import { createKdfGate } from './auth/kdf-gate.ts'
import { createPeppers } from './auth/peppers.ts'
import { createRegistry } from './auth/registry.ts'
import { createSignIn, type SignIn, type SignInRequest } from './auth/sign-in.ts'
import { createUserStore, guard } from './auth/user-store.ts'
import { createVerifier, type Fingerprint } from './auth/verifier.ts'
import type { Config } from './config.ts'
import type { Clock, Log } from './contract.ts'
import type { Core } from './core.ts'
import { anthropicMessages } from './dialects/anthropic-messages/index.ts'
import { openAiChat } from './dialects/openai-chat/index.ts'
import { openAiResponses } from './dialects/openai-responses/index.ts'
import { createLimiter } from './limiter.ts'
import { createReasoningMemory } from './relay/reasoning-memory.ts'
import { createResponseStore } from './relay/response-store.ts'
import { createRoutes, type Route } from './routes.ts'
import type { Store } from './store/store.ts'
import { createCopilot } from './upstream/copilot.ts'
import { createExchange } from './upstream/exchange.ts'
import { createGitHub } from './upstream/github.ts'
import { createModels } from './upstream/models.ts'
import type { Send } from './upstream/send.ts'
import { createTokens } from './upstream/tokens.ts'
import { createTally } from './usage/tally.ts'
import { createUserGate } from './usage/user-gate.ts'

/** What a runtime brings. */
export interface Platform {
  /** Null when none is configured: the gateway still starts, and says what is missing. */
  readonly store: Store | null
  readonly send: Send
  readonly clock: Clock
  readonly log: Log
  readonly fingerprint: Fingerprint
  readonly version: string
  /** Loaded on first use; a runtime without room for its tables leaves it out, and tokens are estimated. */
  readonly tokenizer?: (text: string) => Promise<number>
  readonly isDraining?: () => boolean
}

export interface Gateway {
  readonly config: Config
  readonly routes: readonly Route[]
  /** @throws {GatewayError} */
  readonly authenticate: (request: SignInRequest) => Promise<Account>
}

export function createGateway (config: Config, platform: Platform): Gateway {
  const { store, send, clock, log, version } = platform
  const exchange = createExchange(config, send, clock)
  const tokens = createTokens({ config, exchange, store, clock, log })
  const copilot = createCopilot(config, send, tokens)
  const limiter = (perWindow: number) => createLimiter({ perWindow, windowMs: 600_000, monotonic: clock.monotonic })
  const core: Core = {
    config, version, clock, log, store, exchange, tokens, copilot,
    accounts: store === null ? null : createAccounts(config, platform, store),
    github: createGitHub(config, send),
    models: createModels(copilot, clock),
    dialects: [openAiChat, openAiResponses, anthropicMessages],
    responses: createResponseStore(),
    reasoning: createReasoningMemory(),
    userGate: createUserGate({ concurrency: config.userConcurrency, perMinute: config.userRequestsPerMinute, monotonic: clock.monotonic }),
    tally: createTally(),
    tokenizer: platform.tokenizer ?? null,
    limits: { registrations: limiter(config.registrationsPer10Minutes), deviceStarts: limiter(config.deviceStartsPer10Minutes) },
  }
  return {
    config,
    routes: createRoutes(core, platform.isDraining ?? (() => false)),
    authenticate: async request => {
      if (core.accounts === null) throw tokenInvalid()
      return core.accounts.signIn.authenticate(request)
    },
  }
}

function createAccounts (config: Config, { clock, log, fingerprint }: Platform, store: Store): NonNullable<Core['accounts']> {
  const users = createUserStore(store, clock)
  const peppers = createPeppers(config.pepper, config.previousPepper, log)
  const gate = createKdfGate()
  const verifier = createVerifier({
    users, peppers, gate, fingerprint, clock, log,
    iterations: config.kdfIterations, failuresPerMinute: config.authFailuresPerMinute,
    deleteSeedKey: key => guard(store.delete(key)).catch((err: unknown) => { log.warn({ event: 'tidy-failed', err }, 'a key of the original layout was not deleted') }),
  })
  const signIn: SignIn = createSignIn({
    users, verifier, fingerprint, clock, log, revalidateSeconds: config.authRevalidateSeconds,
    refreshSeal: (password, verified) => registry.refreshSeal(password, verified),
  })
  const registry = createRegistry({ store, users, verifier, signIn, peppers, gate, log, iterations: config.kdfIterations })
  return { registry, signIn }
}
