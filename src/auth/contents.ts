// What the envelopes of a record hold: how each credential opens the data key, what each may do, and the data under the
// data key. The texts are written in exactly one way, because the seal of the data covers them.
import { toBase64Url } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { isObject } from '../json.ts'
import { defaultSeat, maxSeats } from '../seat-names.ts'
import { type AccountEntry } from './account.ts'
import { isSeatName, type SeatLink } from './seats.ts'
import { isCount, kdf, parseObject, readBytes, readCiphertext, unreadable } from './record-fields.ts'
import { iterationBounds } from './seal.ts'
import { wrappedBytes } from './wrap.ts'

export interface PasswordWrap {
  readonly iterations: number
  readonly salt: Bytes
  readonly verifier: Bytes
  readonly wrapped: Bytes
}

export interface Entry extends AccountEntry {
  readonly name: string
  readonly createdAt: number
  readonly wrapped: Bytes
}

/** What the seal of the data covers: no one can add, change or move a credential or a seat without the data key. */
export interface Access {
  readonly entries: readonly Entry[]
  /** The seats next to the default one. */
  readonly seats: readonly SeatLink[]
}

/** What lies in the second envelope. */
export interface SealedData extends Access {
  readonly iv: Bytes
  readonly ciphertext: Bytes
}
export interface Contents extends SealedData {
  readonly password: PasswordWrap
}

/** @param now milliseconds since the epoch */
export function isExpired ({ expiresAt }: Pick<Entry, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

export const entryIdForm = /^[a-z0-9]{8}$/
export const maxEntryName = 64
export const maxEntryModels = 50
const maxModelId = 128
const kinds: ReadonlyArray<Entry['kind']> = ['key', 'device', 'session']

/** @throws {GatewayError} `record_unreadable` */
export function readPasswordWrap (text: string): PasswordWrap {
  const raw = parseObject(text)
  const { it } = raw
  // Checked before any costly work.
  if (raw['kdf'] !== kdf || !isCount(it) || it < iterationBounds.min || it > iterationBounds.max) throw unreadable()
  return { iterations: it, salt: readBytes(raw, 'salt', 16), verifier: readBytes(raw, 'vf', 32),
    wrapped: readBytes(raw, 'dk', wrappedBytes) }
}

/** @throws {GatewayError} `record_unreadable` */
export function readSealedData (text: string): SealedData {
  const raw = parseObject(text)
  const { en, se = [] } = raw
  if (!Array.isArray(en) || !Array.isArray(se) || se.length >= maxSeats) throw unreadable()
  return { entries: en.map(readEntry), seats: se.map(readSeatLink), iv: readBytes(raw, 'iv', 12),
    ciphertext: readCiphertext(raw, 'ct') }
}

export function writePasswordWrap ({ iterations, salt, verifier, wrapped }: PasswordWrap): string {
  return JSON.stringify({ kdf, it: iterations, salt: toBase64Url(salt), vf: toBase64Url(verifier),
    dk: toBase64Url(wrapped) })
}

export function writeSealedData ({ entries, seats, iv, ciphertext }: SealedData): string {
  return JSON.stringify({ ...rawAccess({ entries, seats }), iv: toBase64Url(iv), ct: toBase64Url(ciphertext) })
}

/** The part that the seal of the data covers. The password's wrap is bound by its own derivation. */
export function writeAccess (access: Access): string {
  return JSON.stringify(rawAccess(access))
}

/** Without further seats, the text is that of a release without seats. */
function rawAccess ({ entries, seats }: Access): object {
  return {
    en: entries.map(({ kind, id, name, createdAt, expiresAt, wrapped, models, monthlyCredits, seat }) => ({
      k: kind,
      id,
      n: name,
      at: createdAt,
      ex: expiresAt,
      dk: toBase64Url(wrapped),
      m: models,
      c: monthlyCredits,
      s: seat,
    })),
    ...seats.length === 0 ? {} : { se: seats.map(({ name, gen }) => ({ n: name, g: gen })) },
  }
}

function readSeatLink (raw: unknown): SeatLink {
  if (!isObject(raw)) throw unreadable()
  const { n, g } = raw
  if (!isText(n) || !isSeatName(n) || n === defaultSeat || !isCount(g)) throw unreadable()
  return { name: n, gen: g }
}

function readEntry (raw: unknown): Entry {
  if (!isObject(raw)) throw unreadable()
  const { k, id, n, at, ex, m, c, s } = raw
  const kind = kinds.find(known => known === k)
  if (kind === undefined || !isText(id) || !entryIdForm.test(id) || !isText(n) || n.length > maxEntryName) {
    throw unreadable()
  }
  if (!isCount(at) || !(ex === null || isCount(ex)) || !(s === null || isText(s))) throw unreadable()
  if (!(c === null || isAmount(c)) || !(m === null || isModels(m))) throw unreadable()
  return { kind, id, name: n, createdAt: at, expiresAt: ex, wrapped: readBytes(raw, 'dk', wrappedBytes), models: m,
    monthlyCredits: c, seat: s }
}

export function isModels (value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.length <= maxEntryModels
    && value.every(model => isText(model) && model !== '' && model.length <= maxModelId)
}

/** Credits: a finite number from 0. */
export function isAmount (value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isText (value: unknown): value is string {
  return typeof value === 'string'
}
