// Headers with a meaning of their own: those of replies, and those of requests, apart from HTTP's own.
import { maxUsernameLength, usernameForm } from '../auth/account.ts'
import { accountType } from '../config.ts'
import type { Json } from './shape.ts'

const text = { type: 'string' } as const
const seconds = { type: 'string', description: 'Seconds, or an HTTP date.' } as const

export const replyHeaders = {
  'x-request-id': { description: 'Names the request in the log. On every reply.',
    schema: { type: 'string', format: 'uuid' } },
  'request-id': { description: "The same, where Anthropic's clients look for it.",
    schema: { type: 'string', format: 'uuid' } },
  'x-copilot-initiator': {
    description: 'Whether a person (`user`) or an agent caused the request; Copilot counts the former.',
    schema: { enum: ['user', 'agent'] },
  },
  'x-copilot-upstream': { description: 'The endpoint of Copilot that was asked.',
    schema: { enum: ['/chat/completions', '/responses', '/v1/messages', '/embeddings'] } },
  'x-proxy-dropped': { description: 'Fields of the request that were lost or weakened, separated by commas.',
    schema: text },
  'x-token-count': { description: 'Who counted.', schema: { enum: ['upstream', 'tokenizer', 'estimate'] } },
  'retry-after': { description: 'When to try again.', schema: seconds },
  'retry-after-ms': { description: 'When to try again, in milliseconds, from upstream.', schema: text },
  'x-should-retry': { description: "`false` with 401, 402, 403 and a used-up quota: vendors' SDKs do not try again.",
    schema: { const: 'false' } },
  'x-github-request-id': { description: "GitHub's name for the request, for their support.", schema: text },
  'x-quota-snapshot-chat': {
    description: 'The rest of a quota, from upstream, as every header that begins with `x-quota-snapshot-`.',
    schema: text,
  },
  'x-quota-snapshot-completions': { description: 'As `x-quota-snapshot-chat`.', schema: text },
  'x-quota-snapshot-premium_interactions': { description: 'As `x-quota-snapshot-chat`.', schema: text },
  'x-quota-snapshot-premium_models': { description: 'As `x-quota-snapshot-chat`.', schema: text },
  'x-ratelimit-exceeded': {
    description: "Which of Copilot's limits was hit, from upstream, as every header that begins with `x-ratelimit-` "
      + 'or `x-usage-ratelimit-`.',
    schema: text,
  },
  'x-usage-ratelimit-session': { description: 'The rest of a limit over five hours, from upstream.', schema: text },
  'x-usage-ratelimit-weekly': { description: 'The rest of a weekly limit, from upstream.', schema: text },
  'x-accel-buffering': { description: 'On streams: tells nginx not to buffer.', schema: { const: 'no' } },
  'allow': { description: 'The methods of the route.', schema: text },
  'upgrade': { description: 'The protocol to use instead.', schema: { const: 'HTTP/1.1' } },
  'location': { description: '`/?status=<state>`: the page that shows the state.', schema: text },
  'set-cookie': { description: "The cookie of a page's session.", schema: text },
  'www-authenticate': { description: 'The authentication scheme of the route.', schema: { const: 'Bearer' } },
} as const satisfies Readonly<Record<string, { readonly description: string, readonly schema: Json }>>

export const requestHeaders = {
  'x-copilot-account-type': {
    description: 'The account type whose host is used, such as `business`; `ACCOUNT_TYPES` may limit which.',
    schema: { type: 'string', pattern: accountType.source, maxLength: 63 },
  },
  'x-copilot-seat': {
    description: 'The linked GitHub account to use. On every route below a user name; without it, `default`.',
    schema: { type: 'string', pattern: usernameForm.source, maxLength: maxUsernameLength },
  },
  'x-proxy-strict': {
    description: '`1`: if the translation would drop or weaken a field, the answer is a 400 that names it.',
    schema: { enum: ['1'] },
  },
  'anthropic-version': { description: "Part of Anthropic's API. Any value is accepted.", schema: text },
  'anthropic-beta': { description: "Anthropic's betas, separated by commas. Those that Copilot knows are passed on.",
    schema: text },
} as const satisfies Readonly<Record<string, { readonly description: string, readonly schema: Json }>>

export type ReplyHeader = keyof typeof replyHeaders
export type RequestHeader = keyof typeof requestHeaders
