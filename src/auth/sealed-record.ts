// Opens and seals records of version 2, from the outside in: the envelope under the pepper, a wrap of the data key, and
// the data under the data key. The seal of the data covers everything that the envelope holds: no entry can be added,
// changed or moved without the data key.
import { concatBytes, decodeBase64, decodeText, fromUtf8, lengthPrefixed, randomBytes, toBase64Url } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../json.ts'
import { defaultSeat } from '../seat-names.ts'
import { readGitHubToken, type GitHubToken } from '../upstream/secrets.ts'
import { readPasswordWrap, readSealedData, writeAccess, writePasswordWrap, writeSealedData, type Access, type Contents,
  type Entry, type PasswordWrap, type SealedData } from './contents.ts'
import { parseObject, unreadable } from './record-fields.ts'
import { maxRecordLength, writeRecord, type Pepper, type UserRecord } from './record.ts'
import { decrypt, encrypt, type UserKeys } from './seal.ts'
import { envelopeKey, keysOfDataKey, keysOfPassword, unwrapDataKey, wrapDataKey, wrapKeyOf, dataKeyBytes,
  type PasswordKeys, type WrapKind } from './wrap.ts'

/** A record that a credential has opened. The data key is enough to change the record. */
export interface OpenedRecord {
  readonly record: UserRecord
  /** Without the password's wrap, if a key or a session opened the record: it needs none. */
  readonly contents: OpenedContents
  readonly dataKey: Bytes
  readonly keys: UserKeys
  /** What the seal of the data covers. */
  readonly binding: Bytes
  /** The record in the form that the store holds. */
  readonly value: string
}

export type OpenedContents =
  & SealedData
  & Partial<Pick<Contents, 'password'>>

/** What is sealed under the data key. */
interface Secrets {
  /** By the name of the seat. */
  readonly tokens: ReadonlyMap<string, GitHubToken>
  /**
   * By the id of the entry, and `password`. With them, a new data key is wrapped for credentials that are absent. The
   * price: a data key of the past yields the wrap keys of all credentials of its time. `docs/spec/limits.md#wrap-keys`.
   */
  readonly wrapKeys: Readonly<Record<string, string>>
}

type Head = Pick<UserRecord, 'username' | 'rid' | 'gen' | 'rev' | 'pepperId'>

/** @throws {GatewayError} `record_unreadable` if it was sealed under another pepper, or changed since */
export async function openPassword (record: UserRecord, envelope: CryptoKey): Promise<PasswordWrap> {
  const text = await openEnvelope(record, 'password', record.password, envelope)
  const password = readPasswordWrap(text)
  if (text !== writePasswordWrap(password)) throw unreadable()
  return password
}

/** @throws {GatewayError} `record_unreadable` as `openPassword` */
export async function openContents (record: UserRecord, envelope: CryptoKey): Promise<Contents> {
  return { password: await openPassword(record, envelope), ...await openSealedData(record, envelope) }
}

/** @throws {GatewayError} `record_unreadable` as `openPassword` */
export async function openSealedData (record: UserRecord, envelope: CryptoKey): Promise<SealedData> {
  const text = await openEnvelope(record, 'data', record.data, envelope)
  const data = readSealedData(text)
  if (text !== writeSealedData(data)) throw unreadable()
  return data
}

/** Null for a wrong password. */
export async function openDataKey (
  { username, rid }: UserRecord,
  kind: WrapKind,
  { id, wrapped }: { readonly id: string | Bytes, readonly wrapped: Bytes },
  wrapKey: Bytes,
): Promise<Bytes | null> {
  return unwrapDataKey(wrapKey, { kind, username, rid, id }, wrapped)
}

/**
 * Opens the data, so that a record with any change is refused. Base64 and JSON allow several spellings of the same
 * bytes, so the stored value must equal exactly what `writeRecord` writes.
 * @throws {GatewayError} `record_unreadable`
 */
export async function authenticate (
  record: UserRecord,
  contents: OpenedContents,
  dataKey: Bytes,
  value: string,
): Promise<OpenedRecord> {
  const keys = await keysOfDataKey(dataKey, record.username, record.rid)
  const binding = dataBinding(record, contents)
  const bytes = await openData(contents, keys, binding)
  bytes.fill(0)
  if (value !== writeRecord(record)) throw unreadable()
  return { record, contents, dataKey, keys, binding, value }
}

/** Opens the GitHub token of a seat on demand. It keeps neither the data key nor the entries. */
export function createTokenOpener (
  { contents: { iv, ciphertext }, keys, binding }: OpenedRecord,
): (seat?: string) => Promise<GitHubToken> {
  return async (seat = defaultSeat) => {
    const token = readSecrets(await openData({ iv, ciphertext }, keys, binding)).tokens.get(seat)
    if (token === undefined) throw unreadable()
    return token
  }
}

export interface SealOptions {
  readonly iterations: number
  readonly pepper:
    | Pepper
    | null
  /** Of the record of version 1 that this one replaces. */
  readonly rid?: Bytes
  readonly gen?: number
}

