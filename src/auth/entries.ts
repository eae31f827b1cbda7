// The keys and sessions of a user: lists, adds, changes and removes them. Each change needs a proof by password or
// session, and rewrites the user's record.
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { defaultSeat } from '../seat-names.ts'
import { isExpired, type Entry } from './contents.ts'
import { newEntryCredential, writeEntryCredential } from './entry-credential.ts'
import type { Peppers } from './peppers.ts'
import type { Caller } from './record-changes.ts'
import { isOld, isSeed, readRecord } from './record.ts'
import type { WriteChange } from './record-writer.ts'
import { unknownSeat } from './seats.ts'
import { openContents, type OpenedRecord } from './sealed-record.ts'
import type { UserStore } from './user-store.ts'
import type { Proof } from './verified.ts'

export type EntryDraft = Omit<Entry, 'id' | 'createdAt' | 'wrapped'>
export type Edit = Partial<Pick<Entry, 'name' | 'expiresAt' | 'models' | 'monthlyCredits' | 'seat'>>
type Kinds = ReadonlyArray<Entry['kind']>

export interface Entries {
  /** What the store shows now, in the order of creation; expired keys too. @throws {GatewayError} */
  readonly list: (username: string, kinds: Kinds) => Promise<readonly Entry[]>
  /**
   * The text of the new credential, which no one can read again.
   * @throws {GatewayError} `key_limit`; `invalid_request` for an unknown seat, or if the record would be too large
   */
  readonly add: (proof: Proof, draft: EntryDraft, caller: Caller) => Promise<{ entry: Entry, text: string }>
  /** Null if the user has no such entry. @throws {GatewayError} `invalid_request` for an unknown seat */
  readonly edit: (proof: Proof, id: string, edit: Edit, caller: Caller) => Promise<Entry | null>
  /**
   * False if the user has no such entry. The server refuses the entry from now on. The limit, for a thief who also has
   * copies of the store: `docs/spec/limits.md#wrap-keys`.
   */
  readonly remove: (proof: Proof, id: string, kinds: Kinds, caller: Caller) => Promise<boolean>
}

interface Options {
  readonly users: UserStore
  readonly peppers: Peppers
  readonly write: WriteChange
  readonly clock: Clock
}

/**
 * All keys and sessions of a record; none for a record of an earlier layout. No credential is needed.
 * @throws {GatewayError} `record_unreadable`, `pepper_missing`
 */
export async function readEntries (
  value: string | null,
  username: string,
  peppers: Peppers,
): Promise<readonly Entry[]> {
  const found = value === null ? null : readRecord(value, username)
  if (found === null || isSeed(found) || isOld(found)) return []
  return (await openContents(found, await peppers.envelope(found.pepperId))).entries
}

export const maxKeys = 20
/** The oldest of more is signed out. */
const maxSessions = 10

export function createEntries ({ users, peppers, write, clock: { now } }: Options): Entries {
  return {
    async list (username, kinds) {
      const entries = await readEntries(await users.read(username), username, peppers)
      return entries.filter(({ kind, ...entry }) =>
        kinds.includes(kind) && (kind === 'key' || !isExpired(entry, now()))
      )
    },

    async add (proof, draft, caller) {
      const { id, secret } = newEntryCredential()
      const entry = { ...draft, id, createdAt: now() }
      await write(proof, caller, opened => {
        assertSeat(opened, draft.seat)
        return { entries: makeRoom(opened.contents.entries, draft.kind), add: { entry, secret } }
      })
      return { entry: { ...entry, wrapped: new Uint8Array() }, text: writeEntryCredential(draft.kind, id, secret) }
    },

    async edit (proof, id, edit, caller) {
      let edited: Entry | null = null
      await write(proof, caller, opened => {
        const { entries } = opened.contents
        assertSeat(opened, edit.seat ?? null)
        const found = entries.find(entry => entry.kind === 'key' && entry.id === id)
        if (found === undefined) return null
        const next = { ...found, ...edit }
        edited = next
        return { entries: entries.map(entry => entry === found ? next : entry) }
      })
      return edited
    },

    async remove (proof, id, kinds, caller) {
      let isThere = false
      await write(proof, caller, ({ contents: { entries } }) => {
        const left = entries.filter(entry => !(entry.id === id && kinds.includes(entry.kind)))
        isThere = left.length < entries.length
        return isThere ? { entries: left, rotate: true } : null
      })
      return isThere
    },
  }

  function makeRoom (entries: readonly Entry[], kind: Entry['kind']): readonly Entry[] {
    const current = entries.filter(entry => entry.kind === 'key' || !isExpired(entry, now()))
    if (kind === 'key') {
      if (current.filter(entry => entry.kind === 'key').length < maxKeys) return current
      throw new GatewayError('key_limit', `A user has ${maxKeys} keys at most. Revoke one first.`)
    }
    const sessions = current.filter(entry => entry.kind !== 'key')
    const [oldest] = sessions
    return sessions.length < maxSessions ? current : current.filter(entry => entry !== oldest)
  }
}

/** @param seat null for the one that each request names */
function assertSeat ({ contents: { seats } }: OpenedRecord, seat: string | null): void {
  if (seat !== null && seat !== defaultSeat && seats.every(({ name }) => name !== seat)) throw unknownSeat('seat')
}
