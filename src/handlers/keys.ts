// GET and POST /v1/keys, PATCH and DELETE /v1/keys/:id: a user's named keys. They take the password or a session, never
// a key. `docs/keys.md`
import type { Account } from '../auth/account.ts'
import type { Entry } from '../auth/contents.ts'
import { tokenInvalid } from '../auth/credentials.ts'
import type { Entries } from '../auth/entries.ts'
import { readPageSession } from '../auth/session-cookie.ts'
import { credentialFor } from '../auth/sign-in.ts'
import { guard } from '../auth/user-store.ts'
import type { Proof } from '../auth/verified.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { accountOf, readApiBody } from './api-body.ts'
import { readKeyFields, readName, showKey } from './key-form.ts'
import { assertNoKey } from './key-rights.ts'
import { json } from './reply.ts'

export const maxKeyBytes = 16_384

export function listKeys (core: Core): Handler {
  return async call => {
    const { username } = ownerOf(call)
    const found = await entriesOf(core).list(username, ['key'])
    return json(200, { object: 'list', data: await show(core, username, found) })
  }
}

export function createKey (core: Core): Handler {
  return owned(async call => {
    const { username } = ownerOf(call)
    const body = readApiBody(call, maxKeyBytes)
    const draft = { kind: 'key' as const, expiresAt: null, models: null, monthlyCredits: null, seat: null,
      ...readKeyFields(body, core.clock.now()), name: readName(body['name']) }
    const { entry, text } = await entriesOf(core).add(await proveOwner(core, call), draft, call)
    core.audit({ action: 'create-key', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return json(201, { ...showKey(entry, null, 0), key: text })
  })
}

export function editKey (core: Core): Handler {
  return owned(async call => {
    const { username } = ownerOf(call)
    const edit = readKeyFields(readApiBody(call, maxKeyBytes), core.clock.now())
    const edited = await entriesOf(core).edit(await proveOwner(core, call), idOf(call), edit, call)
    if (edited === null) throw noSuchKey()
    core.audit({ action: 'change-key', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return json(200, (await show(core, username, [edited]))[0])
  })
}

export function deleteKey (core: Core): Handler {
  return owned(async call => {
    const { username } = ownerOf(call)
    if (!await entriesOf(core).remove(await proveOwner(core, call), idOf(call), ['key'], call)) throw noSuchKey()
    core.audit({ action: 'revoke-key', outcome: 'done', user: username, address: call.address, reqId: call.id })
    return json(200, { id: idOf(call), deleted: true })
  })
}

/** @throws {GatewayError} `key_not_allowed` */
export function ownerOf (call: Call): Account {
  const account = accountOf(call)
  assertNoKey(account)
  return account
}

/** The runtime has authenticated the call, perhaps from memory. A change needs what the credential opens. */
export async function proveOwner ({ accounts, config }: Core, call: Call): Promise<Proof> {
  const { username } = accountOf(call)
  const credential = credentialFor({ username, headers: call.headers,
    session: readPageSession(call, config.publicOrigin) })
  if (credential === null || accounts === null) throw tokenInvalid()
  return { credential, verified: await accounts.registry.prove({ username, password: credential }, call) }
}

/** If the credential changes while the call runs, the answer is that of a wrong one. */
export function owned (handle: Handler): Handler {
  return call =>
    handle(call).catch((thrown: unknown) => {
      throw thrown instanceof GatewayError && thrown.code === 'auth-failed' ? tokenInvalid() : thrown
    })
}

async function show ({ accounts, spending }: Core, username: string, entries: readonly Entry[]): Promise<object[]> {
  const days = await daysOf(accounts, username)
  const spent = await spending.of(username)
  return entries.map(entry => showKey(entry, days[entry.id] ?? null, spent.get(entry.id) ?? 0))
}

/** The days on which a user's keys and sessions were last used, by id. */
export function daysOf (accounts: Core['accounts'], username: string): Promise<Readonly<Record<string, string>>> {
  return guard(accounts?.lastUse.entryDays(username) ?? Promise.resolve({}))
}

/** The runtime refuses every call without a store. */
export function entriesOf ({ accounts }: Core): Entries {
  if (accounts === null) throw tokenInvalid()
  return accounts.entries
}

/** The id in the address. */
export function idOf ({ params }: Call): string {
  return params['id'] ?? ''
}

export function noSuchKey (what = 'key'): GatewayError {
  return new GatewayError('not_found', `This user has no such ${what}.`)
}
