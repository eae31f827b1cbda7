// The sessions that POST /auto opened.
import { alphanumeric } from './random.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Seat } from './types.ts'

export interface AutoSession {
  readonly login: string
  readonly model: string
  expiresAt: number
}

export interface AutoSessions {
  readonly open: (seat: Seat, model: ModelEntry) => { token: string, expiresAt: number }
  /** Undefined for an unknown token, an expired one, and one of another seat. */
  readonly find: (token: string, seat: Seat) => AutoSession | undefined
  readonly expireAll: () => void
}

const lifetimeMs = 86_400_000

export function createAutoSessions (now: () => number): AutoSessions {
  const sessions = new Map<string, AutoSession>()
  return {
    open (seat, model) {
      const token = `auto_${alphanumeric(48)}`
      const expiresAt = now() + lifetimeMs
      sessions.set(token, { login: seat.login, model: model.id, expiresAt })
      return { token, expiresAt }
    },
    find (token, seat) {
      const found = sessions.get(token)
      return found !== undefined && found.login === seat.login && now() < found.expiresAt ? found : undefined
    },
    expireAll () {
      for (const session of sessions.values()) session.expiresAt = 0
    },
  }
}
