// POST, GET and DELETE /session: a page's session, by a cookie that wraps the data key. GET and DELETE /v1/devices:
// where a user is signed in. `docs/keys.md#sessions`
import { isPassword, isUsername } from '../auth/account.ts'
import { tokenInvalid } from '../auth/credentials.ts'
import type { Entry } from '../auth/contents.ts'
import { isOverHttps } from '../auth/cookies.ts'
import { isKey, sessionKinds } from '../auth/entry-credential.ts'
import { assertSameOrigin } from '../auth/same-origin.ts'
import { readPageSession, writeSessionCookie, type PageSession } from '../auth/session-cookie.ts'
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import { dayMs } from '../days.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { accountsOf, withAccountLimit } from './account.ts'
import { readApiBody } from './api-body.ts'
import { iso } from './key-form.ts'
import { keyNotAllowed } from './key-rights.ts'
import { daysOf, entriesOf, idOf, noSuchKey, owned, ownerOf, proveOwner } from './keys.ts'
import { json } from './reply.ts'

const maxSessionBytes = 4_096

export function openSession (core: Core): Handler {
  const { config, clock } = core
  return async call => {
    assertSameOrigin(call, config.publicOrigin)
    const { registry, entries } = accountsOf(core)
    const { username, password, remember } = readSignIn(call)
    const verified = await registry.prove({ username, password }, call).catch(withAccountLimit(config))
    const expiresAt = clock.now() + config.sessionDays * dayMs
    const { entry, text } = await entries.add({ credential: password, verified }, {
      kind: remember ? 'device' : 'session',
      name: nameOfBrowser(call.headers['user-agent']),
      expiresAt,
      models: null,
      monthlyCredits: null,
      seat: null,
    }, call)
    core.audit({ action: 'open-session', outcome: 'done', user: username, address: call.address, reqId: call.id })
    await endEarlier(core, call)
    return withCookie(call, json(200, show(username, entry.id, expiresAt)), `${username}.${text}`,
      remember ? config.sessionDays * dayMs / 1_000 : null)
  }
}

export function getSession (core: Core): Handler {
  return async call => {
    assertSameOrigin(call, core.config.publicOrigin)
    const { signIn } = accountsOf(core)
    const session = readPageSession(call, core.config.publicOrigin)
    if (session === null) throw tokenInvalid()
    const { entry } = await signIn.authenticate({ username: session.username, headers: {}, session,
      address: call.address, defer: call.defer, id: call.id })
    return json(200, show(session.username, session.id, entry?.expiresAt ?? 0))
  }
}

/** Signs out, also where the session has ended already. */
export function closeSession (core: Core): Handler {
  return async call => {
    assertSameOrigin(call, core.config.publicOrigin)
    const session = readPageSession(call, core.config.publicOrigin)
    if (session !== null) await end(core, session, call)
    return withCookie(call, json(200, { status: 'signed-out' }), '', 0)
  }
}

/** A browser has one session. The new sign-in counts, even if the store fails to end the earlier one. */
async function endEarlier (core: Core, call: Call): Promise<void> {
  const earlier = readPageSession(call, core.config.publicOrigin)
  if (earlier === null) return
  await end(core, earlier, call).catch((err: unknown) => {
    core.log.warn({ event: 'repair-failed', code: toGatewayError(err).code, err }, 'an earlier session did not end')
  })
}

async function end (core: Core, { username, text, id }: PageSession, call: Call): Promise<void> {
  const { registry, entries } = accountsOf(core)
  try {
    const verified = await registry.prove({ username, password: text }, call)
    if (!await entries.remove({ credential: text, verified }, id, sessionKinds, call)) return
    core.audit({ action: 'close-session', outcome: 'done', user: username, address: call.address, reqId: call.id })
  } catch (thrown) {
    if (!(thrown instanceof GatewayError && thrown.code === 'auth-failed')) throw thrown
  }
}

export function listDevices (core: Core): Handler {
  return async call => {
    const { username, entry } = ownerOf(call)
    const found = await entriesOf(core).list(username, sessionKinds)
    const days = await daysOf(core.accounts, username)
    return json(200, { object: 'list',
      data: found.map(device => showDevice(device, days[device.id] ?? null, entry?.id === device.id)) })
  }
}

export function deleteDevice (core: Core): Handler {
  return owned(async call => {
    const { username } = ownerOf(call)
    const id = idOf(call)
    if (!await entriesOf(core).remove(await proveOwner(core, call), id, sessionKinds, call)) throw noSuchKey('device')
    core.audit({ action: 'close-session', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return json(200, { id, deleted: true })
  })
}

function showDevice (
  { id, name, kind, createdAt, expiresAt }: Entry,
  lastUsedDay: string | null,
  isThis: boolean,
): object {
  return { id, name, remembered: kind === 'device', created_at: iso(createdAt), last_used_day: lastUsedDay,
    expires_at: expiresAt === null ? null : iso(expiresAt), current: isThis }
}

function show (username: string, device: string, expiresAt: number): object {
  return { username, device, expires_at: iso(expiresAt) }
}

/** @throws {GatewayError} `invalid-username`, `invalid-password`, `invalid_request`, `key_not_allowed` */
function readSignIn (call: Call): { readonly username: string, readonly password: string, readonly remember: boolean } {
  const { username, password, remember = false } = readApiBody(call, maxSessionBytes)
  if (typeof remember !== 'boolean') {
    throw new GatewayError('invalid_request', '`remember` must be true or false.', { param: 'remember' })
  }
  if (typeof password === 'string' && isKey(password)) throw keyNotAllowed()
  if (typeof username !== 'string' || !isUsername(username)) {
    throw new GatewayError('invalid-username', 'This is no user name.')
  }
  if (typeof password !== 'string' || !isPassword(password)) {
    throw new GatewayError('invalid-password', 'This is no password: acpc- and ten letters or digits.')
  }
  return { username, password, remember }
}

function withCookie (call: Call, reply: Reply, value: string, seconds: number | null): Reply {
  return { ...reply,
    headers: { ...reply.headers, 'set-cookie': writeSessionCookie(value, seconds, isOverHttps(call)) } }
}

/** From the more special word to the more general one: Edge calls itself Chrome and Safari too, Android Linux. */
const browsers: ReadonlyArray<readonly [word: string, name: string]> = [['Edg', 'Edge'], ['EdgA', 'Edge'], ['EdgiOS',
  'Edge'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['FxiOS', 'Firefox'], ['CriOS', 'Chrome'], ['HeadlessChrome',
  'Chrome'], ['Chrome', 'Chrome'], ['Safari', 'Safari'], ['curl', 'curl']]
const systems: typeof browsers = [['Windows', 'Windows'], ['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad',
  'iPad'], ['Mac OS X', 'macOS'], ['CrOS', 'ChromeOS'], ['Linux', 'Linux']]

/** For the list of devices. It is the browser's word, and decides nothing. */
function nameOfBrowser (userAgent = ''): string {
  return [browsers, systems].map(known => known.find(([word]) => new RegExp(`\\b${word}\\b`).test(userAgent))?.[1])
    .filter(name => name !== undefined).join(' on ') || 'a browser'
}
