// The session of a conversation with Auto, as the processes of a deployment share it.
import type { Account } from '../auth/account.ts'
import type { Model } from '../model-entry.ts'

export interface AutoSession {
  readonly token: string
  readonly model: Model
}

/** Times by the wall clock, in milliseconds. */
export interface SharedSession extends AutoSession {
  readonly openedAt: number
  readonly renewAt: number
  readonly endsAt: number
  readonly hasImage: boolean
  readonly isSummarised: boolean
  /** Copilot ended it early. */
  readonly isEnded: boolean
}

/** Where the processes of a deployment keep the sessions of conversations. @param seat with the host */
export interface SharedSessions {
  readonly read: (account: Account, seat: string, conversation: string) => Promise<SharedSession | null>
  /** Adds what happened to the session. A later session of the conversation stays as it is. */
  readonly write: (account: Account, seat: string, conversation: string, session: SharedSession) => Promise<void>
}

/** All processes agree on the later one, also if two were opened in the same millisecond. */
export function isLater (one: Pick<SharedSession, 'openedAt' | 'token'>, other: typeof one): boolean {
  return one.openedAt > other.openedAt || (one.openedAt === other.openedAt && one.token > other.token)
}

/** What is left when one process writes `next` over `last`. */
export function mergeSessions (last: SharedSession | null, next: SharedSession): SharedSession {
  if (last === null || isLater(next, last)) return next
  if (last.token !== next.token) return last
  return { ...last, isSummarised: last.isSummarised || next.isSummarised, isEnded: last.isEnded || next.isEnded }
}
