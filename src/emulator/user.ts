// GET /user and GET /copilot_internal/user: the account of a GitHub token, and the rest of its quotas.
import { creditQuotas } from './credits.ts'
import { endpointsOf, readSeat, refusalOf } from './exchange.ts'
import { json } from './reply.ts'
import { percentRemaining, resetAt } from './quota.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

export function githubUser (world: World, request: RecordedRequest): Reply {
  const seat = readSeat(world, request)
  if ('status' in seat) return seat
  return json(200, { avatar_url: 'https://avatars.githubusercontent.com/u/1', id: 1, login: seat.login, name: null,
    type: 'User' })
}

export function copilotUser (world: World, request: RecordedRequest): Reply {
  const seat = readSeat(world, request)
  if ('status' in seat) return seat
  return refusalOf(world, seat) ?? json(200, { ...common(world, seat), ...quotas(world, seat) })
}

function common (world: World, seat: Seat): object {
  const business = seat.plan !== 'individual'
  return {
    access_type_sku: seat.sku,
    analytics_tracking_id: '0123456789abcdef0123456789abcdef',
    assigned_date: '2025-10-17T08:51:52+02:00',
    can_signup_for_limited: false,
    chat_enabled: true,
    codex_agent_enabled: true,
    copilot_plan: seat.plan,
    copilotignore_enabled: business,
    ...(seat.endpointsApi === null
      ? {}
      : { endpoints: endpointsOf(seat, seat.endpointsApi ?? `${world.origin}/plan/${seat.plan}`) }),
    is_mcp_enabled: true,
    login: seat.login,
    organization_list: business ? [{ login: 'acme', name: 'Acme Inc' }] : [],
    organization_login_list: business ? ['acme'] : [],
    restricted_telemetry: false,
  }
}

/** The quota fields of the reply: snapshots for paid plans, counts of its own for Free, none for some accounts. */
function quotas (world: World, seat: Seat): object {
  const reset = new Date(resetAt(world.now())).toISOString()
  const remaining = Math.floor(seat.quota.remaining)
  if (seat.kind === 'bare') return {}
  if (seat.kind === 'credits') return creditQuotas(seat, resetAt(world.now()))
  if (seat.kind === 'free') {
    return { limited_user_quotas: { chat: remaining, completions: 4000 }, limited_user_reset_date: reset.slice(0, 10),
      limited_user_subscribed_day: 1, monthly_quotas: { chat: seat.quota.entitlement, completions: 4000 } }
  }
  const stamp = { timestamp_utc: new Date(world.now()).toISOString() }
  const unlimited = { entitlement: 0, overage_count: 0, overage_permitted: false, percent_remaining: 100,
    quota_remaining: 0, remaining: 0, unlimited: true }
  return {
    quota_reset_date: reset.slice(0, 10),
    quota_reset_date_utc: reset,
    quota_snapshots: {
      chat: { ...unlimited, quota_id: 'chat', ...stamp },
      completions: { ...unlimited, quota_id: 'completions', ...stamp },
      premium_interactions: { entitlement: seat.quota.entitlement, overage_count: seat.quota.overage,
        overage_permitted: seat.quota.overagePermitted, percent_remaining: percentRemaining(seat),
        quota_id: 'premium_interactions', quota_remaining: seat.quota.remaining, remaining, unlimited: false,
        ...stamp },
    },
  }
}
