// The last warnings and errors of this process, or of all that serve together, for the operator's page: what the log
// says, without texts that came from outside. A leaf.
import type { Log, LogFields } from './contract.ts'
import { scrub } from './scrub.ts'

export interface RecentError {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly level:
    | 'warn'
    | 'error'
  /** A constant of the code. */
  readonly message: string
  readonly event: string | null
  readonly code: string | null
  readonly status:
    | number
    | null
  /** The class of the thrown error. */
  readonly type: string | null
  readonly user: string | null
  readonly requestId: string | null
}
export interface ErrorList {
  /** The newest first. */
  readonly list: () => readonly RecentError[] | Promise<readonly RecentError[]>
}
export interface RecentErrors extends ErrorList {
  readonly list: () => readonly RecentError[]
  /** The same log. It also keeps its warnings and errors, whatever LOG_LEVEL is. */
  readonly watch: (log: Log) => Log
}

const most = 200
const longestWord = 64

/** @param now milliseconds since the epoch */
export function createRecentErrors (now: () => number): RecentErrors {
  const kept: RecentError[] = []
  const keep = (
    level: RecentError['level'],
    { event, action, code, status, err, user, reqId }: LogFields,
    message: string,
  ) => {
    kept.push({ at: now(), level, message, event: word(event === 'audit' ? `audit ${action}` : event), code: word(code),
      status: status ?? null, type: err instanceof Error ? word(err.name) : null, user: word(user),
      requestId: word(reqId) })
    if (kept.length > most) kept.shift()
  }
  return {
    list: () => kept.toReversed(),
    watch: log => ({
      ...log,
      warn (fields, message) {
        keep('warn', fields, message)
        log.warn(fields, message)
      },
      error (fields, message) {
        keep('error', fields, message)
        log.error(fields, message)
      },
    }),
  }
}

/** The newest of several processes. @param parts the list of each, as JSON */
export function newestOf (parts: readonly string[]): readonly RecentError[] {
  return parts.flatMap(part => JSON.parse(part) as RecentError[]).sort((a, b) => b.at - a.at).slice(0, most)
}

/** Upstream may send any code, so a long or odd one is cut, and what looks like a secret is not kept. */
function word (text: string | undefined): string | null {
  return text === undefined ? null : scrub(text).replaceAll(/[^\w .:/[\]-]/g, '?').slice(0, longestWord)
}
