// Moves users' records from one store to another, or seals plain ones in place. A sealed record is copied unchanged,
// because the migration knows no passwords. A record of the original project contains its own password, so it can be
// sealed. The migration may stop after any step: finished work remains, and the next run continues.
import { isUsername } from '../../auth/account.ts'
import type { Peppers } from '../../auth/peppers.ts'
import type { OldRecord } from '../../auth/old-record.ts'
import { isOld, isSeed, writeRecord, type SeedCredential, type StoredRecord,
  type UserRecord } from '../../auth/record.ts'
import { openContents, sealContents, sealRecord } from '../../auth/sealed-record.ts'
import { listKeys, listNames, removeTraces } from '../../auth/user-list.ts'
import { keys } from '../../store/keys.ts'
import { StoreError, type Store } from '../../store/store.ts'
import { compareRecords, compareSeed, readOrNull } from './migrate-compare.ts'
import { carryDays } from './migrate-days.ts'
import { createUsageCarrier } from './migrate-usage.ts'
import type { Outcome, Report } from './migrate-report.ts'

export interface MigrateOptions {
  readonly from: Store
  /** Null: plain records are sealed in place. */
  readonly to: Store | null
  readonly peppers: Peppers
  readonly iterations: number
  /** Whether to delete records from the first store once the second holds them. */
  readonly remove: boolean
  /** The setting USAGE_DAYS. */
  readonly keepDays: number
}
interface Done {
  readonly outcome: Outcome
  readonly reason?: string
}

/** If the store is gone, do not try every user. */
const failuresInARow = 5

