// One-time codes that sign a further device in: a signed-in page shows one as a QR code, and a phone redeems it within
// two minutes. The store holds the data key wrapped under the secret of the code, so a copy of the store opens nothing.
// `one-time-codes.ts` says how far a code works only once.
import { decodeBase64, toBase64Url } from '../bytes.ts'
import type { Bytes, Call, Clock, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../json.ts'
import { createLimiter } from '../limiter.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Attempts } from './attempts.ts'
import { isExpired, type Entry } from './contents.ts'
import { newEntryCredential } from './entry-credential.ts'
import { createOneTimeCodes } from './one-time-codes.ts'
import { openWithDataKey } from './open-record.ts'
import type { Peppers } from './peppers.ts'
import { isOld, isSeed, readRecord } from './record.ts'
import { guard, type UserStore } from './user-store.ts'
import { toVerified, type Proof, type Verified } from './verified.ts'
import { unwrapDataKey, wrapDataKey, wrapKeyOf, wrappedBytes } from './wrap.ts'

export interface DeviceCode {
  readonly id: string
  /** `acpd-…`, which no one can read again. */
  readonly code: string
  readonly expiresAt: number
}
/** A right code, and what it opened. The proof is for one change: it adds the session. */
export interface Redeemable {
  readonly id: string
  readonly username: string
  readonly proof: Proof
}
export interface DeviceCodes {
  /** @throws {GatewayError} `rate_limited` after ten codes in ten minutes, `store_unavailable` */
  readonly create: (verified: Verified) => Promise<DeviceCode>
  /**
   * Null for a code that is wrong, used or too old, or whose user has another data key by now. Text of another form
   * costs nothing.
   * @throws {GatewayError} `rate_limited` after too many wrong codes of this address, `overloaded`, `store_unavailable`
   */
  readonly find: (code: string, address: string) => Promise<Redeemable | null>
  /** True for the one request that may use the code. That request then calls `finish` or `release`. */
  readonly claim: (found: Redeemable) => Promise<boolean>
  /** The device is signed in. Failures are logged; the claim stays in any case. */
  readonly finish: (found: Redeemable, defer: Call['defer']) => void
  /** No device was signed in: the code works again. */
  readonly release: (found: Redeemable) => Promise<void>
}

interface Options {
  readonly store: Store
  readonly users: UserStore
  readonly peppers: Peppers
  readonly attempts: Pick<Attempts, 'run'>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly log: Log
  /** How many codes a user may still make: seconds until the next one. In this process if absent. */
  readonly limiter?: { readonly take: (username: string) => number | Promise<number> }
}

export const deviceCodeMs = 120_000
/** Of one user. */
export const codeLimit = { perWindow: 10, windowMs: 600_000 } as const
const form = /^acpd-([a-z0-9]{8})-([a-z0-9]{32})$/

export function createDeviceCodes (
  { store, users, peppers, attempts, clock, log,
    limiter = createLimiter({ ...codeLimit, monotonic: clock.monotonic }) }: Options,
): DeviceCodes {
  const { now } = clock
  const uses = createOneTimeCodes({ store, keyOf: keys.deviceCode, useKeyOf: keys.deviceCodeUse, name: 'device code',
    now, log })

  return {
    async create ({ record: { username, rid }, opened }) {
      if (opened === null) throw new Error('a session opens records of version 2 alone')
      if (await limiter.take(username) > 0) {
        throw new GatewayError('rate_limited', 'Too many codes for devices. Try again in a minute.', {
          retryAfterSeconds: codeLimit.windowMs / codeLimit.perWindow / 1_000,
        })
      }
      const { id, secret } = newEntryCredential()
      const wrapKey = await wrapKeyOf('code', username, id, secret)
      const wrapped = await wrapDataKey(wrapKey, { kind: 'code', username, rid, id }, opened.dataKey)
      const expiresAt = now() + deviceCodeMs
      const value = JSON.stringify({ ex: expiresAt, u: username, dk: toBase64Url(wrapped) })
      await guard(store.set(keys.deviceCode(id), value, expiresAt))
      return { id, expiresAt, code: `acpd-${id}-${secret}` }
    },

    async find (code, address) {
      const [, id, secret = ''] = form.exec(code) ?? []
      return id === undefined ? null : attempts.run({ address }, () => open(id, secret, code), found => found === null)
    },

    claim: ({ id }) => uses.claimIf(id, () => uses.markUsed(id)),
    finish: ({ id }, defer) => uses.finish(id, now() + deviceCodeMs, defer),
    release: ({ id }) => uses.release(id),
  }

  async function open (id: string, secret: string, code: string): Promise<Redeemable | null> {
    const stored = uses.isClaimed(id) ? null : read(await guard(store.get(keys.deviceCode(id))))
    if (stored === null || isExpired(stored, now())) return null
    const { username, wrapped } = stored
    const value = await users.read(username)
    const record = value === null ? null : readRecord(value, username)
    if (value === null || record === null || isSeed(record) || isOld(record)) return null
    const wrapKey = await wrapKeyOf('code', username, id, secret)
    const dataKey = await unwrapDataKey(wrapKey, { kind: 'code', username, rid: record.rid, id }, wrapped)
    if (dataKey === null) return null
    const verified = toVerified(await openWithDataKey(record, dataKey, value, peppers), entryOf(id))
    return { id, username, proof: { credential: code, verified } }
  }
}

/** In no record: so the code itself is never trusted as a credential. */
function entryOf (id: string): Entry {
  return { kind: 'session', id, name: '', createdAt: 0, expiresAt: 0, wrapped: new Uint8Array(), models: null,
    monthlyCredits: null, seat: null }
}

function read (
  text: string | null,
): { readonly username: string, readonly wrapped: Bytes, readonly expiresAt: number } | null {
  const raw = parse(text)
  if (!isObject(raw)) return null
  const { ex, u, dk } = raw
  if (typeof ex !== 'number' || typeof u !== 'string' || typeof dk !== 'string') return null
  const wrapped = decodeBase64(dk)
  return wrapped?.length === wrappedBytes ? { username: u, wrapped, expiresAt: ex } : null
}

function parse (text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