/** A record with a new data key and no entry. It costs one key derivation, so it belongs behind the KDF gate. */
export async function sealRecord (
  username: string,
  password: string,
  token: GitHubToken,
  { iterations, pepper, rid = randomBytes(16), gen = 1 }: SealOptions,
): Promise<OpenedRecord> {
  const dataKey = randomBytes(dataKeyBytes)
  const { wrap, wrapKey } = await wrapForPassword(password, iterations, { username, rid, dataKey })
  return sealAll({ username, rid, gen, rev: 1 }, { password: wrap, entries: [], seats: [] }, dataKey, {
    tokens: new Map([[defaultSeat, token]]),
    wrapKeys: { password: toBase64Url(wrapKey) },
  }, pepper)
}

export interface Change {
  /** Links a seat to a GitHub account: a new seat, or a new token. For the default seat, it increases `gen`. */
  readonly link?: { readonly seat: string, readonly token: GitHubToken }
  /** A seat to remove: never the default one. */
  readonly unlink?: string
  /** The password to wrap for from now on. It costs one key derivation. */
  readonly password?: { readonly text: string, readonly iterations: number }
  /** The entries that stay, perhaps changed. */
  readonly entries?: readonly Entry[]
  readonly add?: { readonly entry: Omit<Entry, 'wrapped'>, readonly secret: string }
  /**
   * Makes a new data key and a new `rid`: a credential that does not stay opens nothing newer by itself. With an older
   * copy of the record it does, if it also opens the envelope. `docs/spec/limits.md#wrap-keys`.
   */
  readonly rotate?: boolean
}

/**
 * @param opened with the password's wrap
 * @throws {GatewayError} `record_unreadable`; `invalid_request` if the record would be too large
 */
export async function changeRecord (
  opened: OpenedRecord,
  change: Change,
  pepper: Pepper | null,
): Promise<OpenedRecord> {
  const { record: { username, gen, rev }, contents } = opened
  const secrets = readSecrets(await openData(contents, opened.keys, opened.binding))
  const isRotated = change.rotate === true
  const rid = isRotated ? randomBytes(16) : opened.record.rid
  const dataKey = isRotated ? randomBytes(dataKeyBytes) : opened.dataKey
  const place = { username, rid, dataKey }
  const wrapKeys: Record<string, string> = {}

  const password = await nextPassword()
  const entries: Entry[] = []
  for (const entry of change.entries ?? contents.entries) {
    const wrapKey = storedWrapKey(entry.id)
    wrapKeys[entry.id] = toBase64Url(wrapKey)
    entries.push(isRotated ? { ...entry, wrapped: await wrapDataKey(wrapKey, { ...place, ...entry }, dataKey) } : entry)
  }
  if (change.add !== undefined) {
    const { entry, secret } = change.add
    const wrapKey = await wrapKeyOf(entry.kind, username, entry.id, secret)
    wrapKeys[entry.id] = toBase64Url(wrapKey)
    entries.push({ ...entry, wrapped: await wrapDataKey(wrapKey, { ...place, ...entry }, dataKey) })
  }
  const { password: _password, ...more } = change // Another wrap for the password changes nothing for other readers.
  const nextRev = Object.keys(more).length > 0 ? rev + 1 : rev
  const { seats, tokens } = changeSeats(contents.seats, secrets.tokens, change, nextRev)
  return sealAll({ username, rid, gen: change.link?.seat === defaultSeat ? gen + 1 : gen, rev: nextRev }, {
    password,
    entries,
    seats,
  }, dataKey, { tokens, wrapKeys }, pepper)

  async function nextPassword (): Promise<PasswordWrap> {
    if (change.password !== undefined) {
      const { wrap, wrapKey } = await wrapForPassword(change.password.text, change.password.iterations, place)
      wrapKeys['password'] = toBase64Url(wrapKey)
      return wrap
    }
    const wrapKey = storedWrapKey('password')
    wrapKeys['password'] = toBase64Url(wrapKey)
    if (contents.password === undefined) throw new Error('a record was changed without its password wrap')
    if (!isRotated) return contents.password
    const { salt } = contents.password
    return { ...contents.password,
      wrapped: await wrapDataKey(wrapKey, { kind: 'password', username, rid, id: salt }, dataKey) }
  }

  function storedWrapKey (id: string): Bytes {
    const key = decodeBase64(secrets.wrapKeys[id] ?? '')
    if (key?.length !== 32) throw unreadable()
    return key
  }
}

