// Creates every part of the core, and gives a runtime everything that it serves. No other file knows the whole core.
import type { OnOutdated } from './seat-names.ts'
import { createAudit } from './audit.ts'
import type { Account } from './auth/account.ts'
import { createAttempts, type Attempts } from './auth/attempts.ts'
import { tokenInvalid } from './auth/credentials.ts'
import { createEntries } from './auth/entries.ts'
import { codeLimit, createDeviceCodes } from './auth/device-codes.ts'
import { createInvites } from './auth/invites.ts'
import { createKdfGate } from './auth/kdf-gate.ts'
import { createLastUse } from './auth/last-use.ts'
import { createOperator, type Operator } from './auth/operator.ts'
import { createOperatorSessions } from './auth/operator-sessions.ts'
import { createPeppers } from './auth/peppers.ts'
import { createRecordChanges } from './auth/record-changes.ts'
import { createRecordWriter } from './auth/record-writer.ts'
import { createRegistry } from './auth/registry.ts'
import { createSeatLinks } from './auth/seat-links.ts'
import { createTurns } from './auth/turns.ts'
import { createSignIn, type SignIn, type SignInRequest } from './auth/sign-in.ts'
import { createUserStore, guard } from './auth/user-store.ts'
import { createVerifier, type Fingerprint } from './auth/verifier.ts'
import type { Config } from './config.ts'
import type { Clock, Log } from './contract.ts'
import type { Core } from './core.ts'
import { anthropicMessages } from './dialects/messages/index.ts'
import { openAiChat } from './dialects/chat/index.ts'
import { openAiResponses } from './dialects/responses/index.ts'
import { toGatewayError } from './errors.ts'
import { createCounting } from './hot/counting.ts'
import { createHot, type Hot } from './hot/hot.ts'
import { createOneExchange } from './hot/one-exchange.ts'
import { createRecall } from './hot/recall.ts'
import { createSharedAuto } from './hot/shared-auto.ts'
import { createSharedGate, type SharedGate } from './hot/shared-gate.ts'
import { createSharedSpending } from './hot/shared-spending.ts'
import { shareTurns } from './hot/shared-turns.ts'
import { createSharedDevices, createSharedFailures, shareLimiter } from './hot/shared-limits.ts'
import { createLimiter } from './limiter.ts'
import { noMeter, type Meter } from './meter.ts'
import { createRecentErrors, type ErrorList } from './recent-errors.ts'
import { createConversations } from './relay/conversations.ts'
import { createReasoningMemory } from './relay/reasoning-memory.ts'
import { createReasoningOrigin } from './relay/reasoning-origin.ts'
import { createResponseStore } from './relay/response-store.ts'
import { createLearnedRules } from './relay/learned-rules.ts'
import { shareOrigins, shareResponses } from './relay/sharing.ts'
import type { Route } from './route.ts'
import { createRoutes } from './routes.ts'
import type { HotState } from './store/hot-state.ts'
import type { Store } from './store/store.ts'
import { createAuto } from './upstream/auto.ts'
import { createOpenSession } from './upstream/auto-request.ts'
import { createCopilot, type Copilot } from './upstream/copilot.ts'
import { createExchange, type Exchange } from './upstream/exchange.ts'
import { createGitHub } from './upstream/github.ts'
import { readTokenBase } from './upstream/hosts.ts'
import { createUpstreamHealth } from './upstream/health.ts'
import { createModels } from './upstream/models.ts'
import { namingUpstream } from './upstream/name-upstream.ts'
import type { Send } from './upstream/send.ts'
import { openSession, sealSession } from './upstream/token-cache.ts'
import { createTokens, type Tokens } from './upstream/tokens.ts'
import { createQuotaWatch, type QuotaWatch } from './usage/quota-watch.ts'
import { createSpending, type Spending } from './usage/spending.ts'
import { createSeatQuotas } from './usage/seat-quotas.ts'
import { createTally } from './usage/tally.ts'
import type { Tokenizer } from './usage/token-counter.ts'
import { createUsageHistory } from './usage/usage-history.ts'
import { createUserGate } from './usage/user-gate.ts'