/** @throws {StoreError} when the users of the first store cannot be listed */
export async function migrateRecords (
  { from, to, peppers, iterations, remove, keepDays }: MigrateOptions,
): Promise<Report> {
  const counts = { moved: 0, sealed: 0, renewed: 0, present: 0, kept: 0, skipped: 0, failed: 0, removed: 0,
    leftovers: 0 }
  const notes: Array<Report['notes'][number]> = []
  const stillPlain = new Set<string>()
  const carried: string[] = []
  let withoutPepper = 0
  let stopped: string | null = null

  const names = await listNames(from)
  const metas = new Set(to === null ? [] : await listKeys(from, keys.metaPrefix))
  /** One listing saves a call for every user whom the second store does not have yet. */
  const theirs = new Set(
    to === null ? [] : [...await listKeys(to, keys.userPrefix), ...await listKeys(to, keys.metaPrefix)],
  )
  const carryUsage = to === null ? null : await createUsageCarrier(from, to, keepDays)
  for (let at = 0, failures = 0; at < names.length && stopped === null; at++) {
    const username = names[at] ?? ''
    const { outcome, reason } = await one(username).catch((thrown: unknown): Done => {
      if (!(thrown instanceof StoreError)) throw thrown
      return { outcome: 'failed', reason: thrown.message }
    })
    counts[outcome]++
    if (reason !== undefined) notes.push({ username, outcome, reason })
    failures = outcome === 'failed' ? failures + 1 : 0
    if (failures >= failuresInARow) {
      stopped = `${failures} records in a row failed; ${names.length - at - 1} were not tried`
    }
  }
  // After all records: usage takes many more writes, and on KV a day has few.
  for (const [at, username] of carried.entries()) {
    try {
      await carryUsage?.(username)
      if (remove) await removeFrom(username)
    } catch (thrown) {
      if (!(thrown instanceof StoreError)) throw thrown
      stopped ??= `the usage of ${carried.length - at} users was not carried: ${thrown.message}; run this again later`
      break
    }
  }
  if (to === null && stopped === null && counts.failed === 0) {
    await repair().catch((thrown: unknown) => {
      if (!(thrown instanceof StoreError)) throw thrown
      stopped = `left-over keys could not be removed: ${thrown.message}`
    })
  }
  return { counts, notes, plain: stillPlain.size, withoutPepper, stopped }

  async function one (username: string): Promise<Done> {
    const value = await from.get(keys.user(username))
    if (value === null) return { outcome: 'present' } // Deleted since it was listed: nothing is left to do.
    const found = readOrNull(value, username)
    if (found === null || isSeed(found)) stillPlain.add(username) // An unreadable record may be plain.
    if (found === null) return { outcome: 'skipped', reason: 'the record cannot be read; it was left as it is' }
    if (!isUsername(username)) {
      return { outcome: 'skipped', reason: 'this proxy does not accept such a name; it was left as it is' }
    }
    if (!isSeed(found) && await isUnknownPepper(found)) withoutPepper++
    if (to === null) return isSeed(found) ? sealInPlace(username, value, found) : renewInPlace(username, value, found)
    const done = await carry(to, username, value, found)
    if (done.outcome === 'moved' || done.outcome === 'sealed' || done.outcome === 'present') {
      if (metas.has(keys.meta(username))) await carryDays(from, to, username, theirs.has(keys.meta(username)))
      carried.push(username)
    }
    return done
  }

  async function sealInPlace (username: string, value: string, seed: SeedCredential): Promise<Done> {
    const sealed = await seal(username, seed)
    if (await from.get(keys.user(username)) !== value) {
      return { outcome: 'failed', reason: 'it changed meanwhile; run this again' }
    }
    await from.set(keys.user(username), sealed)
    await from.delete(seed.key)
    stillPlain.delete(username)
    return { outcome: 'sealed' }
  }

  /** Ends a rotation of the pepper for users who do not come back: the envelope of version 2 needs no password. */
  async function renewInPlace (username: string, value: string, found: UserRecord | OldRecord): Promise<Done> {
    const isDone = isOld(found) || await isUnknownPepper(found) || !await peppers.isOutdated(found.pepperId)
    if (isDone) return { outcome: 'present' }
    const contents = await openContents(found, await peppers.envelope(found.pepperId)).catch(() => null)
    if (contents === null) return { outcome: 'skipped', reason: 'its seal does not open; it was left as it is' }
    const renewed = writeRecord(await sealContents(found, contents, await peppers.current()))
    if (await from.get(keys.user(username)) !== value) {
      return { outcome: 'failed', reason: 'it changed meanwhile; run this again' }
    }
    await from.set(keys.user(username), renewed)
    return { outcome: 'renewed' }
  }

  async function carry (to: Store, username: string, value: string, found: StoredRecord): Promise<Done> {
    const wanted = isSeed(found) ? null : value
    const there = theirs.has(keys.user(username)) ? await to.get(keys.user(username)) : null
    if (there === null) {
      if (await to.create(keys.user(username), wanted ?? await seal(username, found as SeedCredential))) {
        return { outcome: wanted === null ? 'sealed' : 'moved' }
      }
      return { outcome: 'failed', reason: 'the other store got another record meanwhile; run this again' }
    }
    if (there === value && wanted !== null) return { outcome: 'present' }
    const other = readOrNull(there, username)
    if (other === null) {
      return { outcome: 'kept', reason: 'the record there cannot be read; delete that user there first' }
    }
    if (isSeed(other)) {
      return { outcome: 'kept', reason: 'the record there is in plain text; seal it first, by "migrate" on that store' }
    }
    switch (isSeed(found) ? await compareSeed(other, found, there, peppers) : compareRecords(found, other)) {
      case 'same':
        return { outcome: 'present' }
      case 'newer':
        await to.set(keys.user(username), value)
        return { outcome: 'moved' }
      case 'older':
        return { outcome: 'kept', reason: 'the record there is newer: its GitHub token was renewed' }
      case 'unrelated':
        return { outcome: 'kept', reason: 'the record there has another password, or the user registered again' }
      case 'other-password':
        return { outcome: 'kept', reason: 'there is a sealed record there, with another password' }
      case 'other-token':
        return { outcome: 'kept', reason: 'there is a sealed record there, with another GitHub token' }
    }
  }

  /** Deletes the record last, so that the next run continues after an interruption. */
  async function removeFrom (username: string): Promise<void> {
    await removeTraces(from, username)
    await from.delete(keys.user(username))
    stillPlain.delete(username)
    counts.removed++
  }

  /**
   * Removes keys of the original layout whose user is sealed or gone. An interrupted run left them, or the original
   * project itself.
   */
  async function repair (): Promise<void> {
    for (const key of await listKeys(from, keys.seedPrefix)) {
      const owner = key.split(':')[1] ?? ''
      const found = readOrNull(key, owner)
      if (found === null || !isSeed(found) || stillPlain.has(owner)) continue
      await from.delete(key)
      counts.leftovers++
    }
  }

  async function seal (username: string, { password, token }: SeedCredential): Promise<string> {
    return (await sealRecord(username, password, token, { iterations, pepper: await peppers.current() })).value
  }

  async function isUnknownPepper ({ pepperId }: UserRecord | OldRecord): Promise<boolean> {
    return peppers.of(pepperId).then(() => false, () => true)
  }
}
