// Schemas of this proxy's own answers: accounts, operations, errors. Values that the code has as constants are imported
// from it.
import { maxUsernameLength, passwordForm, reserved, usernameForm } from '../auth/account.ts'
import { statusOf, statusOfState, upstreamStatusOf } from '../errors.ts'
import { goodStates, toState } from '../handlers/account-form.ts'
import { gitHubTokenForm } from '../upstream/secrets.ts'
import { adminSchemas } from './schemas-admin.ts'
import { apiSchemas } from './schemas-api.ts'
import { witnessSchemas } from './schemas-witness.ts'
import { shape, textSchema } from './shape.ts'

export const username = { type: 'string', pattern: usernameForm.source, maxLength: maxUsernameLength,
  not: { enum: [...reserved] } }
const password = { type: 'string', format: 'password', pattern: passwordForm.source }
const token = { type: 'string', pattern: gitHubTokenForm.source,
  description: 'Of GitHub: `gho_…`, `ghu_…` or `github_pat_…`.' }
const state = { enum: goodStates }

/** Examples from the code tables. Upstream may send any other code. */
const code = { type: 'string', examples: Object.keys({ ...statusOf, ...upstreamStatusOf }) }

const ownSchemas = {
  SaveUser: shape({ username, password, token,
    code: { type: 'string', description: 'Of an invite, or where `REGISTRATION=code`.' } }, ['username', 'password',
    'token']),
  ChangePassword: shape({ username, password, new_password: password }, ['username', 'password', 'new_password']),
  DeleteUser: shape({ username: textSchema, password: { type: 'string', format: 'password' } }, ['username',
    'password']),
  Saved: shape({ username, status: state }),
  Deleted: shape({ status: { const: 'deleted' } }),
  DeviceCode: shape({ device_code: textSchema, user_code: textSchema,
    verification_uri: { type: 'string', format: 'uri' }, expires_in: { type: 'number', description: 'Seconds.' },
    interval: { type: 'number', description: 'Seconds between two polls.' } }),
  DevicePoll: shape({ device_code: { type: 'string', pattern: '^[A-Za-z0-9_-]{20,64}$' } }),
  DeviceToken: shape({ access_token: textSchema, token_type: textSchema, scope: textSchema }, ['access_token']),
  DeviceState: shape({ status: textSchema, error: textSchema, error_description: textSchema,
    interval: { type: 'number' } }, ['status', 'error']),
  Health: shape({ status: { enum: ['ok', 'draining'] } }),
  Readiness: shape({ status: { enum: ['ok', 'draining', 'kv-missing', 'store-unavailable'] },
    store: { enum: ['cloudflare-kv', 'sqlite', 'valkey', 'memory'] },
    hot_state: { enum: ['memory', 'sqlite', 'valkey', 'durable-object'] },
    registration: { enum: ['open', 'code', 'closed'] }, version: textSchema, demo: { const: true } }, ['status',
    'store', 'hot_state', 'registration', 'version']),
  Page: { type: 'string' },
  Document: shape({ openapi: textSchema, info: { type: 'object' }, paths: { type: 'object' } }),
  OpenAiError: shape({
    error: shape({ message: textSchema, type: textSchema, param: { type: ['string', 'null'] }, code }),
  }),
  AnthropicError: shape({ type: { const: 'error' }, error: shape({ type: textSchema, message: textSchema }),
    request_id: textSchema }),
  GoogleError: shape({
    error: shape({ code: { type: 'integer' }, message: textSchema, status: textSchema,
      details: { type: 'array', items: { type: 'object' } } }, ['code', 'message', 'status']),
  }),
  AccountError: shape({
    status: {
      enum: [
        ...new Set([...Object.keys(statusOfState), ...Object.keys(statusOf).map(toState),
          ...Object.keys(upstreamStatusOf).map(toState)]),
      ],
    },
    error: shape({ message: textSchema, code: textSchema }),
  }),
  AdminError: shape({ error: shape({ message: textSchema, code }) }),
} as const

export const schemas = { ...ownSchemas, ...apiSchemas, ...witnessSchemas, ...adminSchemas }
export type SchemaName = keyof typeof schemas
