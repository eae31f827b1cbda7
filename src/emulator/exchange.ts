// GET /copilot_internal/v2/token on the API host: exchanges a GitHub token for a short-lived Copilot token.
import { lifetimeSeconds, refreshSeconds } from './seats.ts'
import { json } from './reply.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat, SeatState } from './types.ts'
import type { World } from './world.ts'

export function exchange (world: World, request: RecordedRequest): Reply {
  const seat = readSeat(world, request)
  if ('status' in seat) return seat
  const refusal = refusalOf(world, seat)
  if (refusal !== null) return refusal
  const { token, issuedAt, api } = world.seats.issue(seat)
  const expiresAt = Math.floor(issuedAt / 1000) + lifetimeSeconds
  const free = seat.kind === 'free'
  return json(200, {
    agent_mode_auto_approval: true,
    annotations_enabled: true,
    azure_only: false,
    blackbird_clientside_indexing: false,
    chat_enabled: true,
    chat_jetbrains_enabled: true,
    code_quote_enabled: true,
    code_review_enabled: true,
    codesearch: true,
    copilotignore_enabled: false,
    ...(api === null ? {} : { endpoints: endpointsOf(seat, api) }),
    enterprise_list: null,
    expires_at: expiresAt,
    individual: seat.plan === 'individual',
    limited_user_quotas: free ? { chat: Math.floor(seat.quota.remaining), completions: 4000 } : null,
    limited_user_reset_date: free ? expiresAt + 864_000 : null,
    organization_list: [],
    prompt_8k: true,
    public_suggestions: 'disabled',
    refresh_in: refreshSeconds,
    sku: seat.sku,
    snippy_load_test_enabled: false,
    telemetry: 'disabled',
    token,
    tracking_id: token.slice(4, 36),
    vsc_electron_fetcher_v2: false,
    xcode: true,
    xcode_chat: false,
  })
}

/** Counts every attempt at an exchange, also those that an injected fault answers. */
export function countExchange (world: World, request: RecordedRequest): void {
  if (request.host !== 'github-api' || request.path !== '/copilot_internal/v2/token') return
  const seat = world.seats.find(githubToken(request))
  if (seat !== undefined) seat.exchanges++
}

/** The seat of a GitHub token, or api.github.com's refusal. */
export function readSeat (world: World, request: RecordedRequest): Seat | Reply {
  if (world.strict.userAgent && (request.headers['user-agent'] ?? '').trim() === '') {
    return { status: 403, headers: { 'content-type': 'text/html' },
      body: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.\n' }
  }
  const token = githubToken(request)
  if (/^(?:ghp_|github_pat_)/.test(token)) return dotcom(403, 'Resource not accessible by personal access token')
  if (token.startsWith('ghs_')) return dotcom(403, 'Resource not accessible by integration')
  const seat = world.seats.find(token)
  return seat === undefined || seat.state === 'revoked' ? dotcom(401, 'Bad credentials') : seat
}

export function githubToken (request: RecordedRequest): string {
  return /^(?:token|bearer) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

/** The reason why an account may not use Copilot, as both internal endpoints report it. */
export function refusalOf (world: World, seat: Seat): Reply | null {
  const refusals: Partial<Record<SeatState, () => Reply>> = {
    'wrong-app': () => dotcom(404, 'Not Found'),
    'rate-limited': () => rateLimited(world.now()),
    'no-seat': () =>
      denied('no_copilot_access', `No access to GitHub Copilot found. You are currently logged in as ${seat.login}.`),
    policy: () => denied('feature_flag_blocked', 'Contact your organization administrator to enable Copilot.'),
    'access-revoked': () => denied('access_revoked', 'Your access to GitHub Copilot has been suspended.'),
  }
  return refusals[seat.state]?.() ?? null
}

export function dotcom (status: number, message: string, headers: Record<string, string> = {}): Reply {
  return json(status, { documentation_url: 'https://docs.github.com/rest', message, status: String(status) }, headers)
}

function rateLimited (now: number): Reply {
  return dotcom(403, 'API rate limit exceeded for user ID 1.', { 'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(now / 1000) + 1800) })
}

function denied (notification: string, message: string): Reply {
  return json(403, {
    can_signup_for_limited: notification === 'no_copilot_access',
    error_details: { message, notification_id: notification, title: 'Signup for GitHub Copilot',
      url: 'https://github.com/github-copilot/signup?editor={EDITOR}' },
    message: 'Resource not accessible by integration',
  })
}

/** The four hosts of a plan. Only the first is this emulator. */
export function endpointsOf (seat: Seat, api: string): Record<string, string> {
  const host = (name: string): string => `https://${name}.${seat.plan}.githubcopilot.com`
  return { api, 'origin-tracker': host('origin-tracker'), proxy: host('proxy'), telemetry: host('telemetry') }
}
