// Accounts and their Copilot tokens. The server's clock decides when a token expires.
import { alphanumeric, hex } from './random.ts'
import type { Seat } from './types.ts'
import type { Strictness } from './strictness.ts'

/** Lifetimes of a Copilot token, in seconds. */
export const lifetimeSeconds = 1800
export const refreshSeconds = 1500

export interface CopilotToken {
  readonly token: string
  readonly seat: Seat
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Null if the reply named no host. */
  readonly api: string | null
  expired: boolean
}

export interface Seats {
  readonly add: (seat?: Partial<Seat>) => Seat
  readonly find: (githubToken: string) => Seat | undefined
  readonly issue: (seat: Seat) => CopilotToken
  /** 'expired' for a token that was valid once. */
  readonly check: (token: string) => CopilotToken | 'expired' | 'unknown'
  readonly expireAll: () => void
}

interface SeatsOptions {
  now: () => number
  strict: Strictness
  origin: () => string
}

export function createSeats ({ now, strict, origin }: SeatsOptions): Seats {
  const seats = new Map<string, Seat>()
  const tokens = new Map<string, CopilotToken>()

  return {
    add (given = {}) {
      const seat = createSeat(given, seats.size + 1)
      seats.set(seat.githubToken, seat)
      return seat
    },
    find: githubToken => seats.get(githubToken),
    issue (seat) {
      const issuedAt = now()
      const api = seat.endpointsApi === undefined ? `${origin()}/plan/${seat.plan}` : seat.endpointsApi
      const issued = { token: mint(seat, issuedAt), seat, issuedAt, api, expired: false }
      tokens.set(issued.token, issued)
      seat.tokensIssued.push(issued.token)
      return issued
    },
    check (token) {
      const found = tokens.get(token)
      if (found === undefined) return 'unknown'
      const seconds = strict.refresh ? refreshSeconds + 60 : lifetimeSeconds
      return found.expired || now() >= found.issuedAt + seconds * 1000 ? 'expired' : found
    },
    expireAll () {
      for (const token of tokens.values()) token.expired = true
    },
  }
}

function createSeat (given: Partial<Seat>, number: number): Seat {
  const kind = given.kind ?? 'paid'
  return {
    githubToken: `ghu_${alphanumeric(36)}`,
    login: number === 1 ? 'octocat' : `octocat-${number}`,
    kind,
    state: 'ok',
    plan: 'individual',
    sku: { free: 'free_limited_copilot', student: 'free_educational_quota' }[kind as string] ?? 'yearly_subscriber',
    endpointsApi: undefined,
    strictHost: true,
    quota: kind === 'free'
      ? { entitlement: 500, remaining: 480, overage: 0, overagePermitted: false }
      : kind === 'credits'
      ? { entitlement: 1900, remaining: 1900, overage: 0, overagePermitted: false }
      : { entitlement: 300, remaining: kind === 'negative' ? -1 : 213.6, overage: 0,
        overagePermitted: kind === 'negative' },
    autoOnly: kind === 'student',
    models: null,
    copilotRequests: true,
    nanoAiu: 0,
    exchanges: 0,
    tokensIssued: [],
    charges: [],
    policies: new Map(),
    ...given,
  }
}

/** Fields and a MAC, like a real token. Readers must ignore fields that they do not know. */
function mint (seat: Seat, issuedAt: number): string {
  const iat = Math.floor(issuedAt / 1000)
  const values = { tid: hex(32), exp: iat + lifetimeSeconds, iat, sku: seat.sku,
    'proxy-ep': `proxy.${seat.plan}.githubcopilot.com`, st: 'dotcom', chat: 1, cit: 1, malfil: 1,
    editor_preview_features: 1, agent_mode: 1, mcp: 1, ccr: 1, '8kp': 1, ip: '203.0.113.7', asn: 'AS64500' }
  return `${Object.entries(values).map(([key, value]) => `${key}=${value}`).join(';')}:${hex(64)}`
}
