// The proven caller. The rest of the core can do with an account only what this interface offers.
import type { GitHubToken } from '../upstream/secrets.ts'

export interface Account {
  readonly username: string
  /** Changes when the user is created and with every new password. */
  readonly rid: string
  /** Increases with every new GitHub token of the seat. */
  readonly gen: number
  /** The name of the linked GitHub account that this request uses; `default` for the one of the registration. */
  readonly seat: string
  /**
   * User, `rid`, `gen` and seat in one string, `seat-names.ts`. Facts about a seat are cached under it: a new GitHub
   * token or password starts with an empty cache. The string is built once for each trusted account: building it for
   * every request would cost more than the look-up.
   */
  readonly seatId: string
  /**
   * User and seat in one string: what the gateway remembers of conversations and calls is kept under it. It stays with
   * a new password. For the default seat it is the name of the user.
   */
  readonly owner: string
  /** This account for each seat of the user, by its name. */
  readonly seats: ReadonlyMap<string, Account>
  /** The key or the session that signed in, with its limits; null for the password. */
  readonly entry:
    | AccountEntry
    | null
  /**
   * Opens the sealed GitHub token. Only the token exchange calls this, and drops the result when it ends.
   * @throws {GatewayError} `record_unreadable` if someone tampered with the record
   */
  readonly openGitHubToken: () => Promise<GitHubToken>
  /** Seals text for the store, for this seat alone, under a key that only this user's password yields. */
  readonly seal: (text: string) => Promise<string>
  /** Null for text that this account's key does not open. */
  readonly open: (sealed: string) => Promise<string | null>
  /** 32 bytes, keyed by this user's password: equal on all instances, different for every user and seat. */
  readonly digest: (text: string) => Promise<Uint8Array>
}

/** A credential other than the password, and its limits. */
export interface AccountEntry {
  /** `key`: opens the API. `device`: a remembered page. `session`: a page until its browser closes. */
  readonly kind:
    | 'key'
    | 'device'
    | 'session'
  /** Eight of `[a-z0-9]`. */
  readonly id: string
  /** Null: never. */
  readonly expiresAt:
    | number
    | null
  /** The models that a key may use; null for all. */
  readonly models:
    | readonly string[]
    | null
  /** The most credits that a key may spend in a month (UTC); null for any number. */
  readonly monthlyCredits:
    | number
    | null
  /** The seat that a key is bound to; null: the request names it, or it is the default. */
  readonly seat: string | null
}

export const usernameForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
export const maxUsernameLength = 64
export const passwordForm = /^acpc-[A-Za-z0-9]{10}$/

/** Whether a user may have this name: its form and length fit, and it is no route. */
export function isUsername (text: string): boolean {
  return text.length <= maxUsernameLength && usernameForm.test(text) && !routeNames.has(text)
}

/** Whether a new user may take this name. */
export function isFreeName (text: string): boolean {
  return isUsername(text) && !laterNames.has(text)
}

export function isPassword (text: string): boolean {
  return passwordForm.test(text)
}

const routeNames: ReadonlySet<string> = new Set(['admin', 'api', 'assets', 'chat', 'github', 'healthz', 'metrics',
  'readyz', 'static', 'users', 'v1'])
/** Reserved later than the others: a user who has such a name keeps it. */
const laterNames: ReadonlySet<string> = new Set(['connect', 'session', 'setup', 'v1beta'])

export const reserved: ReadonlySet<string> = new Set([...routeNames, ...laterNames])
