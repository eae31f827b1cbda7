// Schemas of the keys' routes.
import { maxEntryModels, maxEntryName } from '../auth/contents.ts'
import { ref, shape, textSchema, type Json } from './shape.ts'

const time = { type: ['string', 'null'], format: 'date-time' }
const limits: Json = {
  expires_at: time,
  models: { type: ['array', 'null'], items: textSchema, minItems: 1, maxItems: maxEntryModels,
    description: 'Ids from `/v1/models`.' },
  monthly_credits: { type: ['number', 'null'], minimum: 0, description: 'AI credits in a month (UTC).' },
  seat: { type: ['string', 'null'] },
}
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
  SignIn: shape({ username: textSchema, password: textSchema, remember: { type: 'boolean' } }, ['username',
    'password']),
  PageSession: shape({ username: textSchema, device: textSchema, expires_at: textSchema }),
  SignedOut: shape({ status: { const: 'signed-out' } }),
  Devices: shape({ object: { const: 'list' },
    data: { type: 'array',
      items: shape({ id: textSchema, name: textSchema, remembered: { type: 'boolean' }, created_at: textSchema,
        last_used_day: { type: ['string', 'null'], format: 'date' }, expires_at: { type: ['string', 'null'] },
        current: { type: 'boolean' } }) } }),
  KeyDeleted: shape({ id: textSchema, deleted: { const: true } }),
} as const