/** The parts that a runtime provides. */
export interface Platform {
  /** Null if no store is configured: the gateway still starts, and reports what is missing. */
  readonly store:
    | Store
    | null
  /** Instead of the store's. */
  readonly hot?: HotState | null
  readonly send: Send
  readonly clock: Clock
  readonly log: Log
  /** Those of `log`, or of all processes that serve together. */
  readonly recentErrors?: ErrorList
  readonly fingerprint: Fingerprint
  /** SHA-256 as base64url, at once. WebCrypto's if absent. */
  readonly digest?: (text: string) => string
  readonly version: string
  /**
   * Works outside the event loop, and starts on first use. A runtime without memory for its tables leaves it out;
   * tokens are then estimated.
   */
  readonly tokenizer?: Tokenizer
  readonly isLeaving?: () => boolean
  /** The runtime calls `flush` every few seconds and at its end. Without it, calls write what is due. */
  readonly isFlushed?: boolean
  /** Counts events. */
  readonly meter?: Meter
  /** The counters as text. If this and an ADMIN_TOKEN are set, the gateway serves `/metrics`. */
  readonly exposition?: NonNullable<Core['exposition']>
}

export interface Gateway {
  readonly config: Config
  readonly routes: readonly Route[]
  /** @throws {GatewayError} */
  readonly authenticate: (request: SignInRequest) => Promise<Account>
  /** Runs before a route of the scope `admin` is served. @throws {GatewayError} */
  readonly admit: Operator['admit']
  /**
   * Evicts expired data. A long-lived process calls it every few seconds, because no request may come to trigger it.
   */
  readonly sweep: () => void
  /** Called once, before the first request: tells other processes of this one. Never throws. */
  readonly join: () => Promise<void>
  /** Writes the counts that are due, or all of them before the process ends. Never throws. */
  readonly flush: (isLast?: boolean) => Promise<void>
}

/**
 * Bodies over 128 KiB of one user that are read and translated at once. Others of the same user wait, so that they
 * share the turns of long work with other users' bodies more evenly.
 */
const largeBodiesAtOnce = 2

