// The report of `migrate`.
import type { Store } from '../../store/store.ts'
import { plain, type Io } from './io.ts'

/**
 * `present`: nothing to do. `renewed`: sealed again with the current pepper. `kept`: the second store keeps its own,
 * different record of this user.
 */
export type Outcome = 'moved' | 'sealed' | 'renewed' | 'present' | 'kept' | 'skipped' | 'failed'
export interface Report {
  readonly counts: Readonly<Record<Outcome | 'removed' | 'leftovers', number>>
  /** The reasons for records that were kept, skipped or failed. */
  readonly notes: ReadonlyArray<{ readonly username: string, readonly outcome: Outcome, readonly reason: string }>
  /** Records in plain text that the first store still holds. */
  readonly plain: number
  /** Sealed records that need a pepper which the settings lack. */
  readonly withoutPepper: number
  /** Why the migration stopped early, or null. */
  readonly stopped: string | null
}

/** Shows user names and counts, never a key or a value. */
export function printReport (
  { counts, notes, plain: left, withoutPepper, stopped }: Report,
  { from, to, isDry, out }: { from: Store['kind'], to: Store['kind'] | null, isDry: boolean, out: Io['out'] },
): void {
  for (const { username, outcome, reason } of notes) out(`${outcome}: ${plain(username)}: ${reason}`)
  const where = to === null ? `in ${from}` : `from ${from} to ${to}`
  out(`${isDry ? 'It would be, ' : 'Done, '}${where}:`)
  if (to === null && counts.renewed > 0) out(`  ${counts.renewed} sealed again with the current pepper`)
  if (to === null) out(`  ${counts.sealed} sealed, ${counts.present} already sealed`)
  else {out(
      `  ${counts.moved} moved, ${counts.sealed} sealed and moved, ${counts.present} already there, ${counts.kept} `
        + `kept as they are there`,
    )}
  out(`  ${counts.skipped} skipped, ${counts.failed} failed`)
  if (counts.removed > 0) out(`  ${counts.removed} removed from ${from}`)
  if (counts.leftovers > 0) out(`  ${counts.leftovers} left-over keys in plain text removed`)
  if (to !== null) out('  Cached Copilot tokens (cred:) are not moved: the server requests new ones.')
  if (to !== null && left > 0 && !isDry) {
    out(
      `${from} still holds ${left} records in plain text or unreadable. "migrate" without --from and --to seals `
        + `them there, and --remove deletes them.`,
    )
  }
  if (withoutPepper > 0) {
    out(
      `${withoutPepper} records need a SECRET_PEPPER that is not set here: the server needs it, as SECRET_PEPPER `
        + `or SECRET_PEPPER_PREVIOUS.`,
    )
  }
  if (counts.sealed > 0 && !isDry) {
    out(
      'The original project kept tokens in key names: ask these users to link GitHub again, and to revoke the old '
        + 'token.',
    )
  }
  if (stopped !== null) out(`Stopped: ${stopped}. Run it again to continue.`)
}
