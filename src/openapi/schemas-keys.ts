// Schemas of the keys' routes.
import { maxEntryModels, maxEntryName } from '../auth/contents.ts'
import { usageColumns, usageFields } from '../handlers/usage-history.ts'
import { ref, shape, textSchema, type Json } from './shape.ts'

const time = { type: ['string', 'null'], format: 'date-time' }
const limits: Json = {
  expires_at: time,
  models: { type: ['array', 'null'], items: textSchema, minItems: 1, maxItems: maxEntryModels,
    description: 'Ids from `/v1/models`.' },
  monthly_credits: { type: ['number', 'null'], minimum: 0, description: 'AI credits in a month (UTC).' },
  seat: { type: ['string', 'null'], description: 'The only seat of the key.' },
}
const orNull = { type: ['string', 'null'] }
const seatFields: Json = { name: textSchema, login: orNull, plan: orNull,
  problem: { ...orNull, description: 'Why GitHub does not show this seat.' } }
const fields: Json = { name: { type: 'string', minLength: 1, maxLength: maxEntryName }, ...limits }

export const keySchemas = {
  Key: shape({ id: textSchema, name: textSchema, created_at: { type: 'string', format: 'date-time' }, ...limits,
    last_used_day: { type: ['string', 'null'], format: 'date' }, credits_used: { type: 'number' } }),
  Keys: shape({ object: { const: 'list' }, data: { type: 'array', items: ref('schemas', 'Key') } }),
  NewKey: {
    allOf: [ref('schemas', 'Key'), shape({ key: { type: 'string', pattern: '^acpk-[a-z0-9]{8}-[a-z0-9]{32}$' } })],
  },
  KeyRequest: shape(fields, ['name']),
  KeyChange: shape(fields, []),
  SignIn: shape({ username: textSchema, password: textSchema, device_code: textSchema, remember: { type: 'boolean' } },
    []),
  SignInCode: shape({ code: textSchema, expires_at: textSchema, link: textSchema }),
  PageSession: shape({ username: orNull, device: orNull, expires_at: orNull }),
  SignedOut: shape({ status: { const: 'signed-out' } }),
  Devices: shape({ object: { const: 'list' },
    data: { type: 'array',
      items: shape({ id: textSchema, name: textSchema, remembered: { type: 'boolean' }, created_at: textSchema,
        last_used_day: { type: ['string', 'null'], format: 'date' }, expires_at: { type: ['string', 'null'] },
        current: { type: 'boolean' } }) } }),
  UsageHistory: shape({ object: { const: 'list' }, from: textSchema, to: textSchema,
    by: { type: 'array', items: textSchema }, kept_days: { type: 'integer' }, data: { type: 'array', items: shape({
      ...Object.fromEntries(usageColumns.map(name => [name, textSchema])),
      ...Object.fromEntries(usageFields.map(name => [name, { type: 'number' }])),
    }, usageFields) } }),
  SeatLink: shape({ token: textSchema }),
  LinkedSeat: shape(seatFields),
  Seats: shape({ object: { const: 'list' }, data: { type: 'array', items: ref('schemas', 'LinkedSeat') } }),
  SavedSeat: shape({ ...seatFields, status: { enum: ['saved', 'saved-unchecked'] } }),
  SeatRemoved: shape({ name: textSchema, deleted: { const: true } }),
  KeyDeleted: shape({ id: textSchema, deleted: { const: true } }),
} as const
