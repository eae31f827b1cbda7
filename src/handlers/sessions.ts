// POST, GET and DELETE /session: a page's session, by a cookie that wraps the data key. POST /session/device-code: a
// code that signs a further device in. GET and DELETE /v1/devices: where a user is signed in. `docs/keys.md#sessions`
import { isPassword, isUsername } from '../auth/account.ts'
import { tokenInvalid } from '../auth/credentials.ts'
import type { Entry } from '../auth/contents.ts'
import { isOverHttps } from '../auth/cookies.ts'
import { isKey, sessionKinds } from '../auth/entry-credential.ts'
import { assertSameOrigin } from '../auth/same-origin.ts'
import { readPageSession, writeSessionCookie, type PageSession } from '../auth/session-cookie.ts'
import type { Proof } from '../auth/verified.ts'
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
type Fields = Readonly<Record<string, unknown>>

/** By a password, or by the one-time code that another device shows. */
export function openSession (core: Core): Handler {
  return async call => {
    assertSameOrigin(call, core.config.publicOrigin)
    const fields = readApiBody(call, maxSessionBytes)
    const remember = readRemember(fields)
    if (fields['device_code'] !== undefined) return redeem(core, call, fields['device_code'], remember)
    const { username, password } = readSignIn(fields)
    const { registry } = accountsOf(core)
    const verified = await registry.prove({ username, password }, call).catch(withAccountLimit(core.config))
    return start(core, call, { credential: password, verified }, remember)
  }
}

async function start (core: Core, call: Call, proof: Proof, remember: boolean): Promise<Reply> {
  const { config, clock } = core
  const { username } = proof.verified.record
  const expiresAt = clock.now() + config.sessionDays * dayMs
  const { entry, text } = await accountsOf(core).entries.add(proof, {
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

/** A failure after the claim gives the code back: only a device that is signed in uses it up. */
async function redeem (core: Core, call: Call, code: unknown, remember: boolean): Promise<Reply> {
  const { deviceCodes } = accountsOf(core)
  const note = (outcome: 'limited' | 'auth-failed') =>
    core.audit({ action: 'redeem-device-code', outcome, address: call.address, reqId: call.id })
  const found = typeof code === 'string'
    ? await deviceCodes.find(code, call.address).catch((thrown: unknown) => {
      if (thrown instanceof GatewayError && thrown.code === 'rate_limited') note('limited')
      return withAccountLimit(core.config)(thrown)
    })
    : null
  if (found === null || !await deviceCodes.claim(found)) {
    note('auth-failed')
    throw new GatewayError('auth-failed',
      'This code is used, or its two minutes are over. Show a new one on the device that is signed in.')
  }
  const reply = await start(core, call, found.proof, remember).catch(async (thrown: unknown) => {
    await deviceCodes.release(found)
    throw thrown
  })
  deviceCodes.finish(found, call.defer)
  return reply
}

/** POST /session/device-code: a code that signs one further device in. */
export function offerDevice (core: Core): Handler {
  return async call => {
    const { publicOrigin } = core.config
    assertSameOrigin(call, publicOrigin)
    const { registry, deviceCodes } = accountsOf(core)
    const session = readPageSession(call, publicOrigin)
    if (session === null) throw tokenInvalid()
    const { username, text } = session
    const verified = await registry.prove({ username, password: text }, call).catch(asTokenInvalid)
    const { code, expiresAt } = await deviceCodes.create(verified)
    core.audit({ action: 'create-device-code', outcome: 'done', user: username, address: call.address, reqId: call.id })
    const origin = publicOrigin ?? `${isOverHttps(call) ? 'https' : 'http'}://${call.host}`
    return json(201, { code, expires_at: iso(expiresAt), link: `${origin}/#device=${code}` })
  }
}

function asTokenInvalid (thrown: unknown): never {
  throw thrown instanceof GatewayError && thrown.code === 'auth-failed' ? tokenInvalid() : thrown
}

/**
 * With `?optional=1`, a page without a session gets 200 and no user name: a browser would print a 401 in its console.
 */
export function getSession (core: Core): Handler {
  return async call => {
    assertSameOrigin(call, core.config.publicOrigin)
    const isOptional = call.query.get('optional') === '1'
    const session = readPageSession(call, core.config.publicOrigin)
    if (session === null && isOptional) return json(200, noSession)
    if (session === null) throw tokenInvalid()
    const { username, id } = session
    const found = await accountsOf(core).signIn.authenticate({ username, headers: {}, session, address: call.address,
      defer: call.defer, id: call.id }).catch((thrown: unknown) => {
        if (isOptional && thrown instanceof GatewayError && thrown.code === 'invalid_api_key') return null
        throw thrown
      })
    return json(200, found === null ? noSession : show(username, id, found.entry?.expiresAt ?? 0))
  }
}

const noSession = { username: null, device: null, expires_at: null }

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

/** @throws {GatewayError} `invalid_request` */
function readRemember ({ remember = false }: Fields): boolean {
  if (typeof remember === 'boolean') return remember
  throw new GatewayError('invalid_request', '`remember` must be true or false.', { param: 'remember' })
}

/** @throws {GatewayError} `invalid-username`, `invalid-password`, `key_not_allowed` */
function readSignIn ({ username, password }: Fields): { readonly username: string, readonly password: string } {
  if (typeof password === 'string' && isKey(password)) throw keyNotAllowed()
  if (typeof username !== 'string' || !isUsername(username)) {
    throw new GatewayError('invalid-username', 'This is no user name.')
  }
  if (typeof password !== 'string' || !isPassword(password)) {
    throw new GatewayError('invalid-password', 'This is no password: acpc- and ten letters or digits.')
  }
  return { username, password }
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