export function createGateway (config: Config, platform: Platform): Gateway {
  const { store, clock, log, version, meter = noMeter } = platform
  const send = namingUpstream(platform.send, config)
  const audit = createAudit(log, meter)
  const state = platform.hot === undefined ? store?.hot ?? null : platform.hot
  const hot = state === null ? null : createHot(state, clock, log, platform.digest)
  const operator = createOperator({ ...config, sessions: createOperatorSessions(store, config.adminToken, clock), audit,
    attempts: newAttempts('operator', config, clock, hot) })
  const exchange = counted(createExchange(config, send, clock), meter)
  const shared = hot === null ? null : createSharedSpending(hot)
  if (shared !== null) hot?.outbox.join(shared.news)
  const spending = createSpending(store, clock, log, shared)
  const quotaWatch = createQuotaWatch(clock)
  const history = createUsageHistory({ store, keptDays: config.usageDays, clock, log, watch: quotaWatch,
    isFlushed: platform.isFlushed === true })
  const local = { responses: createResponseStore(), reasoning: createReasoningMemory(hot?.outbox),
    origins: createReasoningOrigin() }
  const limits = { concurrency: config.userConcurrency, perMinute: config.userRequestsPerMinute }
  const localGate = createUserGate({ ...limits, monotonic: clock.monotonic })
  const sharedGate = hot === null || limits.concurrency + limits.perMinute === 0
    ? null
    : createSharedGate({ ...hot, ...limits, local: localGate, clock, isTicked: platform.isFlushed === true })
  if (sharedGate !== null) hot?.outbox.join(sharedGate.atEnd)
  if (hot?.engine.countsEachCall === true) hot.outbox.join(createCounting(history.take, hot.holder))
  const accounts = store === null
    ? null
    : createAccounts(config, platform, hot, store, [spending, history, ...hot === null ? [] : [ofHot(hot, sharedGate)]],
      (username, seat) => {
        for (const part of [tokens, models, auto]) part.forget(username, seat)
      })
  const tokens: Tokens = createTokens({ config, exchange, store, clock, log,
    ...(hot === null
      ? {}
      : { isKeptByExchange: hot.engine.keepsTokens === true,
        oneExchange: createOneExchange({ ...hot, clock, seal: sealSession,
          open: (account, sealed) =>
            openSession(account, sealed, clock.now(), base => readTokenBase(base, config)) }) }),
    ...(accounts === null ? {} : { onUse: accounts.lastUse.used }) })
  const copilot = watched(createCopilot(config, send, tokens), quotaWatch)
  const models = createModels({ copilot, store, clock, log })
  const auto = createAuto(createOpenSession(copilot, clock), clock,
    hot === null ? null : createSharedAuto(hot.engine, clock))
  const github = createGitHub(config, send)
  const limiter = (key: string, perWindow: number) =>
    shareLimiter(createLimiter({ perWindow, windowMs: 600_000, monotonic: clock.monotonic }), hot?.engine ?? null, {
      key,
      perWindow,
      windowMs: 600_000,
    })
  const core: Core = {
    config,
    version,
    clock,
    log,
    store,
    hot: hot === null ? null : { ...hot, recall: createRecall(hot.engine, hot.keyOf, local) },
    exchange,
    tokens,
    copilot,
    models,
    auto,
    accounts,
    operator,
    recentErrors: platform.recentErrors ?? createRecentErrors(clock.now),
    upstreamHealth: createUpstreamHealth(config, send, clock),
    audit,
    meter,
    exposition: platform.exposition ?? null,
    github,
    quotas: createSeatQuotas(github, clock),
    dialects: [openAiChat, openAiResponses, anthropicMessages],
    conversations: createConversations(),
    learned: createLearnedRules(clock.monotonic),
    responses: hot === null ? local.responses : shareResponses(local.responses, hot.outbox),
    reasoning: local.reasoning,
    origins: hot === null ? local.origins : shareOrigins(local.origins, hot.outbox),
    userGate: sharedGate ?? localGate,
    countGate: createUserGate({ concurrency: config.userConcurrency, perMinute: 0, monotonic: clock.monotonic }),
    largeBodies: createUserGate({ concurrency: largeBodiesAtOnce, perMinute: 0, monotonic: clock.monotonic }),
    tally: createTally(meter),
    spending,
    history,
    quotaWatch,
    tokenizer: platform.tokenizer ?? null,
    limits: { registrations: limiter('registrations', config.registrationsPer10Minutes),
      deviceStarts: limiter('device-starts', config.deviceStartsPer10Minutes) },
    devices: hot === null ? null : createSharedDevices(hot.engine),
  }
  return {
    config,
    routes: createRoutes(core, platform.isLeaving ?? (() => false)),
    admit: operator.admit,
    authenticate: request =>
      core.accounts === null ? Promise.reject(tokenInvalid()) : core.accounts.signIn.authenticate(request),
    sweep () {
      tokens.sweep()
      accounts?.signIn.sweep()
    },
    async join () {
      await state?.join?.().catch((thrown: unknown) => {
        log.warn({ event: 'hot-state', outcome: 'failed', err: thrown }, 'the engine of hot state cannot be used')
      })
    },
    async flush (isLast = false) {
      await (isLast ? hot?.outbox.end() : hot?.outbox.tick())
      await Promise.all([spending.flush(isLast), history.flush(isLast),
        isLast ? sharedGate?.end() : sharedGate?.tick()])
    },
  }
}

