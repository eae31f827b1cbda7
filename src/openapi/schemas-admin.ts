// Schemas of the operator's routes.
import { inviteHours } from '../handlers/invites.ts'
import { usageFields } from '../handlers/usage-history.ts'
import { shape, textSchema, type Json } from './shape.ts'

const day = { type: ['string', 'null'], format: 'date' }
const time = { type: 'string', format: 'date-time' }
const timeOrNull = { type: ['string', 'null'], format: 'date-time' }
const textOrNull = { type: ['string', 'null'] }
const whole = { type: 'integer' }
const list = (items: Json) => ({ object: { const: 'list' }, data: { type: 'array', items } })
const invite = { id: textSchema, expires_at: time }

export const adminSchemas = {
  AdminSignIn: shape({ token: { type: 'string', format: 'password' } }),
  AdminSession: shape({ expires_at: time }),
  Status: shape({
    version: textSchema,
    registration: { enum: ['open', 'code', 'closed'] },
    started_at: time,
    store: shape({ kind: { enum: ['cloudflare-kv', 'sqlite', 'valkey', 'memory'] },
      status: { enum: ['ok', 'kv-missing', 'store-unavailable'] } }),
    upstream: { type: 'array',
      items: shape({ name: { enum: ['github', 'github-api', 'copilot-api'] },
        status: { enum: ['ok', 'failing', 'unreachable'] }, ms: whole }) },
    can_back_up: { type: 'boolean' },
  }),
  Users: shape({ object: { const: 'list' },
    users: { type: 'array',
      items: shape({ username: textSchema, created: day, last_used: day,
        keys: { type: ['array', 'null'], description: 'Null if the record cannot be read.',
          items: shape({ id: textSchema, name: textSchema, last_used_day: day, expires_at: timeOrNull }) } }) },
    next: { type: ['string', 'null'], description: 'The `after` value of the next page.' } }),
  Expelled: shape({ username: textSchema, status: { const: 'deleted' } }),
  UsageOfAll: shape({
    ...list(
      shape({ user: textSchema, model: textSchema,
        ...Object.fromEntries(usageFields.map(name => [name, { type: 'number' }])) }, ['user', 'model',
        ...usageFields]),
    ),
    from: day,
    to: day,
  }),
  NewInvite: shape({
    expires_in_hours: { type: 'number', minimum: inviteHours.least, maximum: inviteHours.most,
      default: inviteHours.usual },
  }, []),
  CreatedInvite: shape({ ...invite, code: textSchema }),
  Invites: shape(list(shape({ ...invite, created_at: time }))),
  RecentErrors: shape(
    list(
      shape({ at: time, level: { enum: ['warn', 'error'] }, message: textSchema, event: textOrNull, code: textOrNull,
        status: { type: ['integer', 'null'] }, type: textOrNull, user: textOrNull, request_id: textOrNull }),
    ),
  ),
  Backup: { type: 'string', format: 'binary' },
  Metrics: { type: 'string', description: 'Prometheus text.' },
} as const
