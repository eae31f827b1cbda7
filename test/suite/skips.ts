// Cases that cannot pass on a kind of target, each by its name and with the reason: five at most, more where two
// processes count, read or learn for themselves. docs/operations.md#engines has these differences.
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
const ownLists = 'each process reads the list of models, and the quota page, once in its time'
const ownLessons = 'each process learns for itself what Copilot refuses'
const ownAuto = 'each process asks once whether the seat has Auto'
const lateAuto = 'another process learns within five seconds that Copilot ended a session, and tries a renewal itself'

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
  'direct-tokens: such a seat has no quota page, and Usage says so without asking GitHub': sinceStart,
  'search: searches count as calls of the model that made them': sinceStart,
  "search: the tokens of Claude Code's own search count once": sinceStart,
  'usage: calls through the proxy are counted by user and model, streamed or not': sinceStart,
  'usage: GitHub is asked once in 30 s, with the GitHub token': ownLists,
  'usage-history: Copilot’s own count since the first answer is shown next to this proxy’s': sinceStart,
  'models: the list is requested once in five minutes for each account type': ownLists,
  'models: an error of the list is passed on and never remembered; the last good list stays': ownLists,
  'operator: usage by user, the state of store and upstream, and recent errors without content':
    'two gateways have a list of recent errors each; the workers of one server have one list',
  'operator: every action leaves one audit line of a fixed shape, without a secret':
    'each gateway has its own log, and the case expects the lines in one order',
  'front-door: M3: wrong passwords from many addresses do not lock out the user from an address without a failure':
    'credentials are warm in the process that checked them; in the other one the address is limited',
  'search: a model that refuses to search is no longer asked to, and the gateway searches for it': ownLessons,
  'learning: a refused field is dropped and named; after two refusals it is not sent to this model for an hour':
    ownLessons,
  "pace: one user's large requests do not decide when another user is answered":
    'the two gateways of the test share one event loop, and each lets two large requests of a user in',
  'auto: a request whose repetition meets an ended session leaves none behind': lateAuto,
  'auto: a session is renewed five minutes before it ends; if that fails, the old one serves': lateAuto,
  'auto: a failure of POST /auto gives the place back, and a waiting request asks once':
    'two processes that open a session for one conversation at the same moment open two; the newer one stays',
  'auto: without POST /auto, a seat of Auto is asked on Chat without a model, and the reply says so': ownAuto,
  'auto: a paid seat without Auto gets a clear error, and its list loses auto': ownAuto,
}

const serverClock = 'the case moves the clock, and the server has its own'
/** Limits of addresses are kept by the server's own clock, which no test moves. */
const serverTime: Skips = {
  'operator: wrong invites of an address are limited before the store is read': serverClock,
  'operator: wrong invites are limited where registration is open, too': serverClock,
  [
    'front-door: M2: the answer stays the same when the failures are used up too, and the right password changes its '
    + 'user until then'
  ]: serverClock,
  'front-door: L1: wrong admin tokens of an address are limited, and the right one is not counted': serverClock,
}
/** The pace of device codes, too. */
const otherClock: Skips = {
  'device-flow: a poll that comes too early is 429 slow_down with a longer interval, and does not reach GitHub':
    'the case moves the clock between two polls, and the engine has its own',
}

/** Of the store SQLite. */
function lateUsage (): Skips {
  const names = ['a call counts by day, model, key, client, seat and endpoint, with its tokens and credits',
    'rows of other columns add up, in every dialect and streamed or not',
    'a key and a session count under their own names', 'as CSV, for a spreadsheet',
    'a deleted user leaves no usage to the next one of that name']
  const reason = 'usage is written every 4 s, so the last seconds of another process are missing'
  return Object.fromEntries(names.map(name => [`usage-history: ${name}`, reason]))
}

export const skips: Readonly<Record<TargetKind, Skips>> = {
  'node-memory': {},
  'node-sqlite': {},
  'node-sqlite-2': { ...pair, ...lateUsage(), ...otherClock },
  'node-valkey': { 'operator: wrong invites of an address are limited before the store is read': serverClock },
  'node-valkey-2': { ...pair, ...serverTime, ...otherClock },
  'node-kv': {},
  workerd,
  'workerd-objects': workerd,
}