function createAccounts (
  config: Config,
  { clock, log, fingerprint, meter = noMeter }: Platform,
  hot: Hot | null,
  store: Store,
  counts: ReadonlyArray<Pick<Spending, 'forget'>>,
  onOutdated: OnOutdated,
): NonNullable<Core['accounts']> {
  const users = createUserStore(store, clock)
  const lastUse = createLastUse(store, clock, log)
  const peppers = createPeppers(config.pepper, config.previousPepper, log)
  const gate = createKdfGate()
  const verifier = createVerifier({
    users,
    peppers,
    gate,
    fingerprint,
    clock,
    log,
    iterations: config.kdfIterations,
    failuresPerMinute: config.authFailuresPerMinute,
    failures: sharedFailures('sign-in', config, hot),
    deleteSeedKey: key =>
      guard(store.delete(key)).catch((err: unknown) => {
        log.warn({ event: 'repair-failed', err }, 'a key of the original layout was not deleted')
      }),
  })
  const signIn: SignIn = createSignIn({
    users,
    verifier,
    fingerprint,
    clock,
    log,
    meter,
    revalidateSeconds: config.authRevalidateSeconds,
    onSeen: ({ username, entry }, defer) => {
      lastUse.seen(username, defer, entry)
    },
    refreshSeal: (password, verified, address) => registry.refreshSeal(password, verified, address),
  })
  const changes = createRecordChanges({ store, users, peppers, gate, clock, log, iterations: config.kdfIterations,
    onOutdated, ...hot !== null && { turns: shareTurns(createTurns(clock), hot, clock) } })
  const registry = createRegistry({ store, users, verifier, signIn, peppers, changes, log, meter,
    iterations: config.kdfIterations, onRemove, onOutdated })
  const write = createRecordWriter({ users, signIn, changes })
  return { registry, signIn, lastUse, entries: createEntries({ users, peppers, write, clock }),
    seats: createSeatLinks({ store, write, changes }),
    invites: createInvites(store, newAttempts('invite', config, clock, hot), clock, log),
    deviceCodes: createDeviceCodes({ store, users, peppers, attempts: newAttempts('device-code', config, clock, hot),
      clock, log,
      limiter: shareLimiter(createLimiter({ ...codeLimit, monotonic: clock.monotonic }), hot?.engine ?? null, {
        ...codeLimit,
        key: 'device-codes',
      }) }) }

  function onRemove (username: string): void {
    lastUse.forget(username)
    for (const count of counts) count.forget(username)
  }
}

/** What other processes may not find once a user is deleted. */
function ofHot ({ engine, outbox }: Hot, gate: SharedGate | null): Pick<Spending, 'forget'> {
  return { forget (username) {
    outbox.forget(username)
    gate?.forget(username)
    if (!engine.isAlone()) void engine.forget(username)
  } }
}

type Tried = Parameters<typeof createSharedFailures>[1]

function newAttempts (kind: Tried, config: Config, { monotonic }: Clock, hot: Hot | null): Attempts {
  return createAttempts({ failuresPerMinute: config.authFailuresPerMinute, monotonic,
    shared: sharedFailures(kind, config, hot) })
}

function sharedFailures (kind: Tried, { authFailuresPerMinute }: Config, hot: Hot | null) {
  return hot === null ? undefined : createSharedFailures(hot.engine, kind, authFailuresPerMinute)
}

function watched (copilot: Copilot, watch: QuotaWatch): Copilot {
  return async call => {
    const response = await copilot(call)
    watch.seen(call.account, response.headers)
    return response
  }
}

function counted (exchange: Exchange, meter: Meter): Exchange {
  return async (token, signal) => {
    try {
      const session = await exchange(token, signal)
      meter.exchange('ok')
      return session
    } catch (thrown) {
      meter.exchange(toGatewayError(thrown).code)
      throw thrown
    }
  }
}
