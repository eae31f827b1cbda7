// Who is calling, once proven: what the rest of the core may do with an account, and nothing more.
import type { GitHubToken } from '../upstream/secrets.ts'

export interface Account {
  readonly username: string
  /** New at creation and at every change of password. */
  readonly rid: string
  /** One more at every change of the GitHub token. */
  readonly gen: number
  /**
   * User, `rid` and `gen` in one: what is known of a seat is kept by it, for a new GitHub token or password is a new start.
   * One string as long as the account is trusted: made anew each time it would cost more than the look-up.
   */
  readonly seat: string
  /**
   * Opens the sealed GitHub token. For the exchange call alone: what it returns is dropped when that call ends.
   * @throws {GatewayError} `record_unreadable` when the record was tampered with
   */
  readonly openGitHubToken: () => Promise<GitHubToken>
  /** Seals text for the store under a key that only this user's password gives. */
  readonly seal: (text: string) => Promise<string>
  /** Null for what this account's key does not open. */
  readonly open: (sealed: string) => Promise<string | null>
}

export function seatOf ({ username, rid, gen }: Pick<Account, 'username' | 'rid' | 'gen'>): string {
  return `${username}:${rid}:${gen}`
}

export const usernameForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
export const maxUsernameLength = 64
export const passwordForm = /^acpc-[A-Za-z0-9]{10}$/

/** Of the form, not too long, and none of the names that the routes use themselves. */
export function isUsername (text: string): boolean {
  return text.length <= maxUsernameLength && usernameForm.test(text) && !reserved.has(text)
}

export function isPassword (text: string): boolean {
  return passwordForm.test(text)
}

export const reserved: ReadonlySet<string> = new Set([
  'admin', 'api', 'assets', 'chat', 'github', 'healthz', 'metrics', 'readyz', 'static', 'users', 'v1',
])
