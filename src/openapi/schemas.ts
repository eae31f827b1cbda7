// Schemas of what this proxy says in words of its own: accounts, operations, errors. Whatever the code knows as a constant
// comes from there.
import { maxUsernameLength, passwordForm, reserved, usernameForm } from '../auth/account.ts'
import { statusOf, statusOfState, upstreamStatusOf } from '../errors.ts'
import { goodStates, toState } from '../handlers/account-form.ts'
import { gitHubTokenForm } from '../upstream/secrets.ts'
import { apiSchemas } from './schemas-api.ts'
import { shape, text } from './shape.ts'

export const username = { type: 'string', pattern: usernameForm.source, maxLength: maxUsernameLength, not: { enum: [...reserved] } }
const password = { type: 'string', format: 'password', pattern: passwordForm.source }
const token = { type: 'string', pattern: gitHubTokenForm.source, description: 'Of GitHub: `gho_…` or `ghu_…`.' }
const state = { enum: goodStates }
const day = { type: ['string', 'null'], format: 'date' }

/** Of the codes in the tables first; upstream's own are as many as it likes. */
const code = { type: 'string', examples: Object.keys({ ...statusOf, ...upstreamStatusOf }) }

const ownSchemas = {
  SaveUser: shape({ username, password, token, code: { type: 'string', description: 'Where `REGISTRATION=code`.' } }, ['username', 'password', 'token']),
  ChangePassword: shape({ username, password, new_password: password }, ['username', 'password', 'new_password']),
  DeleteUser: shape({ username: text, password: { type: 'string', format: 'password' } }, ['username', 'password']),
  Saved: shape({ username, status: state }),
  Deleted: shape({ status: { const: 'deleted' } }),
  DeviceCode: shape({ device_code: text, user_code: text, verification_uri: { type: 'string', format: 'uri' }, expires_in: { type: 'number', description: 'Seconds.' }, interval: { type: 'number', description: 'Seconds between two polls.' } }),
  DevicePoll: shape({ device_code: { type: 'string', pattern: '^[A-Za-z0-9_-]{20,64}$' } }),
  DeviceToken: shape({ access_token: text, token_type: text, scope: text }, ['access_token']),
  DeviceState: shape({ status: text, error: text, error_description: text, interval: { type: 'number' } }, ['status', 'error']),
  Health: shape({ status: { const: 'ok' } }),
  Readiness: shape({ status: { enum: ['ok', 'draining', 'kv-missing', 'store-unavailable'] }, store: { enum: ['cloudflare-kv', 'sqlite', 'memory'] }, registration: { enum: ['open', 'code', 'closed'] }, version: text }),
  Users: shape({ object: { const: 'list' }, users: { type: 'array', items: shape({ username, created: day, last_used: day }) }, next: { type: ['string', 'null'], description: 'The `after` of the next page.' } }),
  Expelled: shape({ username, status: { const: 'deleted' } }),
  Metrics: { type: 'string', description: 'Prometheus text.' },
  Page: { type: 'string' },
  Document: shape({ openapi: text, info: { type: 'object' }, paths: { type: 'object' } }),
  OpenAiError: shape({ error: shape({ message: text, type: text, param: { type: ['string', 'null'] }, code }) }),
  AnthropicError: shape({ type: { const: 'error' }, error: shape({ type: text, message: text }), request_id: text }),
  AccountError: shape({
    status: { enum: [...new Set([...Object.keys(statusOfState), ...Object.keys(statusOf).map(toState), ...Object.keys(upstreamStatusOf).map(toState)])] },
    error: shape({ message: text, code: text }),
  }),
  AdminError: shape({ error: shape({ message: text, code }) }),
} as const

export const schemas = { ...ownSchemas, ...apiSchemas }
export type SchemaName = keyof typeof schemas
