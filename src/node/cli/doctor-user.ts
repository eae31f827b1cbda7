// Checks one user, from the record to the seat: the same steps as for a request, with one check for each. Writes
// nothing.
import { type Account } from '../../auth/account.ts'
import type { Peppers } from '../../auth/peppers.ts'
import { openWithPassword } from '../../auth/open-record.ts'
import { isSeed, readRecord } from '../../auth/record.ts'
import { equalBytes, randomBytes, toBase64Url, utf8 } from '../../bytes.ts'
import type { Config } from '../../config.ts'
import type { Clock, Log } from '../../contract.ts'
import { GatewayError } from '../../errors.ts'
import { defaultSeat, seatIdOf } from '../../seat-names.ts'
import { isFree } from '../../upstream/free.ts'
import { keys } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import { createCopilot } from '../../upstream/copilot.ts'
import { createExchange } from '../../upstream/exchange.ts'
import { createGitHub } from '../../upstream/github.ts'
import { copilotBase } from '../../upstream/hosts.ts'
import { createModels } from '../../upstream/models.ts'
import { isDirect, type GitHubToken } from '../../upstream/secrets.ts'
import type { Send } from '../../upstream/send.ts'
import { createTokens } from '../../upstream/tokens.ts'
import { readQuota, type Bucket } from '../../usage/quota.ts'
import { fail, ok, skip, systemCode, warn, type Check } from './doctor-check.ts'
import { invocation } from './invocation.ts'
import { plain } from './io.ts'

interface World {
  readonly config: Config
  readonly store: Store
  readonly peppers: Peppers
  readonly send: Send
  readonly clock: Clock
  readonly log: Log
}
interface Opened {
  readonly checks: readonly Check[]
  readonly token: GitHubToken | null
}

const linkAgain = 'Link GitHub again at /, with the same user name and password.'

export async function checkUser (username: string, password: string, world: World): Promise<Check[]> {
  const { checks, token } = await openRecord(username, password, world).catch((thrown: unknown): Opened => ({
    checks: [failed('user', thrown)],
    token: null,
  }))
  if (token === null) return [...checks, skip('seat', "needs the user's GitHub token")]
  return [...checks, ...await checkSeat(username, token, world)]
}

async function openRecord (username: string, password: string, { store, config, peppers }: World): Promise<Opened> {
  const wrong: Opened = {
    checks: [
      fail('user', 'no such user, or another password',
        'A lost password cannot be recovered: delete the user, and register again.'),
    ],
    token: null,
  }
  const value = await store.get(keys.user(username))
  if (value === null) return wrong
  const found = readRecord(value, username)
  if (isSeed(found)) {
    if (!equalBytes(utf8(password), utf8(found.password))) return wrong
    return {
      checks: [
        warn('user', "the record is the original project's: in plain text",
          `"${invocation} migrate" seals it, and so does the user's next request.`),
      ],
      token: found.token,
    }
  }
  const { verified, iterations } = await openWithPassword(found, password, value, peppers)
  if (verified === null) return wrong
  const token = await verified.openToken()
  const isChanged = iterations !== config.kdfIterations || await peppers.isOutdated(found.pepperId)
  return {
    checks: [
      ok('user', verified.opened === null
        ? 'the record opens; an earlier release sealed it, so it is sealed again at the next sign-in'
        : isChanged
        ? 'the record opens; the settings changed, so it is sealed again at the next sign-in'
        : 'the record opens'),
    ],
    token,
  }
}

async function checkSeat (username: string, token: GitHubToken, { config, send, clock, log }: World): Promise<Check[]> {
  const defer = (work: Promise<unknown>) => {
    work.catch(() => {})
  }
  const signal = AbortSignal.timeout(30_000)
  const account = accountOf(username, token)
  const tokens = createTokens({ config, exchange: createExchange(config, send, clock), store: null, clock, log })
  const checks: Check[] = []
  try {
    const from = clock.monotonic()
    const { base, token: bearer } = await tokens.get(account, defer)
    checks.push(
      ok('exchange',
        isDirect(bearer) ? 'Copilot accepts it without an exchange' : 'GitHub gives a Copilot token for it', {
        ms: Math.round(clock.monotonic() - from),
      }),
    )
    checks.push(
      ok('host',
        `${new URL(copilotBase(null, base, config)).host}${
          base === null ? ', because GitHub names none' : ', which GitHub names'
        }`),
    )
  } catch (thrown) {
    return [failed('exchange', thrown), skip('models', 'needs a Copilot token')]
  }
  const models = createModels({ copilot: createCopilot(config, send, tokens), store: null, clock, log })
  const list = models.list({ account, accountType: null, requestId: crypto.randomUUID(), defer }).then(({ models }) =>
    models.length === 0
      ? warn('models', 'Copilot lists none')
      : ok('models', `${models.length}, ${models.filter(isFree).length} of them free`)
  )
  const seat = createGitHub(config, send).seat(account, signal).then(user => {
    if (user === null) return [skip('seat', 'GitHub shows no plan and no quota to this kind of token')]
    const { plan, sku, resetsAt, buckets } = readQuota(user)
    return [ok('seat', `plan: ${plain(plan ?? 'unknown')}, kind: ${plain(sku ?? 'unknown')}`),
      ...buckets.map(bucket => checkBucket(bucket, resetsAt))]
  })
  checks.push(await list.catch((thrown: unknown) => failed('models', thrown)),
    ...await seat.catch((thrown: unknown) => [failed('seat', thrown)]))
  return checks
}

function checkBucket (
  { id, kind, entitlement, remaining, overagePermitted, resetsAt }: Bucket,
  usual: string | null,
): Check {
  const name = plain(id).slice(0, 64)
  if (remaining === null) return ok('quota', `${name}: ${kind === 'unlimited' ? 'unlimited' : 'not in the plan'}`)
  const text = `${name}: ${remaining} of ${entitlement ?? 'an unknown number'} left, renewed ${
    plain(resetsAt ?? usual ?? 'at an unknown date')
  }`
  return remaining > 0 || overagePermitted ? ok('quota', text) : warn('quota', text, 'Free models continue to work.')
}

/** Made only for this check: it seals nothing. */
function accountOf (username: string, token: GitHubToken): Account {
  const rid = toBase64Url(randomBytes(16))
  const place = { username, rid, gen: 1, seat: defaultSeat }
  return { ...place, seatId: seatIdOf(place), owner: username, seats: new Map(), entry: null,
    openGitHubToken: async () => token, seal: async text => text, open: async () => null,
    digest: async () => new Uint8Array(32) }
}

/** GitHub's own message may contain the account's name. */
function failed (name: string, thrown: unknown): Check {
  if (!(thrown instanceof GatewayError)) {
    return fail(name,
      thrown instanceof Error && thrown.name === 'StoreError' ? thrown.message : 'the check itself failed')
  }
  const message = plain(thrown.message).replace(/logged in as [\w-]+/g, 'logged in as …')
  return fail(name, `${message}${systemCode(thrown)}`,
    thrown.code === 'github_token_rejected' && !message.includes('Link GitHub') ? linkAgain : undefined)
}