function changeSeats (
  seats: Access['seats'],
  tokens: Secrets['tokens'],
  { link, unlink }: Change,
  rev: number,
): { readonly seats: Access['seats'], readonly tokens: Secrets['tokens'] } {
  const nextTokens = new Map(tokens)
  if (link !== undefined) nextTokens.set(link.seat, link.token)
  if (unlink !== undefined) nextTokens.delete(unlink)
  const changed = link?.seat ?? unlink
  if (changed === undefined || changed === defaultSeat) return { seats, tokens: nextTokens }
  if (link === undefined) return { tokens: nextTokens, seats: seats.filter(({ name }) => name !== changed) }
  const own = { name: changed, gen: rev }
  const isNew = seats.every(({ name }) => name !== changed)
  return { tokens: nextTokens, seats: isNew ? [...seats, own] : seats.map(seat => seat.name === changed ? own : seat) }
}

/** The same content in new envelopes, perhaps under another pepper. It needs no credential. */
export async function sealContents (
  { username, rid, gen, rev }: Omit<Head, 'pepperId'>,
  contents: Contents,
  pepper: Pepper | null,
): Promise<UserRecord> {
  const head = { version: 2 as const, username, rid, gen, rev, pepperId: pepper?.id ?? null }
  const key = await envelopeKey(pepper?.secret ?? null)
  return { ...head, password: await sealEnvelope(head, 'password', writePasswordWrap(contents.password), key),
    data: await sealEnvelope(head, 'data', writeSealedData(contents), key) }
}

async function sealAll (
  head: Pick<UserRecord, 'username' | 'rid' | 'gen' | 'rev'>,
  access: Pick<Contents, 'password' | 'entries' | 'seats'>,
  dataKey: Bytes,
  secrets: Secrets,
  pepper: Pepper | null,
): Promise<OpenedRecord> {
  const keys = await keysOfDataKey(dataKey, head.username, head.rid)
  const iv = randomBytes(12)
  const binding = dataBinding(head, access)
  const contents = { ...access, iv, ciphertext: await encrypt(keys.user, iv, binding, writeSecrets(secrets)) }
  const record = await sealContents(head, contents, pepper)
  const value = writeRecord(record)
  if (value.length > maxRecordLength) {
    throw new GatewayError('invalid_request', 'The keys of this user take too much room: list fewer models in them.')
  }
  return { record, contents, dataKey, keys, binding, value }
}

async function wrapForPassword (
  password: string,
  iterations: number,
  { username, rid, dataKey }: { readonly username: string, readonly rid: Bytes, readonly dataKey: Bytes },
): Promise<{ wrap: PasswordWrap, wrapKey: Bytes }> {
  const salt = randomBytes(16)
  const { verifier, wrapKey }: PasswordKeys = await keysOfPassword(password, { username, salt, iterations })
  const wrapped = await wrapDataKey(wrapKey, { kind: 'password', username, rid, id: salt }, dataKey)
  return { wrapKey, wrap: { iterations, salt, verifier, wrapped } }
}

async function openData (
  { iv, ciphertext }: Pick<Contents, 'iv' | 'ciphertext'>,
  { user }: UserKeys,
  binding: Bytes,
): Promise<Bytes> {
  try {
    return await decrypt(user, iv, binding, ciphertext)
  } catch (cause) {
    throw unreadable(cause)
  }
}

function readSecrets (bytes: Bytes): Secrets {
  const { t, w } = parseObject(decodeText(bytes) ?? '')
  bytes.fill(0)
  if (!isObject(t) || !isObject(w)) throw unreadable()
  const tokens = new Map<string, GitHubToken>()
  for (const [seat, text] of Object.entries(t)) {
    const token = typeof text === 'string' ? readGitHubToken(text) : null
    if (token === null) throw unreadable()
    tokens.set(seat, token)
  }
  if (!tokens.has(defaultSeat)) throw unreadable()
  return { tokens, wrapKeys: w as Record<string, string> }
}

function writeSecrets ({ tokens, wrapKeys }: Secrets): string {
  return JSON.stringify({ t: Object.fromEntries(tokens), w: wrapKeys })
}

type Part = 'password' | 'data'

async function sealEnvelope (head: Head, part: Part, text: string, envelope: CryptoKey): Promise<Bytes> {
  const iv = randomBytes(12)
  return concatBytes([iv, await encrypt(envelope, iv, envelopeBinding(head, part), text)])
}

async function openEnvelope (head: Head, part: Part, sealed: Bytes, envelope: CryptoKey): Promise<string> {
  const binding = envelopeBinding(head, part)
  try {
    return fromUtf8(await decrypt(envelope, sealed.slice(0, 12), binding, sealed.slice(12)))
  } catch (cause) {
    throw unreadable(cause)
  }
}

function envelopeBinding ({ username, rid, gen, rev, pepperId }: Head, part: Part): Bytes {
  return lengthPrefixed('acpc/v2/envelope', part, username, rid, String(gen), String(rev), pepperId ?? '')
}

function dataBinding (
  { username, rid, gen, rev }: Pick<UserRecord, 'username' | 'rid' | 'gen' | 'rev'>,
  { entries, seats }: Access,
): Bytes {
  return lengthPrefixed('acpc/v2/user', username, rid, String(gen), String(rev), writeAccess({ entries, seats }))
}
