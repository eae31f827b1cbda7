// Cases that cannot pass on a kind of target, each by its name and with the reason: five at most, more where two
// processes count for themselves. docs/operations.md#engines has these differences.
import type { Skips } from '../fixtures/cases.ts'
import type { TargetKind } from '../fixtures/targets.ts'

const workerd: Skips = {
  'chat: a client that leaves before the status, streaming or not, closes the upstream call too':
    "on a plain socket workerd reads nothing while it waits, so it cannot see a FIN; Cloudflare's edge reports it. "
    + 'It sees a RST at once: test/workers/disconnect.test.ts',
  'exchange: GitHub down, with a closed connection: one more try, then 502 upstream_error':
    'workerd by itself repeats a GET whose connection broke, so there is one more try than the case counts; it '
    + 'does not repeat a POST: test/workers/upstream.test.ts',
}

const sinceStart = 'counts since the start are of the process that answers; the history of usage has those of all'
const ownRenewals = 'each process counts its own renewals after a 401: at most three in 30 s in each of them'
const ownFailures = 'each process asks GitHub once, and remembers the refusal for itself'
const ownLists = 'each process reads the list of models, and the quota page, once in its time'

/** Two processes, whatever the store. */
const pair: Skips = {
  'socket: a user may have 64 connections, and one that closes makes room':
    'connections use the memory of their own process, so each process has its own limit',
  'socket: its calls are in the usage of the user, and each message has a line in the log': sinceStart,
  'sign-in: within 60 s of the last check a request makes no store call, after that one':
    'the promise is of one process: each of the two reads the record once',
  'keys: a cap counts an estimate for a stream that ends before upstream names its price':
    'the cap is exact, but `credits_used` of a key shows what another process spent up to ten seconds later',
  'seats: 20 keys and 5 seats for one user; one more of either is 409': sinceStart,
  ...exchangeFailures(),
  "exchange: GitHub's rate limit: 429 with the time that GitHub names": ownFailures,
  'exchange: a token that is still valid is used while GitHub is down':
    'the other process has not used the token yet, and asks GitHub',
}

/** Of the store SQLite. */
const late: Skips = {
  'seats: a warm request of any seat calls no store':
    'the other process writes to the file meanwhile, and a process that sees that reads the record again',
}

const pairOfAll: Skips = {
  'operator: usage by user, the state of store and upstream, and recent errors without content':
    'two gateways have a list of recent errors each; the workers of one server have one list',
  'operator: every action leaves one audit line of a fixed shape, without a secret':
    'each gateway has its own log, and the case expects the lines in one order',
  'models: the list is requested once in five minutes for each account type': ownLists,
  'models: an error of the list is passed on and never remembered; the last good list stays': ownLists,
  'upstream: a 401 renews the token once and repeats the call': ownRenewals,
  'upstream: a 401 renews the token once and repeats the call, streamed': ownRenewals,
  'upstream: a new token that never works is 403 github_token_rejected; no exchange follows within 30 s': ownRenewals,
  'upstream: M1: a token revoked again within 3 s is renewed three times, then 503 with retry-after': ownRenewals,
  'upstream: M1: a token revoked again within 3 s is renewed three times, then 503 with retry-after, streamed':
    ownRenewals,
  'usage: calls through the proxy are counted by user and model, streamed or not': sinceStart,
  'usage: GitHub is asked once in 30 s, with the GitHub token': ownLists,
  'usage-history: Copilot’s own count since the first answer is shown next to this proxy’s': sinceStart,
}

/** Limits of addresses are kept by the server's own clock, which no test moves. */
const serverTime: Skips = {
  'operator: wrong invites of an address are limited before the store is read': 'the case moves the clock by a minute, '
    + 'and the server has its own',
  'operator: wrong invites are limited where registration is open, too':
    'the case moves the clock by a minute, and the ' + 'server has its own',
  'operator: an invite expires, can be revoked, and there are fifty at most':
    'all targets of the run share one server, with the invites of other cases',
  'device-flow: a poll that comes too early is 429 slow_down with a longer interval, and does not reach GitHub':
    'the case moves the clock between two polls, and the server has its own',
}

function exchangeFailures (): Skips {
  return Object.fromEntries(
    ['revoked', 'no-seat', 'wrong-app', 'policy', 'access-revoked'].map(
      kind => [`exchange: ${kind}: 403 github_token_rejected says what to do; GitHub gets no call for a minute`,
        ownFailures]
    ),
  )
}

export const skips: Readonly<Record<TargetKind, Skips>> = {
  'node-memory': {},
  'node-sqlite': {},
  'node-sqlite-2': { ...pair, ...late },
  'node-valkey': {
    'operator: wrong invites of an address are limited before the store is read':
      'the case moves the clock, and the server has its own',
  },
  'node-valkey-2': { ...pair, ...pairOfAll, ...serverTime },
  'node-kv': {},
  workerd,
  'workerd-objects': workerd,
}
