// Invites: codes that let one person register each, also where registration is closed. The store holds a digest of a
// code. `one-time-codes.ts` says how far a code works only once. A wrong code counts as an attempt of the address,
// before the store is read.
import { equalBytes, sha256, toBase64Url, utf8 } from '../bytes.ts'
import type { Call, Clock, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { mapAtOnce } from '../map-at-once.ts'
import { isObject } from '../json.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Attempts } from './attempts.ts'
import { randomLetters } from './entry-credential.ts'
import { createOneTimeCodes } from './one-time-codes.ts'
import { listKeys } from './user-list.ts'
import { guard } from './user-store.ts'

export interface Invite {
  readonly id: string
  readonly createdAt: number
  readonly expiresAt: number
}
export interface Invites {
  /** @returns the code too, which no one can read again @throws {GatewayError} `invite_limit`, `store_unavailable` */
  readonly create: (lifeMs: number) => Promise<Invite & { readonly code: string }>
  /** The open ones, the oldest first. @throws {GatewayError} `store_unavailable` */
  readonly list: () => Promise<readonly Invite[]>
  /** False if there is no such open invite. After an error it may be called again. @throws {GatewayError} */
  readonly remove: (id: string) => Promise<boolean>
  /**
   * The open invite of a code; null for any other text. Text of another form than a code's costs nothing.
   * @throws {GatewayError} `rate_limited` after too many wrong codes of this address, `overloaded`, `store_unavailable`
   */
  readonly find: (code: string, address: string) => Promise<Invite | null>
  /**
   * True for the one request that may use the invite, if it is still open. That request then calls `finish` or
   * `release`.
   */
  readonly claim: (invite: Invite) => Promise<boolean>
  /** The account exists: the invite is over. Failures are logged; the claim stays in any case. */
  readonly finish: (invite: Invite, defer: Call['defer']) => void
  /** No account was made: the invite is open again. */
  readonly release: (invite: Invite) => Promise<void>
}

/** Open ones at a time. */
export const maxInvites = 50
const form = /^acpi-([a-z0-9]{8})-([a-z0-9]{32})$/
const idForm = /^[a-z0-9]{8}$/
const readsAtOnce = 16

export function createInvites (
  store: Store,
  attempts: Pick<Attempts, 'run'>,
  { now }: Pick<Clock, 'now'>,
  log: Log,
): Invites {
  const uses = createOneTimeCodes({ store, keyOf: keys.invite, useKeyOf: keys.inviteUse, name: 'invite', now, log })

  return {
    async create (lifeMs) {
      if ((await openIds()).length >= maxInvites) {
        throw new GatewayError('invite_limit', `There are ${maxInvites} open invites at most. Revoke one first.`)
      }
      const [id, secret] = [randomLetters(8), randomLetters(32)]
      const [createdAt, expiresAt] = [now(), now() + lifeMs]
      const value = JSON.stringify({ at: createdAt, ex: expiresAt, digest: toBase64Url(await sha256(secret)) })
      await guard(store.set(keys.invite(id), value, expiresAt))
      return { id, createdAt, expiresAt, code: `acpi-${id}-${secret}` }
    },
    async list () {
      const found = await mapAtOnce(await openIds(), readsAtOnce, read)
      return found.filter(invite => invite !== null).map(({ id, createdAt, expiresAt }) => ({ id, createdAt,
        expiresAt })
      ).sort((a, b) => a.createdAt - b.createdAt)
    },
    async remove (id) {
      return idForm.test(id) && uses.claimIf(id, async () => {
        if (await read(id) === null) return false
        await guard(store.delete(keys.invite(id)))
        return true
      })
    },
    async find (code, address) {
      const [, id, secret = ''] = form.exec(code) ?? []
      return id === undefined ? null : attempts.run({ address }, () => open(id, secret), found => found === null)
    },
    // The request has asked GitHub since it found the invite. Meanwhile the invite may have ended, or been revoked. If
    // the store refuses the mark, another process has the claim, and may still release it.
    claim: ({ id }) => uses.claimIf(id, async () => await read(id) !== null && await uses.markUsed(id)),
    finish: ({ id, expiresAt }, defer) => uses.finish(id, expiresAt, defer),
    release: ({ id }) => uses.release(id),
  }

  async function open (id: string, secret: string): Promise<Invite | null> {
    const invite = uses.isClaimed(id) ? null : await read(id)
    if (invite === null || !equalBytes(utf8(invite.digest), utf8(toBase64Url(await sha256(secret))))) return null
    return invite
  }

  async function openIds (): Promise<string[]> {
    const idsOf = async (prefix: string) => (await guard(listKeys(store, prefix))).map(key => key.slice(prefix.length))
    const [all, used] = await Promise.all([idsOf(keys.invitePrefix), idsOf(keys.inviteUsePrefix)])
    const gone = new Set(used)
    return all.filter(id => idForm.test(id) && !gone.has(id) && !uses.isClaimed(id))
  }

  async function read (id: string): Promise<Invite & { readonly digest: string } | null> {
    const raw = parse(await guard(store.get(keys.invite(id))))
    if (!isObject(raw)) return null
    const { at, ex, digest } = raw
    if (typeof at !== 'number' || typeof ex !== 'number' || typeof digest !== 'string') return null
    return ex <= now() ? null : { id, createdAt: at, expiresAt: ex, digest }
  }
}

function parse (value: string | null): unknown {
  try {
    return JSON.parse(value ?? 'null')
  } catch {
    return null
  }
}
