// Headers that mean something here: those of replies, and those of requests that are more than HTTP's own.
import { accountType } from '../config.ts'
import type { Json } from './types.ts'

const text = { type: 'string' } as const
const seconds = { type: 'string', description: 'Seconds, or a date of HTTP.' } as const

export const replyHeaders = {
  'x-request-id': { description: 'Names the request in the log. On every reply.', schema: { type: 'string', format: 'uuid' } },
  'request-id': { description: 'The same, where Anthropic\'s clients look for it.', schema: { type: 'string', format: 'uuid' } },
  'x-copilot-initiator': { description: 'Whether Copilot was told that a person (`user`) or an agent asked; it counts the former.', schema: { enum: ['user', 'agent'] } },
  'x-copilot-upstream': { description: 'The endpoint of Copilot that was asked.', schema: { enum: ['/chat/completions', '/responses', '/v1/messages', '/embeddings'] } },
  'x-proxy-dropped': { description: 'Fields of the request that could not be carried, separated by commas.', schema: text },
  'x-token-count': { description: 'Who counted.', schema: { enum: ['upstream', 'tokenizer', 'estimate'] } },
  'retry-after': { description: 'When to try again.', schema: seconds },
  'retry-after-ms': { description: 'When to try again, in milliseconds, as upstream sent it.', schema: text },
  'x-should-retry': { description: '`false`: vendors\' SDKs do not try again.', schema: { const: 'false' } },
  'x-github-request-id': { description: 'GitHub\'s name for the request, for their support.', schema: text },
  'x-quota-snapshot-chat': { description: 'What is left of a quota, as upstream sent it; so is every header that begins with `x-quota-snapshot-`.', schema: text },
  'x-quota-snapshot-premium_interactions': { description: 'As `x-quota-snapshot-chat`.', schema: text },
  'x-quota-snapshot-premium_models': { description: 'As `x-quota-snapshot-chat`.', schema: text },
  'x-ratelimit-exceeded': { description: 'Which of Copilot\'s limits was hit, as upstream sent it; so is every header that begins with `x-ratelimit-` or `x-usage-ratelimit-`.', schema: text },
  'x-accel-buffering': { description: 'On streams: nginx is to hand on every piece at once.', schema: { const: 'no' } },
  'allow': { description: 'The methods of the route.', schema: text },
  'upgrade': { description: 'The protocol to use instead.', schema: { const: 'HTTP/1.1' } },
  'location': { description: '`/?status=<state>`: the page that tells it.', schema: text },
  'www-authenticate': { description: 'The scheme that is asked for.', schema: { const: 'Bearer' } },
} as const satisfies Readonly<Record<string, { readonly description: string, readonly schema: Json }>>

export const requestHeaders = {
  'x-copilot-account-type': { description: 'The kind of account whose host is asked, such as `business`; `ACCOUNT_TYPES` may limit which.', schema: { type: 'string', pattern: accountType.source, maxLength: 63 } },
  'x-proxy-strict': { description: '`1`: what would be dropped or weakened in translation is a 400 that names the field.', schema: { enum: ['1'] } },
  'anthropic-version': { description: 'Of Anthropic\'s API; taken as it is.', schema: text },
  'anthropic-beta': { description: 'Anthropic\'s betas, separated by commas; those that Copilot knows go on.', schema: text },
} as const satisfies Readonly<Record<string, { readonly description: string, readonly schema: Json }>>

export type ReplyHeader = keyof typeof replyHeaders
export type RequestHeader = keyof typeof requestHeaders
